import { encodingDistance } from "../encoder.ts";

/** Place of the encoding that is nearest to all others in the mean: the most typical face of a group. */
export function medoidOf(encodings: readonly Float32Array[]): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [i, one] of encodings.entries()) {
    let sum = 0;
    for (const other of encodings) sum += encodingDistance(one, other);
    if (sum >= least) continue;
    least = sum;
    best = i;
  }
  return best;
}
