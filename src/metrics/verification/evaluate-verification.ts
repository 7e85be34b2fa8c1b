import { type FoldProtocol, stratifiedFolds, verifyInFolds } from "./fold-protocol.ts";
import {
  type BestThreshold,
  bestThreshold,
  type EqualErrorRate,
  equalErrorRate,
  type TarAtFar,
  tarAtFar,
} from "./operating-points.ts";
import { areaUnderRoc, type RocCurve, rocCurve } from "./roc-curve.ts";

/** False accept rates at which the true accept rate is usually told. */
export const usualFars: readonly number[] = [1e-1, 1e-2, 1e-3];

/** All that is known about how well distances tell same pairs from different ones. */
export interface VerificationFigures {
  /** Accuracy by folds; see {@link verifyInFolds}. */
  protocol: FoldProtocol;
  /** The best threshold of all pairs, for use; its accuracy is flattered a little, as it is chosen on the same pairs. */
  best: BestThreshold;
  eer: EqualErrorRate;
  /** Area under the curve, in [0, 1]. */
  auc: number;
  tarAtFar: TarAtFar[];
  roc: RocCurve;
}

/**
 * Measures distances on labelled pairs.
 *
 * @param distances of the pairs; +∞ for those that no threshold takes for the same
 * @param same whether each pair is the same
 * @param folds each pair's fold, or how many to make by {@link stratifiedFolds}; default 10
 * @throws FoveaError `pairs-length`, `distance-invalid`, `folds-too-few`
 */
export function evaluateVerification(
  distances: ArrayLike<number>,
  same: ArrayLike<boolean>,
  folds: ArrayLike<number> | number = 10,
): VerificationFigures {
  const roc = rocCurve(distances, same);
  const given = typeof folds === "number" ? stratifiedFolds(same, folds) : folds;
  return {
    protocol: verifyInFolds(distances, same, given),
    best: bestThreshold(roc),
    eer: equalErrorRate(roc),
    auc: areaUnderRoc(roc),
    tarAtFar: usualFars.map((far) => tarAtFar(roc, far)),
    roc,
  };
}
