import sharp, { type Sharp } from "sharp";
import { FoveaError } from "../core/index.ts";
import type { Picture } from "./picture.ts";

/**
 * A sharp pipeline that reads a picture in memory.
 *
 * @throws `picture-size` where the data does not have `height × width × 3` bytes
 */
export function openPicture(picture: Picture): Sharp {
  const { width, height, data } = picture;
  if (data.byteLength !== width * height * 3) {
    throw new FoveaError(
      "picture-size",
      `A picture of ${width}×${height} pixels needs ${width * height * 3} bytes of RGB, but \`data\` has ${data.byteLength}.`,
    );
  }
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
