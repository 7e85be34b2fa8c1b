import type { PictureSize } from "./picture.ts";

/** The largest whole size with `size`'s proportions that fits `bounds`, at least 1×1; `size` itself if it fits. */
export function inside(size: PictureSize, bounds: PictureSize): PictureSize {
  const scale = Math.min(1, bounds.width / size.width, bounds.height / size.height);
  return scaleSize(size, scale);
}

/** The largest whole size with `size`'s proportions that fits `bounds`, enlarged where there is room. */
export function fill(size: PictureSize, bounds: PictureSize): PictureSize {
  return scaleSize(size, Math.min(bounds.width / size.width, bounds.height / size.height));
}

function scaleSize(size: PictureSize, scale: number): PictureSize {
  return {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  };
}
