import { add, greater, mul, neg, reduceMax, sub, where } from "../../../graph/index.ts";
import { byNegative, byPositive, type Miner } from "./miner.ts";

/**
 * For each pair of anchor and positive the nearest negative that is farther than the positive (Schroff et al. 2015,
 * FaceNet, section 3.2): hard, yet not so hard that the net gives up. Where every negative is nearer, of which the paper
 * says nothing, the farthest of them.
 */
export const semiHardMining: Miner = ({ distances, positives }) => {
  const toNegative = byNegative(distances);
  const farther = greater(toNegative, byPositive(distances));
  // Lower than any preference for a farther one: both are distances of the batch.
  const below = add(mul(reduceMax(distances), 3), 1);
  return { pairs: positives, preference: where(farther, neg(toNegative), sub(toNegative, below)) };
};
