import type { Miner } from "./miner.ts";
import { noiseByTriplet } from "./noise.ts";

/**
 * Any negative for each pair of anchor and positive. Most such triplets are soon satisfied and teach nothing, but none
 * leads astray: a start for nets that hard triplets would make collapse.
 */
export const randomMining: Miner = ({ positives, noise }) => ({
  pairs: positives,
  preference: noiseByTriplet(noise()),
});
