import { FoveaError, type Tensor } from "../../core/index.ts";
import type { SlidingClassifier, SlidingCost } from "./sliding-classifier.ts";

/** Both ways of sliding, side by side on one picture. */
export interface SlidingComparison extends SlidingCost {
  width: number;
  height: number;
  /** Pixels between windows. */
  stride: number;
  /** Median times of a pass over the picture. */
  naiveMs: number;
  convolutionalMs: number;
  /** How many times as fast the convolutional way is. */
  speedUp: number;
  /** Largest difference of a score. */
  largestDifference: number;
  /** Whether the net pads nothing, so that none is expected. */
  exact: boolean;
}

/**
 * Slides a classifier over a picture `[1, 3, H, W]` both ways and measures each: time, operations, and how much the
 * scores differ.
 *
 * @param repeats passes of each way, besides one that is not measured
 * @throws FoveaError `window-too-large`, `argument-range`
 */
export async function compareSliding(
  classifier: SlidingClassifier,
  picture: Tensor,
  repeats: number = 3,
): Promise<SlidingComparison> {
  if (!(Number.isInteger(repeats) && repeats >= 1)) {
    throw new FoveaError(
      "argument-range",
      `compareSliding: \`repeats\` (=${repeats}) must be a whole number ≥ 1.`,
    );
  }
  const [, , height, width] = picture.shape;
  const convolutional = await timed(() => classifier.convolve(picture), repeats);
  const naive = await timed(() => classifier.slide(picture), repeats);
  let largestDifference = 0;
  for (const [i, score] of naive.result.scores.entries()) {
    largestDifference = Math.max(largestDifference, Math.abs(score - convolutional.result.scores[i]));
  }
  return {
    width,
    height,
    stride: classifier.stride,
    ...classifier.costOf(width, height),
    naiveMs: naive.ms,
    convolutionalMs: convolutional.ms,
    speedUp: naive.ms / convolutional.ms,
    largestDifference,
    exact: classifier.exact,
  };
}

/** The median time of some passes, after one that warms up. */
async function timed<T>(pass: () => Promise<T>, repeats: number): Promise<{ result: T; ms: number }> {
  const result = await pass();
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await pass();
    times.push(performance.now() - start);
  }
  return { result, ms: times.sort((a, b) => a - b)[repeats >> 1] };
}
