import type { PictureSize } from "../../image/index.ts";
import type { Planes } from "./planes.ts";

/**
 * A picture on a larger canvas, its mirror image around it; of small pictures the image repeats.
 *
 * @param border pixels between the canvas' left and top edge and the picture's; what is left is to the right and below
 */
export function framePlanes({ width, height, data }: Planes, canvas: PictureSize, border: number): Planes {
  const channels = data.length / (width * height);
  const framed = new Float32Array(channels * canvas.width * canvas.height);
  const columns = Array.from({ length: canvas.width }, (_, x) => mirrored(x - border, width));
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < canvas.height; y++) {
      const from = (c * height + mirrored(y - border, height)) * width;
      const to = (c * canvas.height + y) * canvas.width;
      for (const [x, column] of columns.entries()) framed[to + x] = data[from + column];
    }
  }
  return { width: canvas.width, height: canvas.height, data: framed };
}

/** Where a position beyond the ends falls when the ends are mirrors. */
function mirrored(at: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const within = ((at % period) + period) % period;
  return within < length ? within : period - within;
}

/** The part of a canvas that begins `border` pixels from its left and top edge. */
export function cropPlanes({ width, height, data }: Planes, size: PictureSize, border: number = 0): Planes {
  if (size.width === width && size.height === height) return { width, height, data };
  const channels = data.length / (width * height);
  const cropped = new Float32Array(channels * size.width * size.height);
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < size.height; y++) {
      const from = (c * height + y + border) * width + border;
      cropped.set(data.subarray(from, from + size.width), (c * size.height + y) * size.width);
    }
  }
  return { width: size.width, height: size.height, data: cropped };
}
