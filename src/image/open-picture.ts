import sharp, { type Sharp } from "sharp";
import type { Picture } from "./picture.ts";
import { requirePicture } from "./require-picture.ts";

/**
 * A sharp pipeline that reads a picture in memory.
 *
 * @throws `picture-size` where it is no picture
 */
export function openPicture(picture: Picture): Sharp {
  requirePicture(picture);
  const { width, height, data } = picture;
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Runs a pipeline and takes its pixels as RGB, blending what is transparent over white. */
export async function toPicture(pipeline: Sharp): Promise<Picture> {
  const { data, info } = await pipeline
    .flatten({ background: "white" })
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}
