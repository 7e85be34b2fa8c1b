import { curveAt, type ScoreCurve } from "../metrics/index.ts";

/** Curves of all classes; a `DetectionEvaluation` of `metrics` has them. */
export interface EvaluationCurves {
  /** Name and average precision at IoU 0.5 of each class. */
  perClass: readonly { name: string; AP50: number }[];
  curves: {
    /** By class, in the same order. */
    perClass: readonly ScoreCurve[];
    mean: ScoreCurve;
  };
  mAP50: number;
  /** Score threshold of the highest mean F1. */
  bestThreshold: number;
}

/** What a curve tells of each threshold. */
export type CurveFigure = "precision" | "recall" | "f1";

/** A figure at any threshold: that of {@link curveAt}; of a class without objects there is none (NaN). */
export function figureAt(curve: ScoreCurve, figure: CurveFigure, threshold: number): number {
  return curve.count === 0 ? Number.NaN : curveAt(curve, threshold)[figure];
}

/** A figure over the thresholds 0, 0.005 … 1. */
export function overThreshold(curve: ScoreCurve, figure: CurveFigure): [threshold: number, value: number][] {
  return Array.from({ length: 201 }, (_, i) => [i / 200, figureAt(curve, figure, i / 200)]);
}

/**
 * Interpolated precision over the recalls 0, 0.01 … 1: the highest precision at that recall or a higher one,
 * 0 beyond the highest recall, NaN without objects. COCO's AP is the mean of these.
 */
export function overRecall({ recall, precision, count }: ScoreCurve): [recall: number, precision: number][] {
  const points: [number, number][] = [];
  let next = recall.length - 1;
  let highest = count > 0 ? 0 : Number.NaN;
  for (let i = 100; i >= 0; i--) {
    while (next >= 0 && recall[next] >= i / 100) highest = Math.max(highest, precision[next--]);
    points.push([i / 100, highest]);
  }
  return points.reverse();
}
