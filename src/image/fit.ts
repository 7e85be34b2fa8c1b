import { FoveaError } from "../core/index.ts";
import type { PictureSize } from "./picture.ts";

/** The largest whole size with `size`'s proportions that fits `bounds`, at least 1×1. */
export function fitWithin(size: PictureSize, bounds: PictureSize): PictureSize {
  const scale = Math.min(bounds.width / size.width, bounds.height / size.height);
  return {
    width: Math.min(bounds.width, Math.max(1, Math.round(size.width * scale))),
    height: Math.min(bounds.height, Math.max(1, Math.round(size.height * scale))),
  };
}

/** As `fitWithin`, but never larger than `size`. */
export function shrinkWithin(size: PictureSize, bounds: PictureSize): PictureSize {
  return size.width <= bounds.width && size.height <= bounds.height ? size : fitWithin(size, bounds);
}

/**
 * Refuses anything but whole numbers of at least 1.
 *
 * @param caller how the message begins, for example "resizePicture"
 * @throws `picture-size`
 */
export function checkSize(caller: string, sizes: Record<string, number>): void {
  for (const [name, value] of Object.entries(sizes)) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new FoveaError("picture-size", `${caller}: \`${name}\` (=${value}) must be a whole number ≥ 1.`);
  }
}
