import { mean } from "../core/index.ts";
import type { LandmarkEvaluation } from "./evaluate.ts";

/** An offset is worth a word from this share of what errors are divided by, and this many standard errors of its mean. */
const [LEAST_SHARE, LEAST_DEVIATIONS] = [0.005, 4];

/** Origins that labels may have, see `PointDescription`. */
const [LEAST_ORIGIN, MOST_ORIGIN] = [0, 2];

/**
 * Where labels seem to count pixels from, if that is not what was taken for granted. A net that sees mirrored pictures answers
 * what lies between the labels as they are and as they are mirrored, so how far answers are beside the labels is how far these
 * are beside what they mark.
 *
 * @param evaluation of a net that was trained on mirrored pictures, too
 * @param origin that the labels were read with
 * @returns the likely origin, to a tenth; undefined where the given one fits, or none would
 */
export function suggestOrigin({ located, offset }: LandmarkEvaluation, origin: number): number | undefined {
  const shifts = located.flatMap(({ truth, answer, scale }) => {
    const differences = truth.flatMap((point, i) => (point && answer ? [answer[i][0] - point[0]] : []));
    return differences.length > 0 ? [mean(differences) / scale] : [];
  });
  const typical = mean(shifts);
  const variance = mean(shifts.map((shift) => (shift - typical) ** 2));
  const isNotable =
    Math.abs(typical) > LEAST_SHARE &&
    Math.abs(typical) > LEAST_DEVIATIONS * Math.sqrt(variance / shifts.length);
  const likely = Number((origin - offset[0]).toFixed(1));
  const isPossible = likely >= LEAST_ORIGIN && likely <= MOST_ORIGIN && likely !== origin;
  return isNotable && isPossible ? likely : undefined;
}
