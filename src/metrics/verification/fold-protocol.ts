import { FoveaError } from "../../core/index.ts";
import { bestThreshold } from "./operating-points.ts";
import { requirePairs } from "./pairs.ts";
import { rocCurve } from "./roc-curve.ts";

/** How the pairs of one fold were judged by the others' threshold. */
export interface VerificationFold {
  /** Its number or name. */
  fold: number;
  pairs: number;
  /** By which most pairs of the other folds are judged rightly. */
  threshold: number;
  /** Share of the fold's pairs that are judged rightly. */
  accuracy: number;
  /** Different pairs that are taken for the same. */
  falseMatches: number;
  /** Same pairs that are taken for different. */
  falseNonMatches: number;
}

/** Accuracy by the protocol of Labeled Faces in the Wild. */
export interface FoldProtocol {
  folds: VerificationFold[];
  /** Mean of the folds' accuracies, in [0, 1]. */
  accuracy: number;
  /** Standard deviation of the folds' accuracies (by n − 1). */
  std: number;
  /** Standard error of the mean: `std` / √folds. */
  standardError: number;
}

/**
 * Cross-validated accuracy of a distance (Huang et al. 2007, "Labeled Faces in the Wild", section IV): each fold is judged
 * by the threshold that is best for all others.
 *
 * @param folds number of each pair's fold; at least two different ones
 * @throws FoveaError `pairs-length`, `distance-invalid`, `folds-too-few`
 */
export function verifyInFolds(
  distances: ArrayLike<number>,
  same: ArrayLike<boolean>,
  folds: ArrayLike<number>,
): FoldProtocol {
  requirePairs(distances, same);
  const names = [...new Set(Array.from(folds))].sort((a, b) => a - b);
  if (folds.length !== distances.length || names.length < 2) {
    throw new FoveaError(
      "folds-too-few",
      `${distances.length} pairs lie in ${names.length} folds (${folds.length} fold numbers): give each pair's, and at least two different ones.`,
    );
  }
  const all = Array.from(distances, (_, i) => i);
  const results = names.map((fold): VerificationFold => {
    const others = all.filter((i) => folds[i] !== fold);
    const { threshold } = bestThreshold(
      rocCurve(
        others.map((i) => distances[i]),
        others.map((i) => same[i]),
      ),
    );
    const own = all.filter((i) => folds[i] === fold);
    const falseMatches = own.filter((i) => !same[i] && distances[i] <= threshold).length;
    const falseNonMatches = own.filter((i) => same[i] && distances[i] > threshold).length;
    const accuracy = 1 - (falseMatches + falseNonMatches) / own.length;
    return { fold, pairs: own.length, threshold, accuracy, falseMatches, falseNonMatches };
  });
  const accuracy = results.reduce((sum, one) => sum + one.accuracy, 0) / results.length;
  const squares = results.reduce((sum, one) => sum + (one.accuracy - accuracy) ** 2, 0);
  const std = Math.sqrt(squares / (results.length - 1));
  return { folds: results, accuracy, std, standardError: std / Math.sqrt(results.length) };
}

/**
 * Numbers of folds, 1 … `count`, for pairs that have none: same and different pairs are each cut into runs of equal length.
 * Lists of pairs are sorted (by kind, then by name), so runs keep a person's pairs together, mostly.
 *
 * @throws FoveaError `folds-too-few` for fewer than `count` same or different pairs
 */
export function stratifiedFolds(same: ArrayLike<boolean>, count: number = 10): number[] {
  const labels = Array.from(same, Boolean);
  const sames = labels.filter(Boolean).length;
  const fewer = Math.min(sames, labels.length - sames);
  if (!(Number.isInteger(count) && count >= 2 && count <= fewer)) {
    throw new FoveaError(
      "folds-too-few",
      `${sames} same and ${labels.length - sames} different pairs cannot be cut into ${count} folds: each needs one of both, and there must be at least 2.`,
    );
  }
  const seen = { same: 0, different: 0 };
  return labels.map((label) => {
    const [place, total] = label ? [seen.same++, sames] : [seen.different++, labels.length - sames];
    return 1 + Math.floor((place * count) / total);
  });
}
