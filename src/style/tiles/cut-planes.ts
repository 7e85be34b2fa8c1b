import type { PictureSize } from "../../image/index.ts";

/** Where a rectangle lies. */
interface Place {
  x: number;
  y: number;
}

/** Copies a rectangle of planes `[channels, …]` into `into`, which has its size. */
export function cutPlanes(
  data: Float32Array,
  of: PictureSize,
  { x, y }: Place,
  size: PictureSize,
  into: Float32Array,
): void {
  const channels = data.length / (of.width * of.height);
  for (let c = 0; c < channels; c++) {
    for (let row = 0; row < size.height; row++) {
      const start = (c * of.height + y + row) * of.width + x;
      into.set(data.subarray(start, start + size.width), (c * size.height + row) * size.width);
    }
  }
}

/** Adds the planes of a rectangle to those of the whole. */
export function addPlanes(
  part: Float32Array,
  size: PictureSize,
  { x, y }: Place,
  of: PictureSize,
  into: Float32Array,
): void {
  const channels = into.length / (of.width * of.height);
  for (let c = 0; c < channels; c++) {
    for (let row = 0; row < size.height; row++) {
      const start = (c * of.height + y + row) * of.width + x;
      const from = (c * size.height + row) * size.width;
      for (let column = 0; column < size.width; column++) into[start + column] += part[from + column];
    }
  }
}
