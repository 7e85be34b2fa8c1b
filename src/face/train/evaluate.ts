import {
  areaUnderRoc,
  bestThreshold,
  equalErrorRate,
  type RocCurve,
  rocCurve,
  tarAtFar,
} from "../../metrics/index.ts";
import { encodingDistance } from "../encoder.ts";
import { type Collapse, collapseOf, encodingScale } from "./collapse.ts";
import type { SiameseHead } from "./siamese-head.ts";

/** Different pairs of a hundred that may be taken for the same where the true accept rate is told. */
const FAR = 0.01;

/** How well pairs of people are told apart, of whom training saw nothing. */
export interface FaceFigures {
  /** Equal error rate, in [0, 1]. */
  eer: number;
  /** Share of all pairs that the best threshold judges rightly; pairs of two people are far more frequent. */
  accuracy: number;
  /** Area under the ROC curve. */
  auc: number;
  /** True accept rate at a false accept rate of .01; NaN with fewer than a hundred pairs of two people. */
  tarAtFar: number;
  /** The best threshold, of the distance, or of 1 − ŷ where a head judges. */
  threshold: number;
  /** Root mean square of the encodings' lengths, and of their distances to their mean. */
  length: number;
  spread: number;
}

/** Two faces of the set, by index. */
export interface EncodedPair {
  a: number;
  b: number;
  same: boolean;
  /** Euclidean, or 1 − ŷ where a head judges. */
  distance: number;
}

/** All that is known of encodings of people. */
export interface FaceEvaluation extends FaceFigures {
  encodings: Float32Array[];
  /** All pairs. */
  pairs: EncodedPair[];
  roc: RocCurve;
  collapse: Collapse | undefined;
}

/**
 * Measures encodings on all pairs of faces.
 *
 * @param people the person of each face
 * @param head judges pairs instead of their distance
 */
export async function evaluateFaces(
  encodings: Float32Array[],
  people: readonly number[],
  head?: SiameseHead,
): Promise<FaceEvaluation> {
  const places = encodings.flatMap((_, a) => encodings.slice(a + 1).map((_, i) => [a, a + 1 + i] as const));
  const distances = head
    ? await head
        .probabilities(
          places.map(([a]) => encodings[a]),
          places.map(([, b]) => encodings[b]),
        )
        .then((probabilities) => Array.from(probabilities, (probability) => 1 - probability))
    : places.map(([a, b]) => encodingDistance(encodings[a], encodings[b]));
  const pairs = places.map(([a, b], i): EncodedPair => {
    return { a, b, same: people[a] === people[b], distance: distances[i] };
  });
  const roc = rocCurve(
    distances,
    pairs.map(({ same }) => same),
  );
  const { accuracy, threshold } = bestThreshold(roc);
  return {
    eer: equalErrorRate(roc).rate,
    accuracy,
    auc: areaUnderRoc(roc),
    tarAtFar: tarAtFar(roc, FAR).tar,
    threshold,
    ...encodingScale(encodings),
    encodings,
    pairs,
    roc,
    collapse: collapseOf(encodings),
  };
}
