import { add, div, maximum, mul, reduceMean, reduceSum, reshape, split, type Value } from "../graph/index.ts";
import { binaryCrossEntropy, squaredError, wingLoss } from "../nn/index.ts";
import type { Objective } from "../train/index.ts";
import { heatDivergence } from "./heat-map.ts";
import type { LandmarkAnswer } from "./net.ts";

/**
 * How places are compared with the truth: `squared`, by the squares of distances in parts of the input; `wing`, by the wing
 * loss of both coordinates in hundredths of the input, with w = 10 and ε = 2 (Feng et al. 2018).
 */
export type LandmarkLoss = "squared" | "wing";

/** Names that `loss` may have. */
export const lossNames: readonly LandmarkLoss[] = ["wing", "squared"];

/** What a batch knows of its pictures, see `PointBatch`. */
export interface LandmarkTargets {
  /** `[N, K, 2]` */
  points: Value;
  /** `[N, K]` */
  visible: Value;
  /** `[N, K]` */
  known: Value;
  /** `[N, 1]` */
  present: Value;
}

/** What the parts of the loss count, and how wide a heat map shall be. */
export interface LossWeights {
  loss: LandmarkLoss;
  /** What the places count beside presence. */
  pointWeight: number;
  /** Deviation of the normal distributions that heat maps shall be like, in cells. */
  heatDeviation: number;
}

/** Differences in hundredths of the input, which the wing loss is made for. */
const HUNDREDTHS = 100;

/**
 * The loss over N pictures: logistic for the thing being there and for each of its points, and the mean over the labelled
 * points of how far they are off. Where a point is not labelled its place is multiplied by 0: it enters neither the loss
 * nor, exactly, the gradient; and in pictures without the thing nothing does but that.
 *
 * @returns the loss, and its parts as reports
 */
export function landmarkLoss(
  answer: LandmarkAnswer,
  { points, visible, known, present }: LandmarkTargets,
  { loss, pointWeight, heatDeviation }: LossWeights,
): Objective {
  const [, count] = answer.seen.dims;
  const [ax, ay] = split(answer.points, 2, [1, 1]);
  const [tx, ty] = split(points, 2, [1, 1]);
  const along = (a: Value, t: Value) =>
    loss === "squared" ? squaredError(a, t) : wingLoss(mul(a, HUNDREDTHS), mul(t, HUNDREDTHS));
  const apart = reshape(add(along(ax, tx), along(ay, ty)), [-1, count]); // [N, K]
  const ofPoints = mul(meanWhere(apart, visible), pointWeight);
  const ofPresence = reduceMean(binaryCrossEntropy(answer.present, present), undefined, false);
  const ofSeen = meanWhere(binaryCrossEntropy(answer.seen, visible), known);
  const parts: Record<string, Value> = { position: ofPoints, presence: add(ofPresence, ofSeen) };
  if (answer.heat) parts.heat = meanWhere(heatDivergence(answer.heat, points, heatDeviation), visible);
  return { loss: Object.values(parts).reduce(add), reports: parts };
}

/** The mean of values `[N, K]` where a mask is 1; 0 where it is nowhere. */
function meanWhere(values: Value, mask: Value): Value {
  const count = maximum(reduceSum(mask, undefined, false), 1);
  return div(reduceSum(mul(values, mask), undefined, false), count);
}
