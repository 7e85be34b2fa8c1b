import { FoveaError } from "../core/index.ts";

/** Boxes one after another as their corners: `[x1, y1, x2, y2, x1, …]`, shape [N, 4]. */
export type FlatBoxes = Float32Array | Float64Array | readonly number[];

/**
 * Number of boxes in a flat array.
 *
 * @throws FoveaError `boxes-not-flat` if its length is no multiple of four.
 */
export function countBoxes(boxes: FlatBoxes): number {
  if (boxes.length % 4 !== 0) {
    throw new FoveaError(
      "boxes-not-flat",
      `A flat array of boxes holds four numbers (x1, y1, x2, y2) a box, but its length (=${boxes.length}) is no multiple of 4.`,
    );
  }
  return boxes.length / 4;
}
