import type { PixelOptimizer } from "./pixel-optimizer.ts";

/** Change of a pixel, on average, in the very first step. */
const FIRST_CHANGE = 0.02;
/** A step may change pixels by this much on average; curvature that is known from a few steps promises too much. */
const LARGEST_CHANGE = 0.1;
/** A cost that rises by more than this share of itself makes the step be halved. */
const TOLERATED_RISE = 1e-3;

/** A step s, the change y of the gradient along it, and 1 / (s·y). */
interface Pair {
  s: Float32Array;
  y: Float32Array;
  rho: number;
}

/**
 * L-BFGS on pixels (Nocedal & Wright 2006, algorithm 7.4) with one evaluation a step: the full step is taken, and
 * halved where the cost rose. A line search would cost a pass through the net for each trial.
 *
 * @param memory pairs that stand for the curvature
 */
export function limitedMemory(memory: number): PixelOptimizer {
  return resumed(memory, []);
}

/** Where a step began, and what was taken from there. */
interface Step {
  cost: number;
  gradient: Float32Array;
  direction: Float32Array;
  length: number;
}

function resumed(memory: number, pairs: Pair[]): PixelOptimizer {
  let before: Step | undefined;
  return {
    step(point, cost, gradient) {
      const rose = before && !(cost <= before.cost + TOLERATED_RISE * Math.abs(before.cost));
      if (before && rose && before.length > 1e-3) {
        addScaled(point, before.direction, -before.length / 2);
        before.length /= 2;
        return;
      }
      const free = before
        ? remember(pairs, before, gradient, memory)
        : { s: new Float32Array(gradient.length), y: new Float32Array(gradient.length) };
      const direction = descent(gradient, pairs, free.s);
      const change = meanSize(direction);
      const most = pairs.length === 0 ? FIRST_CHANGE : LARGEST_CHANGE;
      const wished = pairs.length === 0 ? Number.POSITIVE_INFINITY : 1;
      const length = change > 0 ? Math.min(wished, most / change) : 0;
      addScaled(point, direction, length);
      free.y.set(gradient);
      before = { cost, gradient: free.y, direction, length };
    },
    resized(resize) {
      const larger = pairs.map(({ s, y }): Pair => {
        const pair = { s: resize(s), y: resize(y) };
        // The cost is a mean over pixels: of n times as many each one's slope is an nth.
        const share = y.length / pair.y.length;
        for (let i = 0; i < pair.y.length; i++) pair.y[i] *= share;
        return { ...pair, rho: 1 / dot(pair.s, pair.y) };
      });
      return resumed(
        memory,
        larger.filter(({ rho }) => rho > 0 && Number.isFinite(rho)),
      );
    },
  };
}

/**
 * Keeps a step as a pair, in the step's own arrays, in place of the oldest one where there are enough; a step along which
 * the slope did not rise as towards a minimum is none. Returns arrays that are free.
 */
function remember(
  pairs: Pair[],
  { direction: s, gradient: y, length }: Step,
  gradient: Float32Array,
  memory: number,
): Omit<Pair, "rho"> {
  const size = gradient.length;
  for (let i = 0; i < size; i++) {
    s[i] = length * s[i];
    y[i] = gradient[i] - y[i];
  }
  const curvature = dot(s, y);
  if (!(curvature > 1e-10 * dot(y, y))) return { s, y };
  pairs.push({ s, y, rho: 1 / curvature });
  if (pairs.length > memory) return pairs.shift()!;
  return { s: new Float32Array(size), y: new Float32Array(size) };
}

/** −H·g by the two-loop recursion, in `into`. */
function descent(gradient: Float32Array, pairs: readonly Pair[], into: Float32Array): Float32Array {
  for (let i = 0; i < into.length; i++) into[i] = -gradient[i];
  const alphas = new Float64Array(pairs.length);
  for (let k = pairs.length - 1; k >= 0; k--) {
    alphas[k] = pairs[k].rho * dot(pairs[k].s, into);
    addScaled(into, pairs[k].y, -alphas[k]);
  }
  const last = pairs.at(-1);
  if (last) scale(into, 1 / (last.rho * dot(last.y, last.y)));
  for (const [k, { s, y, rho }] of pairs.entries()) addScaled(into, s, alphas[k] - rho * dot(y, into));
  return into;
}

function dot(a: Float32Array, b: Float32Array): number {
  let [even, odd] = [0, 0]; // two sums, so that additions need not wait for each other
  const end = a.length - 1;
  let i = 0;
  for (; i < end; i += 2) {
    even += a[i] * b[i];
    odd += a[i + 1] * b[i + 1];
  }
  return i < a.length ? even + odd + a[i] * b[i] : even + odd;
}

function addScaled(target: Float32Array, x: Float32Array, by: number): void {
  for (let i = 0; i < target.length; i++) target[i] += by * x[i];
}

function scale(target: Float32Array, by: number): void {
  for (let i = 0; i < target.length; i++) target[i] *= by;
}

function meanSize(x: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += Math.abs(x[i]);
  return sum / x.length;
}
