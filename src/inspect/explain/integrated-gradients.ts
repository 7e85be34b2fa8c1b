import { grad } from "../../autodiff/index.ts";
import { requireWhole, sizeOf } from "../../core/index.ts";
import { reduceSum, reshape, type Value } from "../../graph/index.ts";
import type { InspectedNet } from "../net/index.ts";
import { Batched } from "./batched.ts";
import { evenIntervals, type Interval, PathIntervals } from "./path-intervals.ts";
import { type Target, targetValues } from "./target.ts";

/** What each number of a net's input adds to the target. */
export interface Attribution {
  /** As the net's input: one picture's worth. */
  attributions: Float32Array;
  /** The target's value for the picture, and for the baseline. */
  value: number;
  baselineValue: number;
  /** |Σ attributions − (value − baselineValue)| / |value − baselineValue|: 0 where the integral is exact. */
  completenessError: number;
  /** Gradients that make up the integral. */
  steps: number;
}

export interface IntegratedGradientsOptions {
  /** Steps to begin with; they are doubled until the sum is right to `tolerance`, or `mostSteps` are reached. */
  steps?: number;
  mostSteps?: number;
  tolerance?: number;
  /** Steps of one length, as in the paper, or short ones where the target changes fast; default "adaptive". */
  spacing?: "even" | "adaptive";
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

/**
 * Integrated gradients (Sundararajan et al. 2017): the target's gradient along the straight way from a baseline to the
 * picture, times the way. The integral by the midpoint rule; its attributions add up to what the target gains on the way
 * ("completeness"), by which the number of steps is judged.
 *
 * @param values the picture, one picture's worth of the net's input
 * @param baseline a picture without information, in the same form
 * @returns what as many steps gave as were done when the signal asked to stop; undefined where none were
 * @throws FoveaError `argument-range`
 */
export async function integratedGradients(
  net: InspectedNet,
  target: Target,
  values: Float32Array,
  baseline: Float32Array,
  options: IntegratedGradientsOptions = {},
): Promise<Attribution | undefined> {
  const { mostSteps = 512, tolerance = 0.01, spacing = "adaptive", signal } = options;
  requireWhole("integratedGradients", "mostSteps", mostSteps, 1);
  requireWhole("integratedGradients", "steps", options.steps ?? 1, 1);
  const size = sizeOf(net.shape(1));
  const between = (share: number, into: Float32Array) => {
    for (let k = 0; k < size; k++) into[k] = baseline[k] + share * (values[k] - baseline[k]);
  };
  const scoresOf = (pictures: Value) => {
    return targetValues(net.rebuild({ tensor: target.tensor }, pictures).outputs.tensor, target);
  };
  const forward = await Batched.compile(net, 1, (pictures) => ({ scores: scoresOf(pictures) }));
  let gradients: Batched | undefined;
  try {
    gradients = await Batched.compile(net, mostSteps, (pictures) => {
      const [gradient] = grad(reduceSum(scoresOf(pictures), undefined, false), [pictures]);
      return { gradient: reshape(gradient!, [pictures.dims[0], size]) };
    });
    const path = await PathIntervals.start(async (share) => {
      let score = 0;
      await forward.run(
        1,
        (_, into) => between(share, into),
        (_, result) => {
          score = result("scores")[0];
        },
      );
      return score;
    });
    const { first: baselineValue, last: value } = path.ends;
    const gain = value - baselineValue;
    let found: Attribution | undefined;
    for (let steps = Math.min(options.steps ?? 32, mostSteps); ; steps = Math.min(2 * steps, mostSteps)) {
      const intervals = spacing === "even" ? evenIntervals(steps) : await path.refineTo(steps, signal);
      const means = await meanGradient(gradients, intervals, size, between, options);
      if (!means) return found;
      const attributions = Float32Array.from(means, (mean, k) => (values[k] - baseline[k]) * mean);
      const total = attributions.reduce((sum, each) => sum + each, 0);
      const completenessError = Math.abs(total - gain) / Math.max(Math.abs(gain), 1e-12);
      found = { attributions, value, baselineValue, completenessError, steps };
      if (completenessError <= tolerance || steps >= mostSteps) return found;
    }
  } finally {
    await Promise.all([forward.close(), gradients?.close()]);
  }
}

/**
 * The mean of the gradient over the way: that in the middle of each interval, by its length; undefined where the signal
 * asked to stop.
 */
async function meanGradient(
  program: Batched,
  intervals: readonly Interval[],
  size: number,
  between: (share: number, into: Float32Array) => void,
  { signal, onProgress }: IntegratedGradientsOptions,
): Promise<Float64Array | undefined> {
  const sums = new Float64Array(size);
  const isComplete = await program.run(
    intervals.length,
    (i, into) => between((intervals[i].from + intervals[i].to) / 2, into),
    (i, result) => {
      const gradient = result("gradient");
      const length = intervals[i].to - intervals[i].from;
      for (let k = 0; k < size; k++) sums[k] += length * gradient[k];
      onProgress?.(i + 1, intervals.length);
    },
    signal,
  );
  return isComplete ? sums : undefined;
}
