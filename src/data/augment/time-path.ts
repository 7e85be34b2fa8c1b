import type { Random } from "../../core/index.ts";
import type { SeriesAugment } from "./series-options.ts";
import { drawSmoothCurve } from "./smooth-curve.ts";

/**
 * Draws at which place of the source, in steps within 0 … length − 1, each step of the varied sequence is read:
 * warped, sliced, reversed and shifted, in this order. `null` if every step stays where it is.
 */
export function drawTimePath(random: Random, length: number, augment: SeriesAugment): Float64Array | null {
  const { timeWarp, windowSlice, flip, shift } = augment;
  if (length < 2 || (timeWarp === 0 && windowSlice === 1 && flip === 0 && shift === 0)) return null;
  const path = timeWarp > 0 ? drawWarp(random, length, timeWarp) : Float64Array.from({ length }, (_, t) => t);
  if (windowSlice < 1) slice(random, path, windowSlice);
  if (flip > 0 && random.chance(flip)) path.reverse();
  return shift > 0 ? shifted(path, Math.round(random.uniform(-shift, shift) * length)) : path;
}

/**
 * A smooth, strictly increasing path from 0 to length − 1: the integral (trapezoidal rule) of a speed whose
 * logarithm is a smooth random curve with the given deviation.
 */
export function drawWarp(random: Random, length: number, deviation: number): Float64Array {
  const speed = drawSmoothCurve(random, length, deviation).map(Math.exp);
  const path = new Float64Array(length);
  for (let t = 1; t < length; t++) path[t] = path[t - 1] + (speed[t - 1] + speed[t]) / 2;
  const total = path[length - 1];
  return path.map((place) => (place / total) * (length - 1));
}

/** Confines a path to a random window of at least the given share of the length. */
function slice(random: Random, path: Float64Array, smallest: number): void {
  const share = random.uniform(smallest, 1);
  const start = random.uniform(0, (path.length - 1) * (1 - share));
  for (let t = 0; t < path.length; t++) path[t] = start + share * path[t];
}

/** The path `steps` later, its first and last place repeated. */
function shifted(path: Float64Array, steps: number): Float64Array {
  return path.map((_, t) => path[Math.min(Math.max(t - steps, 0), path.length - 1)]);
}
