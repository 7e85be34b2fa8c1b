import { requirePairs } from "./pairs.ts";

/**
 * Receiver operating characteristic of a distance: what happens if pairs with a distance of at most a threshold are
 * taken for the same. It is exact: one point before all distances, then one for each that occurs.
 */
export interface RocCurve {
  /** Number of same pairs. */
  same: number;
  /** Number of different pairs. */
  different: number;
  /** Ascending, −∞ first. */
  thresholds: Float64Array;
  /** Share of the different pairs that are taken for the same, ascending; NaN without different pairs. */
  falseMatchRate: Float64Array;
  /** Share of the same pairs that are taken for the same, ascending; NaN without same pairs. */
  trueMatchRate: Float64Array;
}

/** What happens at one threshold. */
export interface RocPoint {
  threshold: number;
  falseMatchRate: number;
  trueMatchRate: number;
}

/**
 * The exact curve of labelled pairs. Equal distances change sides together: they make one point.
 *
 * @param distances of the pairs, any finite numbers, or +∞ for pairs that no threshold takes for the same
 * @param same whether each pair is the same
 * @throws FoveaError `pairs-length`, `distance-invalid`
 */
export function rocCurve(distances: ArrayLike<number>, same: ArrayLike<boolean>): RocCurve {
  requirePairs(distances, same);
  const order = Uint32Array.from({ length: distances.length }, (_, i) => i).sort(
    // Not their difference: ∞ − ∞ is no number.
    (a, b) => (distances[a] < distances[b] ? -1 : distances[a] > distances[b] ? 1 : 0),
  );
  const thresholds = [Number.NEGATIVE_INFINITY];
  const falseMatches = [0];
  const trueMatches = [0];
  let [f, t] = [0, 0];
  for (const [i, pair] of order.entries()) {
    if (same[pair]) t++;
    else f++;
    if (i + 1 < order.length && distances[order[i + 1]] === distances[pair]) continue;
    thresholds.push(distances[pair]);
    falseMatches.push(f);
    trueMatches.push(t);
  }
  return {
    same: t,
    different: f,
    thresholds: Float64Array.from(thresholds),
    falseMatchRate: Float64Array.from(falseMatches, (count) => count / f),
    trueMatchRate: Float64Array.from(trueMatches, (count) => count / t),
  };
}

/** The curve's point at any threshold. */
export function rocAt(curve: RocCurve, threshold: number): RocPoint {
  // The last point whose distances are not above the threshold.
  let low = 1;
  let high = curve.thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (curve.thresholds[middle] <= threshold) low = middle + 1;
    else high = middle;
  }
  const { falseMatchRate, trueMatchRate } = curve;
  return { threshold, falseMatchRate: falseMatchRate[low - 1], trueMatchRate: trueMatchRate[low - 1] };
}

/**
 * Area under the curve, in [0, 1]: how often a same pair is nearer than a different one, equal distances counting half
 * (the statistic of Mann and Whitney). NaN without same or without different pairs.
 */
export function areaUnderRoc({
  falseMatchRate: x,
  trueMatchRate: y,
}: {
  falseMatchRate: ArrayLike<number>;
  trueMatchRate: ArrayLike<number>;
}): number {
  let area = x.length > 1 ? 0 : Number.NaN;
  for (let i = 1; i < x.length; i++) area += ((x[i] - x[i - 1]) * (y[i] + y[i - 1])) / 2;
  return area;
}

/** Detection error tradeoff: both errors at each threshold (Martin et al. 1997). */
export interface DetCurve {
  /** Ascending, −∞ first. */
  thresholds: Float64Array;
  /** Share of the different pairs that are taken for the same, ascending. */
  falseMatchRate: Float64Array;
  /** Share of the same pairs that are taken for different, descending. */
  falseNonMatchRate: Float64Array;
}

/** The same figures as errors. */
export function detCurve({ thresholds, falseMatchRate, trueMatchRate }: RocCurve): DetCurve {
  return { thresholds, falseMatchRate, falseNonMatchRate: trueMatchRate.map((rate) => 1 - rate) };
}
