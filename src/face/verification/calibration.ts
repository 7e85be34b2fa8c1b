import { FoveaError } from "../../core/index.ts";
import { clopperPearsonInterval, type Interval } from "../../metrics/index.ts";
import type { EncoderModel } from "../encoder-model.ts";

/** What happens if pairs up to a distance are taken for the same. */
export interface CalibrationPoint {
  distance: number;
  /** Different pairs that are not farther apart. */
  falseMatches: number;
  /** Share of the same pairs that are farther apart, in [0, 1]; NaN without same pairs. */
  missRate: number;
  /**
   * Where the false-match rate lies for other people like these: 95 % of what one finds who draws as many of these people
   * again and again (a bootstrap by people). Missing where the pairs' people are not known.
   */
  spread?: Interval;
}

/**
 * Which distances of an encoder are how rare between two people: measured on pairs of known people.
 *
 * Pairs that share a picture or a person are not independent. The binomial intervals that {@link thresholdFor} and
 * {@link falseMatchRateAt} give are therefore too short; `spread` of the points takes the people into account. Both hold
 * for people and pictures like the measured ones: relatives, children, or a group whose faces the encoder knows less well
 * are mistaken more often.
 */
export interface Calibration {
  encoder: EncoderModel;
  /** Whether the encodings are means with those of mirror images; their distances are others. */
  mirror: boolean;
  /** Numbers of pairs. */
  different: number;
  same: number;
  /** Numbers of people and of their pictures, where known. */
  people?: number;
  pictures?: number;
  /** By ascending distance: quantiles of the different pairs' distances, their rates spaced by logarithms down to one pair. */
  points: CalibrationPoint[];
}

/** A threshold, and what it stands for. */
export interface CalibratedThreshold {
  /** Pairs up to this distance are taken for the same. */
  threshold: number;
  /** Measured false-match rate there: what was asked for, or a little less. */
  falseMatchRate: number;
  /** Its interval at 95 % by Clopper and Pearson, as if the pairs were independent. */
  interval: Interval;
  /** Its interval by a bootstrap of people; see {@link CalibrationPoint.spread}. */
  spread?: Interval;
  /** Share of the same pairs that the threshold misses. */
  missRate: number;
}

/** Rule of three: who saw nothing in n trials can exclude, at 95 %, rates above about 3 / n. */
const RULE_OF_THREE = 3;

/** A threshold at which more strangers pass than are refused is none. */
const MOST_RATE = 0.5;

/**
 * The threshold at which no more than a share of different pairs is taken for the same.
 *
 * @param falseMatchRate in (0, 1]
 * @throws FoveaError `argument-range`; `calibration-too-small` with fewer than 3 / rate different pairs, of which one could
 *   not tell whether they hold the rate; `calibration-tied` where more pairs than the rate allows lie at the smallest
 *   distance
 */
export function thresholdFor(calibration: Calibration, falseMatchRate: number): CalibratedThreshold {
  if (!(falseMatchRate > 0 && falseMatchRate <= 1)) {
    throw new FoveaError(
      "argument-range",
      `\`falseMatchRate\` (=${falseMatchRate}) must be more than 0 and at most 1, for example 0.001.`,
    );
  }
  const { different, points } = calibration;
  const needed = Math.ceil(RULE_OF_THREE / falseMatchRate - 1e-9);
  if (different < needed) {
    throw tooSmall(different, `A false-match rate of ${falseMatchRate}`, needed);
  }
  const allowed = falseMatchRate * different * (1 + 1e-9);
  const point = points.findLast(({ falseMatches }) => falseMatches <= allowed);
  if (!point) throw tied(calibration, falseMatchRate);
  return {
    threshold: point.distance,
    falseMatchRate: point.falseMatches / different,
    interval: clopperPearsonInterval(point.falseMatches, different),
    spread: point.spread,
    missRate: point.missRate,
  };
}

/**
 * The smallest false-match rate that a calibration can tell.
 * @throws FoveaError `calibration-too-small` where that would be more than {@link MOST_RATE}
 */
export function leastRate({ different }: Pick<Calibration, "different">): number {
  const least = RULE_OF_THREE / different;
  if (least <= MOST_RATE) return least;
  throw tooSmall(different, "A threshold", Math.ceil(RULE_OF_THREE / MOST_RATE));
}

function tooSmall(different: number, what: string, needed: number): FoveaError {
  const count = (n: number) => n.toLocaleString("en-US");
  const least = RULE_OF_THREE / different;
  const orMore = least <= MOST_RATE ? `, or ask for ${roundedUp(least)} or more` : "";
  return new FoveaError(
    "calibration-too-small",
    `${what} needs ${count(needed)} pairs of different people to be measured, but the calibration has ${count(different)}: calibrate with more pictures${orMore}.`,
  );
}

/** To two digits, which are not less. */
function roundedUp(rate: number): number {
  const unit = 10 ** (Math.floor(Math.log10(rate)) - 1);
  return Number((Math.ceil(rate / unit - 1e-9) * unit).toPrecision(2));
}

/** No distance takes fewer pairs for the same than there are at the smallest. */
function tied({ different, points: [{ distance, falseMatches }] }: Calibration, rate: number): FoveaError {
  const least = Math.ceil((1000 * falseMatches) / different) / 1000;
  const smallest = Number(distance.toPrecision(3));
  return new FoveaError(
    "calibration-tied",
    `${falseMatches} of ${different} pairs of different people lie at one distance, ${smallest}, and none nearer, so no threshold holds a false-match rate of ${rate}: one picture seems to be among those of several people; remove it and calibrate again, or ask for ${least} or more.`,
  );
}

/** How many different pairs lie as near as a distance. */
export interface RateAtDistance {
  /** Share of them; where none of the calibration lies that near, the upper end of the interval. */
  rate: number;
  /** Whether the rate is only known not to be higher. */
  atMost: boolean;
  /** Its interval at 95 % by Clopper and Pearson, as if the pairs were independent. */
  interval: Interval;
}

/**
 * The share of different pairs that are not farther apart than a distance. Between two points of the calibration the rate
 * is interpolated by its logarithm, and the interval holds those of both.
 */
export function falseMatchRateAt({ different, points }: Calibration, distance: number): RateAtDistance {
  const at = points.findLastIndex((point) => point.distance <= distance);
  if (at < 0) {
    const interval = clopperPearsonInterval(0, different);
    return { rate: interval[1], atMost: true, interval };
  }
  const below = points[at];
  const above = points[at + 1] ?? below;
  const share = above === below ? 0 : (distance - below.distance) / (above.distance - below.distance);
  const matches = below.falseMatches * (above.falseMatches / below.falseMatches) ** share;
  // The count at the next point is reached there only.
  const most = Math.max(
    below.falseMatches,
    distance < above.distance ? above.falseMatches - 1 : above.falseMatches,
  );
  return {
    rate: matches / different,
    atMost: false,
    interval: [
      clopperPearsonInterval(below.falseMatches, different)[0],
      clopperPearsonInterval(most, different)[1],
    ],
  };
}
