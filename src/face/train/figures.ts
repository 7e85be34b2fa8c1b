import type { FaceEvaluation } from "./evaluate.ts";

/** The figures of an evaluation that a run's records hold. */
export function figuresOf(evaluation: FaceEvaluation): Record<string, number> {
  const { eer, accuracy, auc, tarAtFar } = evaluation;
  return { eer, accuracy, auc, tarAtFar, ...scaleOf(evaluation) };
}

/** What shows whether encodings collapse. */
export function scaleOf({ length, spread }: FaceEvaluation): Record<string, number> {
  return { encodingLength: length, encodingSpread: spread };
}

/** By which the best model is chosen: the equal error rate, and of equal ones the area under the curve. */
export function fitnessOf({ eer, auc }: FaceEvaluation): number {
  return 1 - eer + 1e-3 * auc;
}
