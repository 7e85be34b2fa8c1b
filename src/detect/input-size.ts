import type { DetectionSample } from "../data/index.ts";
import { TRUNK_STRIDE } from "./yolo/index.ts";

/**
 * The input for pictures of a data set: `longest` pixels on the longer side, and on the shorter one so many
 * that three quarters of the pictures fit by their longer side, so that letterboxing wastes little; both
 * multiples of 32.
 */
export function inputSizeFor(
  samples: readonly DetectionSample[],
  longest: number,
): { width: number; height: number } {
  const landscape = samples.filter(({ width, height }) => width >= height).length * 2 >= samples.length;
  const ratios = samples
    .map(({ width, height }) => (landscape ? height / width : width / height))
    .sort((a, b) => a - b);
  const ratio = Math.min(1, ratios[Math.floor(ratios.length * 0.75)] ?? 1);
  const cells = Math.ceil((longest * ratio) / TRUNK_STRIDE - 0.25);
  const shorter = Math.min(longest, Math.max(1, cells) * TRUNK_STRIDE);
  return landscape ? { width: longest, height: shorter } : { width: shorter, height: longest };
}
