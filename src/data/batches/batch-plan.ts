import { FoveaError } from "../../core/index.ts";
import type { PictureSize } from "../../image/index.ts";

/** Steps of a plan that are looked at for its largest pictures: enough to meet every size of multi-scale training. */
const PLANNED_STEPS = 1000;

/** The longest side in pixels that a plan gives pictures in its first steps. */
export function longestSide(sizeOf: (step: number) => PictureSize | undefined): number {
  let longest = 1;
  for (let step = 0; step < PLANNED_STEPS; step++) {
    const { width = 1, height = 1 } = sizeOf(step) ?? {};
    longest = Math.max(longest, width, height);
  }
  return longest;
}

/**
 * The size that a plan gives the pictures of a step.
 *
 * @throws FoveaError `batch-plan-invalid`
 */
export function requirePlanned(step: number, size: Partial<PictureSize> | undefined): PictureSize {
  const { width, height } = size ?? {};
  if (isCount(width) && isCount(height)) return { width, height };
  throw new FoveaError(
    "batch-plan-invalid",
    `Batch plan of step ${step}: width and height (=${width}, ${height}) must be whole numbers ≥ 1.`,
  );
}

/** Whether a number of things can be this. */
export function isCount(value: number | undefined): value is number {
  return Number.isInteger(value) && value! >= 1;
}
