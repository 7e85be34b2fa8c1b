import { checkSize, fitWithin } from "./fit.ts";
import { openPicture, toPicture } from "./open-picture.ts";
import type { Picture, Rgb } from "./picture.ts";

/** The grey that detectors are padded with by convention (YOLOv5: 114). */
const PADDING_GREY = 114;

/**
 * A picture of exactly `width` × `height` pixels, proportions not kept (Lanczos, with averaging where it
 * shrinks, so that nothing aliases).
 *
 * @throws `picture-size`
 */
export async function resizePicture(picture: Picture, width: number, height: number): Promise<Picture> {
  checkSize("resizePicture", { width, height });
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
  const size = fitWithin(picture, { width, height });
  const left = Math.floor((width - size.width) / 2);
  const top = Math.floor((height - size.height) / 2);
  const [r, g, b] = typeof fill === "number" ? [fill, fill, fill] : fill;
  return toPicture(
    openPicture(picture)
      .resize(size.width, size.height, { fit: "fill" })
      .extend({
        left,
        top,
        right: width - size.width - left,
        bottom: height - size.height - top,
        background: { r, g, b },
      }),
  );
}
