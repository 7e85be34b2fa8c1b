/**
 * Evenly spaced numbers from `start` to `stop`, both included, rounded as NumPy's `linspace` rounds them:
 * a recall or an IoU that is equal to a threshold must fall on the same side of it.
 */
function linspace(start: number, stop: number, count: number): Float64Array {
  const step = (stop - start) / (count - 1);
  const values = Float64Array.from({ length: count }, (_, i) => i * step + start);
  values[count - 1] = stop;
  return values;
}

/** IoU .50, .55 … .95. */
export const IOU_THRESHOLDS: Float64Array = linspace(0.5, 0.95, 10);

/** Recall 0, .01 … 1: where precision is sampled. */
export const RECALL_THRESHOLDS: Float64Array = linspace(0, 1, 101);

/** Object areas in square pixels, both ends included: all, small, medium, large. */
export const AREA_RANGES: readonly (readonly [low: number, high: number])[] = [
  [0, 1e10],
  [0, 32 ** 2],
  [32 ** 2, 96 ** 2],
  [96 ** 2, 1e10],
];
