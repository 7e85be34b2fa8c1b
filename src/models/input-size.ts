import { FoveaError } from "../core/index.ts";
import type { DetectionSample } from "../data/index.ts";

/** The largest stride of the trunks: input sizes are multiples of it. */
export const TRUNK_STRIDE = 32;

/** Throws `argument-range` unless the input size can be divided into cells. */
export function checkInputSize({ width, height }: { width: number; height: number }): void {
  for (const [name, size] of Object.entries({ width, height })) {
    if (!Number.isInteger(size) || size < TRUNK_STRIDE || size % TRUNK_STRIDE !== 0) {
      throw new FoveaError(
        "argument-range",
        `Input ${name} ${size} must be a positive multiple of ${TRUNK_STRIDE}, for example ${Math.max(1, Math.round(size / TRUNK_STRIDE) || 1) * TRUNK_STRIDE}.`,
      );
    }
  }
}

/**
 * The input for pictures of a data set: `longest` pixels on the longer side, and on the shorter one so many
 * that three quarters of the pictures fit by their longer side, so that letterboxing wastes little; both
 * multiples of 32.
 */
export function inputSizeFor(
  samples: readonly Pick<DetectionSample, "width" | "height">[],
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
