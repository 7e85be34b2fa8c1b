import { encodingDistance } from "../encoder.ts";

/** Two pictures, by their numbers. */
export type PicturePair = readonly [a: number, b: number];

/** Up to which part of the usual distance of two people two pictures are taken for one: that of a copy saved anew. */
const COPY = 0.02;

/**
 * The distance up to which two encodings are of one picture.
 * @param different distances of pictures of different people, at least one
 */
export function copyDistance(different: ArrayLike<number>): number {
  const sorted = Float64Array.from(different).sort();
  return COPY * sorted[sorted.length >> 1];
}

/**
 * Pairs of different people's pictures that are (nearly) one picture: somebody's lies in two people's folders.
 *
 * @param encodings `[length]` each
 * @param owners number of the person on each picture
 * @param within distance up to which pictures are one
 */
export function samePictures(
  encodings: readonly Float32Array[],
  owners: readonly number[],
  within: number,
): PicturePair[] {
  // Near encodings have near first coordinates: only neighbours in their order need be compared.
  const order = Array.from(encodings, (_, i) => i).sort((a, b) => encodings[a][0] - encodings[b][0]);
  const found: PicturePair[] = [];
  for (const [i, a] of order.entries()) {
    for (let j = i + 1; j < order.length; j++) {
      const b = order[j];
      if (encodings[b][0] - encodings[a][0] > within) break;
      if (owners[a] === owners[b] || encodingDistance(encodings[a], encodings[b]) > within) continue;
      found.push(a < b ? [a, b] : [b, a]);
    }
  }
  return found.sort(([a, b], [c, d]) => a - c || b - d);
}
