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
