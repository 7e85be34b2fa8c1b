/** A detector's precision, recall and F1 by score threshold; `ScoreCurve` of `metrics` is one. */
export interface Curve {
  /** Number of objects. */
  count: number;
  /** Descending. */
  thresholds: ArrayLike<number>;
  precision: ArrayLike<number>;
  recall: ArrayLike<number>;
  f1: ArrayLike<number>;
}

/** Curves of all classes; a `DetectionEvaluation` of `metrics` has them. */
export interface EvaluationCurves {
  /** Name and average precision at IoU 0.5 of each class. */
  perClass: readonly { name: string; AP50: number }[];
  curves: {
    /** By class, in the same order. */
    perClass: readonly Curve[];
    mean: Curve;
  };
  mAP50: number;
  /** Score threshold of the highest mean F1. */
  bestThreshold: number;
}

/** What a curve tells of each threshold. */
export type CurveFigure = "precision" | "recall" | "f1";

/**
 * A figure at any threshold. A curve has points at the scores that occur and is constant between them. Above
 * the highest score nothing is detected: then precision does not exist (NaN), recall and F1 are 0.
 */
export function figureAt(curve: Curve, figure: CurveFigure, threshold: number): number {
  if (curve.count === 0) return Number.NaN;
  let low = 0;
  let high = curve.thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (curve.thresholds[middle] >= threshold) low = middle + 1;
    else high = middle;
  }
  if (low > 0) return curve[figure][low - 1];
  return figure === "precision" ? Number.NaN : 0;
}

/** A figure over the thresholds 0, 0.005 … 1. */
export function overThreshold(curve: Curve, figure: CurveFigure): [threshold: number, value: number][] {
  return Array.from({ length: 201 }, (_, i) => [i / 200, figureAt(curve, figure, i / 200)]);
}

/**
 * Interpolated precision over the recalls 0, 0.01 … 1: the highest precision at that recall or a higher one,
 * 0 beyond the highest recall, NaN without objects. COCO's AP is the mean of these.
 */
export function overRecall({ recall, precision, count }: Curve): [recall: number, precision: number][] {
  const points: [number, number][] = [];
  let next = recall.length - 1;
  let highest = count > 0 ? 0 : Number.NaN;
  for (let i = 100; i >= 0; i--) {
    while (next >= 0 && recall[next] >= i / 100) highest = Math.max(highest, precision[next--]);
    points.push([i / 100, highest]);
  }
  return points.reverse();
}
