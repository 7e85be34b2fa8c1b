import { add, clip, log, mul, sqrt, sub, type Value } from "../../../graph/index.ts";
import { byNegative, type Miner } from "./miner.ts";
import { gumbel, noiseByTriplet } from "./noise.ts";

/** Distances below count as this: weights of nearer ones would leave no other a chance, and their gradients are noise. */
const NEAREST = 0.5;

/** Distances above count as this: beyond √2 the weights would rise again, for negatives that teach nothing. */
const FARTHEST = 1.4;

/**
 * A negative for each pair of anchor and positive, drawn with the weight min(λ, 1/q(d)) (Wu et al. 2017, section 4),
 * where q(d) ∝ dⁿ⁻²·(1 − ¼d²)^((n−3)/2) is how distances of random points on the unit sphere are spread: so that all
 * distances come, near ones as often as usual ones. λ is the weight at {@link NEAREST}.
 */
export const distanceWeightedMining: Miner = ({ distances, positives, size, noise }) => ({
  pairs: positives,
  preference: add(byNegative(logWeights(distances, size)), gumbel(noiseByTriplet(noise()))),
});

/** −ln q(d) of squared distances, but for a constant. */
export function logWeights(squares: Value, size: number): Value {
  const d = sqrt(clip(squares, NEAREST ** 2, FARTHEST ** 2));
  const shrinking = log(sub(1, mul(mul(d, d), 0.25)));
  return sub(mul(log(d), 2 - size), mul(shrinking, (size - 3) / 2));
}
