import {
  add,
  argMax,
  cast,
  div,
  expand,
  gatherElements,
  greater,
  maximum,
  mul,
  reduceSum,
  relu,
  stopGradient,
  sub,
  type Value,
  where,
} from "../../graph/index.ts";
import { pairMasks, squaredDistances } from "./distances.ts";
import { byNegative, type MiningName, miners } from "./mining/index.ts";

/** Options of {@link tripletLoss}. */
export interface TripletOptions {
  mining: MiningName;
  /** α: by how much a negative's squared distance shall exceed the positive's. */
  margin: number;
}

/** The triplets of a batch; all scalars. */
export interface TripletLoss {
  /** Σ max(‖f(A) − f(P)‖² − ‖f(A) − f(N)‖² + α, 0) over the triplets. */
  sum: Value;
  /** Number of triplets. */
  count: Value;
  /** Share of the triplets that are not satisfied: those that teach something. */
  active: Value;
  /** Mean squared distances of the triplets. */
  toPositive: Value;
  toNegative: Value;
}

/** Name of the input with a step's random numbers, `[B, B]` in [0, 1), where the mining draws. */
export const NOISE = "noise";

/** Lower than any preference. */
const NEVER = -3e38;

/**
 * Triplet loss with a margin (Schroff et al. 2015, eq. 3) of a batch: each pair of anchor and positive that the mining
 * wants, with the negative that it wants most.
 *
 * @param encodings `[B, D]`
 * @param people each picture's person, int32 `[B]`: two or more people, at least one of them twice
 */
export function tripletLoss(
  encodings: Value,
  people: Value,
  { mining, margin }: TripletOptions,
): TripletLoss {
  const [count, size] = encodings.dims;
  const { graph } = encodings;
  const distances = squaredDistances(encodings);
  const masks = pairMasks(people);
  let noise: Value | undefined;
  const { pairs, preference } = miners[mining]({
    ...masks,
    distances: stopGradient(distances),
    size,
    noise: () => (noise ??= graph.input(NOISE, [count, count])),
  });
  const wanted = where(byNegative(masks.negatives), preference, NEVER);
  const negatives = expand(argMax(wanted, 2), [count, count]); // [B, B] by anchor and positive
  const toNegative = gatherElements(distances, negatives, 1);
  const isTriplet = cast(pairs, "float32");
  const losses = relu(add(sub(distances, toNegative), margin));
  const triplets = reduceSum(isTriplet, undefined, false);
  const total = (x: Value) => reduceSum(mul(x, isTriplet), undefined, false);
  const mean = (x: Value) => div(total(x), maximum(triplets, 1));
  return {
    sum: total(losses),
    count: triplets,
    active: mean(cast(greater(losses, 0), "float32")),
    toPositive: mean(distances),
    toNegative: mean(toNegative),
  };
}
