import type { Picture } from "../image/index.ts";

/** Below so many pixels a picture is enlarged in whole squares, so that one sees each pixel. */
export const FEW_PIXELS = 24;

/** A picture enlarged without anything between its pixels: each is a rectangle. */
export function enlargeSquares({ width, height, data }: Picture, toWidth: number, toHeight: number): Picture {
  const result = new Uint8Array(3 * toWidth * toHeight);
  for (let y = 0; y < toHeight; y++) {
    for (let x = 0; x < toWidth; x++) {
      const from = 3 * (Math.floor((y * height) / toHeight) * width + Math.floor((x * width) / toWidth));
      result.set(data.subarray(from, from + 3), 3 * (y * toWidth + x));
    }
  }
  return { width: toWidth, height: toHeight, data: result };
}
