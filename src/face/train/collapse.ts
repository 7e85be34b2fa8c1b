/** How encodings can be worthless: all 0, or all the same. */
export type Collapse = "zero" | "constant";

/** What a set of encodings looks like from afar. */
export interface EncodingScale {
  /** Root mean square of their lengths. */
  length: number;
  /** Root mean square of their distances to their mean. */
  spread: number;
}

/** Lengths below this are 0: no margin fits between such encodings. */
const NO_LENGTH = 1e-3;

/** A spread below this share of the length is none; encodings that tell people apart have one of .5 to 1. */
const NO_SPREAD = 0.01;

/** Length and spread of encodings. */
export function encodingScale(encodings: readonly Float32Array[]): EncodingScale {
  const size = encodings[0]?.length ?? 0;
  const mean = new Float64Array(size);
  for (const encoding of encodings) for (let k = 0; k < size; k++) mean[k] += encoding[k] / encodings.length;
  let [squares, deviations] = [0, 0];
  for (const encoding of encodings) {
    for (let k = 0; k < size; k++) {
      squares += encoding[k] ** 2;
      deviations += (encoding[k] - mean[k]) ** 2;
    }
  }
  const root = (sum: number) => Math.sqrt(sum / Math.max(1, encodings.length));
  return { length: root(squares), spread: root(deviations) };
}

/**
 * Whether encodings have fallen into one of the triplet loss's trivial solutions, f = 0 and f = const, in which all
 * distances are 0 and the loss is its margin.
 *
 * @param encodings of different people, two or more
 */
export function collapseOf(encodings: readonly Float32Array[]): Collapse | undefined {
  if (encodings.length < 2) return undefined;
  const { length, spread } = encodingScale(encodings);
  if (length < NO_LENGTH) return "zero";
  return spread < NO_SPREAD * length ? "constant" : undefined;
}
