import { FoveaError } from "../core/index.ts";

/** Learning rate as a factor of its peak, by progress through training in [0, 1]. */
export type Schedule = (progress: number) => number;

/** Falls from 1 to `floor` along half a cosine (Loshchilov & Hutter 2017). */
export function cosine(floor = 0.01): Schedule {
  return (progress) => floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * clamp(progress)));
}

/** Always 1. */
export function steady(): Schedule {
  return () => 1;
}

/** Multiplied by `factor` at each of the milestones, given as shares of the training in rising order. */
export function steps(milestones: readonly number[], factor = 0.1): Schedule {
  if (milestones.some((at, i) => !(at > 0 && at < 1) || at <= (milestones[i - 1] ?? 0))) {
    throw new FoveaError(
      "argument-range",
      `steps: \`milestones\` (=[${milestones}]) must rise and lie between 0 and 1.`,
    );
  }
  return (progress) => factor ** milestones.filter((at) => progress >= at).length;
}

/** Shape of {@link oneCycle}. */
export interface OneCycleOptions {
  /** Share of the training in which the rate rises. */
  rise?: number;
  /** The rate starts at the peak divided by this. */
  divisor?: number;
  /** And ends at the start divided by this. */
  finalDivisor?: number;
}

/**
 * Rises along a cosine from `1 / divisor` to 1 during the first `rise` of the training, then falls along one to
 * `1 / (divisor · finalDivisor)` (Smith & Topin 2018, one cycle).
 */
export function oneCycle({ rise = 0.3, divisor = 25, finalDivisor = 1e4 }: OneCycleOptions = {}): Schedule {
  const between = (from: number, to: number, share: number) =>
    to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * share));
  return (progress) => {
    const at = clamp(progress);
    if (at < rise) return between(1 / divisor, 1, at / rise);
    return between(1, 1 / (divisor * finalDivisor), (at - rise) / (1 - rise));
  };
}

/** Rises linearly over the first `steps` steps, as a factor on any schedule. */
export function warmUp(step: number, steps: number): number {
  return steps > 0 ? Math.min(1, (step + 1) / steps) : 1;
}

/**
 * Decay of an average of weights at a step: the average reaches back over about a tenth of the steps so far, at
 * most as far as `decay` allows, so that a short run's average is not made of its beginnings.
 */
export function emaDecay(step: number, decay: number): number {
  return Math.min(decay, (1 + step) / (10 + step));
}

function clamp(x: number): number {
  return Math.min(1, Math.max(0, x));
}
