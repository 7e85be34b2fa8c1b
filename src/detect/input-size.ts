import type { DetectionSample } from "../data/index.ts";
import { TRUNK_STRIDE } from "./yolo/index.ts";

/**
 * The input for pictures of a data set: `longest` pixels on the longer side, the shorter one by the median
 * aspect ratio, so that letterboxing wastes little; both multiples of 32.
 */
export function inputSizeFor(
  samples: readonly DetectionSample[],
  longest: number,
): { width: number; height: number } {
  const aspects = samples.map(({ width, height }) => width / height).sort((a, b) => a - b);
  const aspect = aspects[Math.floor(aspects.length / 2)] ?? 1;
  const shorter = (ratio: number) =>
    Math.max(TRUNK_STRIDE, Math.ceil((longest * ratio - TRUNK_STRIDE / 4) / TRUNK_STRIDE) * TRUNK_STRIDE);
  return aspect >= 1
    ? { width: longest, height: Math.min(longest, shorter(1 / aspect)) }
    : { width: Math.min(longest, shorter(aspect)), height: longest };
}
