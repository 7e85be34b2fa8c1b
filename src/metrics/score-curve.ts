import { mean, meanOfDefined } from "../core/index.ts";
/**
 * Precision, recall and F1 of a detector that reports what scores at or above a threshold. Read with recall
 * as the x axis it is the precision-recall curve.
 */
export interface ScoreCurve {
  /** Number of objects. */
  count: number;
  /** Descending, so that recall ascends. */
  thresholds: Float64Array;
  /** Share of the detections that are right; NaN where there are none. */
  precision: Float64Array;
  /** Share of the objects that are found; NaN where there are none. */
  recall: Float64Array;
  /** Harmonic mean of both, 2·right / (detections + objects); NaN where there is neither. */
  f1: Float64Array;
  /** Whether the thresholds are only where the curve was looked at; otherwise it changes at these and nowhere else. */
  sampled?: true;
}

/** One point of a curve. */
export interface CurvePoint {
  threshold: number;
  precision: number;
  recall: number;
  f1: number;
}

/**
 * The exact curve of one class: one point for every distinct score.
 *
 * @param scores of the detections, descending
 * @param right whether each detection is right
 * @param count number of objects
 */
export function scoreCurve(scores: ArrayLike<number>, right: ArrayLike<boolean>, count: number): ScoreCurve {
  const points: CurvePoint[] = [];
  let found = 0;
  for (let i = 0; i < scores.length; i++) {
    if (right[i]) found++;
    if (scores[i + 1] === scores[i]) continue;
    points.push(curvePoint(scores[i], found, i + 1, count));
  }
  return fromPoints(points, count);
}

/** The point of an exact curve at any threshold. */
export function curveAt(curve: ScoreCurve, threshold: number): CurvePoint {
  // The last point whose score still reaches the threshold.
  let low = 0;
  let high = curve.thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (curve.thresholds[middle] >= threshold) low = middle + 1;
    else high = middle;
  }
  if (low > 0) return { ...pointAt(curve, low - 1), threshold };
  return curvePoint(threshold, 0, 0, curve.count);
}

/**
 * Mean of several classes' curves at the thresholds 1, 0.999 … 0, for scores in [0, 1]. Classes without
 * objects are left out; precision is averaged over the classes that have detections at the threshold.
 */
export function meanCurve(curves: readonly ScoreCurve[]): ScoreCurve {
  const counted = curves.filter(({ count }) => count > 0);
  const points = Array.from({ length: 1001 }, (_, i): CurvePoint => {
    const threshold = (1000 - i) / 1000;
    const samples = counted.map((curve) => curveAt(curve, threshold));
    return {
      threshold,
      precision: meanOfDefined(samples.map(({ precision }) => precision)),
      recall: mean(samples.map(({ recall }) => recall)),
      f1: mean(samples.map(({ f1 }) => f1)),
    };
  });
  const count = counted.reduce((sum, one) => sum + one.count, 0);
  return { ...fromPoints(points, count), sampled: true };
}

/**
 * The point of highest F1, its threshold in the middle of all that give the same: it is the farthest from losing it. On an
 * exact curve these reach down to the next lower score, or to 0. Undefined for a curve without points or objects.
 */
export function bestF1(curve: ScoreCurve): CurvePoint | undefined {
  if (curve.count === 0 || curve.f1.length === 0) return undefined;
  const first = curve.f1.indexOf(curve.f1.reduce((best, value) => Math.max(best, value)));
  let last = first;
  while (last + 1 < curve.f1.length && curve.f1[last + 1] === curve.f1[first]) last++;
  const lowest = curve.sampled ? curve.thresholds[last] : (curve.thresholds[last + 1] ?? 0);
  return { ...pointAt(curve, last), threshold: (curve.thresholds[first] + lowest) / 2 };
}

function curvePoint(threshold: number, found: number, detections: number, count: number): CurvePoint {
  return {
    threshold,
    precision: found / detections,
    recall: found / count,
    f1: (2 * found) / (detections + count),
  };
}

function pointAt(curve: ScoreCurve, i: number): CurvePoint {
  return {
    threshold: curve.thresholds[i],
    precision: curve.precision[i],
    recall: curve.recall[i],
    f1: curve.f1[i],
  };
}

function fromPoints(points: readonly CurvePoint[], count: number): ScoreCurve {
  return {
    count,
    thresholds: Float64Array.from(points, ({ threshold }) => threshold),
    precision: Float64Array.from(points, ({ precision }) => precision),
    recall: Float64Array.from(points, ({ recall }) => recall),
    f1: Float64Array.from(points, ({ f1 }) => f1),
  };
}
