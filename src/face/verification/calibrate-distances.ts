import { FoveaError } from "../../core/index.ts";
import type { EncoderModel } from "../encoder-model.ts";
import { bootstrapRates } from "./bootstrap-rates.ts";
import type { Calibration, CalibrationPoint } from "./calibration.ts";
import type { PeopleDistances } from "./people-distances.ts";

/** What a calibration is made of: distances, and whose they are where that is known. */
export type CalibrationDistances =
  | PeopleDistances
  | { same: ArrayLike<number>; different: ArrayLike<number>; people?: undefined };

/** What a calibration says of itself besides. */
export interface CalibrateOptions {
  encoder: EncoderModel;
  /** Whether the encodings are means with those of mirror images. */
  mirror: boolean;
  /** Number of pictures, where known. */
  pictures?: number;
  /** Draws of the bootstrap by people; default 500, none with 0. */
  draws?: number;
  /** Seed of the bootstrap; default 0. */
  seed?: number;
}

/** Steps of a rate within a power of ten (Renard's series R 10). */
const STEPS = [1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8];

/**
 * Measures which distances are how rare between different people.
 *
 * @throws FoveaError `pairs-one-kind` without different or without same pairs, `distance-invalid` for distances that are
 *   not finite: pictures without a face have none
 */
export function calibrateDistances(
  distances: CalibrationDistances,
  { encoder, mirror, pictures, draws = 500, seed = 0 }: CalibrateOptions,
): Calibration {
  requireDistances(distances);
  const order = Uint32Array.from({ length: distances.different.length }, (_, i) => i).sort(
    (a, b) => distances.different[a] - distances.different[b],
  );
  const sorted = Float64Array.from(order, (pair) => distances.different[pair]);
  const same = Float64Array.from(distances.same).sort();
  const points = countsOf(sorted.length).map((count): CalibrationPoint => {
    const distance = sorted[count - 1];
    // Of equal distances all are matched.
    const falseMatches = countUpTo(sorted, distance);
    return { distance, falseMatches, missRate: 1 - countUpTo(same, distance) / same.length };
  });
  const distinct = points.filter(({ distance }, i) => distance !== points[i + 1]?.distance);
  const { people } = distances;
  if (people !== undefined && draws > 0) {
    const counts = distinct.map(({ falseMatches }) => falseMatches);
    const spreads = bootstrapRates(distances, order, counts, { draws, seed });
    for (const [i, spread] of spreads.entries()) distinct[i].spread = spread;
  }
  const sizes = { different: sorted.length, same: same.length, people, pictures };
  return { encoder, mirror, ...sizes, points: distinct };
}

function requireDistances({ same, different }: CalibrationDistances): void {
  if (same.length === 0 || different.length === 0) {
    throw new FoveaError(
      "pairs-one-kind",
      `A calibration needs pairs of both kinds, but there are ${same.length} same and ${different.length} different ones: add people, or pictures of them.`,
    );
  }
  for (const [name, list] of Object.entries({ same, different })) {
    for (let i = 0; i < list.length; i++) {
      if (Number.isFinite(list[i])) continue;
      throw new FoveaError(
        "distance-invalid",
        `\`${name}[${i}]\` (=${list[i]}) is no distance: leave out pairs of pictures without a face.`,
      );
    }
  }
}

/** Numbers of pairs to tell the distance of: steps of all powers of ten as rates, exact for 1, 2 and 5 of them, and 1 … 10. */
function countsOf(total: number): number[] {
  const counts = new Set<number>([total]);
  for (let n = 1; n <= Math.min(10, total); n++) counts.add(n);
  for (let power = 1; power * total >= 1; power /= 10) {
    for (const step of STEPS) {
      const count = Math.floor((step * power * total) / 10 + 1e-9);
      if (count >= 1 && count <= total) counts.add(count);
    }
  }
  return [...counts].sort((a, b) => a - b);
}

/** How many of ascending numbers are not above a value. */
function countUpTo(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
