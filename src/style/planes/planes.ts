import type { Picture } from "../../image/index.ts";

/** A picture as a net sees it: three planes, red, green, blue, in 0…1. */
export interface Planes {
  readonly width: number;
  readonly height: number;
  /** `[3, height, width]`. */
  readonly data: Float32Array;
}

export function toPlanes({ width, height, data }: Picture): Planes {
  const size = width * height;
  const planes = new Float32Array(3 * size);
  for (let i = 0; i < size; i++) for (let c = 0; c < 3; c++) planes[c * size + i] = data[3 * i + c] / 255;
  return { width, height, data: planes };
}

/** Rounded to bytes; what is outside 0…1 is clipped. */
export function toPicture({ width, height, data }: Planes): Picture {
  const size = width * height;
  const bytes = new Uint8ClampedArray(3 * size); // rounds and clips
  for (let i = 0; i < size; i++) for (let c = 0; c < 3; c++) bytes[3 * i + c] = 255 * data[c * size + i];
  return { width, height, data: new Uint8Array(bytes.buffer) };
}
