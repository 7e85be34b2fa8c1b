import { enlarge } from "./enlarge.ts";
import { checkSize, fitWithin } from "./fit.ts";
import { openPicture, toPicture } from "./open-picture.ts";
import { paste } from "./paste.ts";
import type { Picture, Rgb } from "./picture.ts";
import { requirePicture } from "./require-picture.ts";

/** The grey that detectors are padded with by convention (YOLOv5). */
const PADDING_GREY = 114;

/**
 * A picture of exactly `width` × `height` pixels, proportions not kept. It is shrunk by Lanczos' filter,
 * widened so that nothing aliases, and enlarged by cubic convolution.
 *
 * @throws `picture-size`
 */
export async function resizePicture(picture: Picture, width: number, height: number): Promise<Picture> {
  checkSize("resizePicture", { width, height });
  requirePicture(picture);
  const shrunk = await shrink(picture, Math.min(width, picture.width), Math.min(height, picture.height));
  return width > shrunk.width || height > shrunk.height ? enlarge(shrunk, width, height) : shrunk;
}

async function shrink(picture: Picture, width: number, height: number): Promise<Picture> {
  if (width === picture.width && height === picture.height) return picture;
  return toPicture(openPicture(picture).resize(width, height, { fit: "fill" }));
}

/**
 * The picture resized with its proportions kept, centred on a ground of `width` × `height` pixels; of an odd
 * padding, the larger half goes right and below. It is placed as geometry's `letterbox` computes.
 *
 * @param fill colour of the padding, a grey or RGB, 0 to 255; 114 by default
 * @throws `picture-size`
 */
export async function letterboxPicture(
  picture: Picture,
  width: number,
  height: number,
  fill: number | Rgb = PADDING_GREY,
): Promise<Picture> {
  checkSize("letterboxPicture", { width, height });
  requirePicture(picture);
  const size = fitWithin(picture, { width, height });
  const content = await resizePicture(picture, size.width, size.height);
  const boxed = plainPicture(width, height, typeof fill === "number" ? [fill, fill, fill] : fill);
  const left = Math.floor((width - size.width) / 2);
  const top = Math.floor((height - size.height) / 2);
  paste(content, boxed, left, top);
  return boxed;
}

function plainPicture(width: number, height: number, color: Rgb): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i += 3) data.set(color, i);
  return { width, height, data };
}
