import type { Picture } from "../../image/index.ts";

/** Whole pixels: left, top, right, bottom, the last two just outside. */
export type PixelBox = readonly [left: number, top: number, right: number, bottom: number];

/** A picture as a net sees it. */
export interface View {
  /** For people: RGB of the size of the net's input. */
  pixels: Picture;
  /** For the net: one picture's worth of its input. */
  values: Float32Array;
  /** The part of `pixels` that shows the picture, not what was padded around it. */
  content: PixelBox;
}

/** The common part of two boxes; undefined where there is none. */
export function intersect(a: PixelBox, b: PixelBox): PixelBox | undefined {
  const [left, top] = [Math.max(a[0], b[0]), Math.max(a[1], b[1])];
  const [right, bottom] = [Math.min(a[2], b[2]), Math.min(a[3], b[3])];
  return left < right && top < bottom ? [left, top, right, bottom] : undefined;
}
