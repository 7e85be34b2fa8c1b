import { add, clip, floor, log, neg, reshape, sub, type Value } from "../../../graph/index.ts";
import { byNegative } from "./miner.ts";

/**
 * Random numbers in [0, 1) for each anchor, positive and negative, `[B, B, B]`, out of `[B, B]`: the fraction of u + v is
 * as evenly spread as u and v, and for two positives of an anchor it is another one.
 */
export function noiseByTriplet(noise: Value): Value {
  const [size] = noise.dims;
  const sum = add(byNegative(noise), reshape(noise, [1, size, size]));
  return sub(sum, floor(sum));
}

/**
 * Gumbel's distribution from an even one in [0, 1): the index with the largest sum of log-weight and such a number is
 * drawn with a probability in proportion to the weight (Gumbel 1954).
 */
export function gumbel(noise: Value): Value {
  return neg(log(neg(log(clip(noise, 1e-7, 1 - 1e-7)))));
}
