import { reshape, type Value } from "../../../graph/index.ts";
import type { PairMasks } from "../distances.ts";

/** What triplets are chosen by. */
export interface MiningContext extends PairMasks {
  /** Squared distances of the batch's encodings, `[B, B]`; nothing flows back through the choice. */
  distances: Value;
  /** Length of the encodings. */
  size: number;
  /** Asks for random numbers in [0, 1), `[B, B]`, other ones in every step. */
  noise: () => Value;
}

/** What a miner wants. */
export interface Choice {
  /** Which pairs of anchor and positive make a triplet, booleans `[B, B]`, none but positives. */
  pairs: Value;
  /**
   * How much each negative is wanted by anchor, positive and negative, `[B, B, B]`, or `[B, 1, B]` where it is the same
   * for all positives. The highest is taken; what it says of pictures that are no negatives does not matter.
   */
  preference: Value;
}

/** A way to choose triplets within a batch. */
export type Miner = (context: MiningContext) => Choice;

/** Numbers `[B, B]` by anchor and negative as `[B, 1, B]`: the same for each positive. */
export function byNegative(x: Value): Value {
  const [size] = x.dims;
  return reshape(x, [size, 1, size]);
}

/** Numbers `[B, B]` by anchor and positive as `[B, B, 1]`: the same for each negative. */
export function byPositive(x: Value): Value {
  const [size] = x.dims;
  return reshape(x, [size, size, 1]);
}
