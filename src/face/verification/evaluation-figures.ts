import type { VerificationEvaluation } from "./evaluate-pairs.ts";

/** The figures of an evaluation without its curves and single pairs, ready for JSON: what does not exist is null there. */
export function verificationFigures(evaluation: VerificationEvaluation): Record<string, unknown> {
  const { encoder, mirror, jitter, pairs, pictures, withoutFace, looks, secondLooks } = evaluation;
  const { protocol, best, eer, auc, tarAtFar } = evaluation;
  return {
    encoder,
    mirror,
    jitter,
    pairs: pairs.length,
    samePairs: pairs.filter(({ same }) => same).length,
    pictures,
    withoutFace,
    secondLooks,
    looks,
    accuracy: protocol.accuracy,
    standardError: protocol.standardError,
    std: protocol.std,
    threshold: best.threshold,
    eer: eer.rate,
    eerThreshold: eer.threshold,
    auc,
    tarAtFar,
    folds: protocol.folds,
  };
}
