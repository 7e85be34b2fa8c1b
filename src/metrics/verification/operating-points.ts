import { type Interval, wilsonInterval } from "./intervals.ts";
import type { RocCurve } from "./roc-curve.ts";

/** Where both errors are equally frequent. */
export interface EqualErrorRate {
  /** In [0, 1]; NaN without same or without different pairs. */
  rate: number;
  /** The distance there. */
  threshold: number;
}

/**
 * Equal error rate: where the curve, its points joined by straight lines, crosses the diagonal on which as many same pairs
 * are missed as different ones matched.
 */
export function equalErrorRate(curve: RocCurve): EqualErrorRate {
  const { thresholds, falseMatchRate, trueMatchRate } = curve;
  const excess = (i: number) => falseMatchRate[i] - (1 - trueMatchRate[i]);
  for (let i = 1; i < thresholds.length; i++) {
    if (!(excess(i) >= 0)) continue;
    const share = -excess(i - 1) / (excess(i) - excess(i - 1));
    const between = ([from, to]: readonly [number, number]) => from + share * (to - from);
    const ends = [thresholds[i - 1], thresholds[i]] as const;
    return {
      rate: between([falseMatchRate[i - 1], falseMatchRate[i]]),
      threshold: ends.every(Number.isFinite) ? between(ends) : ends[share < 1 ? 0 : 1],
    };
  }
  return { rate: Number.NaN, threshold: Number.NaN };
}

/** How many same pairs are recognised where no more than a given share of the different ones are matched. */
export interface TarAtFar {
  /** The share of different pairs that may be matched. */
  far: number;
  /** True accept rate in [0, 1]; NaN where the different pairs are too few to tell, or there are no same ones. */
  tar: number;
  /** Wilson's interval of `tar` at 95 %, for same pairs that are independent; NaN as `tar`. */
  interval: Interval;
  /** The largest distance of a pair that is matched there; NaN as `tar`, −∞ where none is. */
  threshold: number;
  /** Different pairs from which this rate can be told: 1 / far. */
  needed: number;
}

/**
 * True accept rate at a false accept rate. With fewer than 1 / far different pairs the figure does not exist: no match of
 * them would be allowed, whatever the rate.
 */
export function tarAtFar(curve: RocCurve, far: number): TarAtFar {
  const { same, different, thresholds, falseMatchRate, trueMatchRate } = curve;
  // 1 / .001 is a little more than 1000 for some rates.
  const needed = Math.ceil(1 / far - 1e-9);
  const nan = Number.NaN;
  if (different < needed || same === 0) {
    return { far, tar: nan, interval: [nan, nan], threshold: nan, needed };
  }
  const allowed = far + 1e-12;
  let i = 0;
  while (i + 1 < thresholds.length && falseMatchRate[i + 1] <= allowed) i++;
  const tar = trueMatchRate[i];
  return {
    far,
    tar,
    interval: wilsonInterval(Math.round(tar * same), same),
    threshold: thresholds[i],
    needed,
  };
}

/** A threshold, and how many pairs are judged rightly by it. */
export interface BestThreshold {
  threshold: number;
  /** Share of all pairs that are judged rightly, in [0, 1]; NaN without pairs. */
  accuracy: number;
}

/**
 * The threshold by which most pairs are judged rightly. All between two neighbouring distances do as well: the middle is
 * taken, which is farthest from losing a pair, and of several gaps that are equally good the middle one. −∞ where it is best
 * to match nothing.
 */
export function bestThreshold(curve: RocCurve): BestThreshold {
  const { same, different, thresholds } = curve;
  let most = -1;
  let gaps: number[] = [];
  for (let i = 0; i < thresholds.length; i++) {
    // No threshold matches pairs at ∞.
    if (thresholds[i] === Number.POSITIVE_INFINITY) break;
    const trueMatches = Math.round(rateOf(curve.trueMatchRate[i]) * same);
    const falseMatches = Math.round(rateOf(curve.falseMatchRate[i]) * different);
    const right = trueMatches + different - falseMatches;
    if (right > most) gaps = [];
    most = Math.max(most, right);
    if (right === most) gaps.push(i);
  }
  const gap = gaps[(gaps.length - 1) >> 1];
  const width = thresholds[gap + 1] - thresholds[gap];
  const threshold = thresholds[gap] + (Number.isFinite(width) ? width / 2 : 0);
  return { threshold, accuracy: most / (same + different) };
}

/** Of pairs of which there are none, none are matched. */
function rateOf(rate: number): number {
  return Number.isNaN(rate) ? 0 : rate;
}
