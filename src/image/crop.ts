import { FoveaError } from "../core/index.ts";
import type { Picture } from "./picture.ts";
import { requirePicture } from "./require-picture.ts";

/**
 * The part of a picture under a box, grown to whole pixels and clipped to the picture.
 *
 * @param box corners `[x1, y1, x2, y2]` in pixels
 * @throws `crop-empty` where the box does not touch the picture, or is not a box; `picture-size`
 */
export function cropPicture(
  picture: Picture,
  box: readonly [x1: number, y1: number, x2: number, y2: number],
): Picture {
  requirePicture(picture);
  const [x1, y1, x2, y2] = box;
  const left = Math.max(0, Math.floor(x1));
  const top = Math.max(0, Math.floor(y1));
  const width = Math.min(picture.width, Math.ceil(x2)) - left;
  const height = Math.min(picture.height, Math.ceil(y2)) - top;
  if (!(width >= 1 && height >= 1)) {
    throw new FoveaError(
      "crop-empty",
      `cropPicture: \`box\` (=[${box.join(", ")}]) has no pixel in the picture of ${picture.width}×${picture.height}.`,
    );
  }
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * picture.width + left) * 3;
    data.set(picture.data.subarray(start, start + width * 3), y * width * 3);
  }
  return { width, height, data };
}
