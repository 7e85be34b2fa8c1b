import { FoveaError } from "../core/index.ts";
import type { Face } from "./face-finder.ts";
import type { Gallery, GallerySearch } from "./gallery/index.ts";
import { type Calibration, leastRate, thresholdFor } from "./verification/index.ts";

/** A face, and whose it is. */
export interface IdentifiedFace extends Face {
  /** Who it is; undefined for somebody unknown. */
  name?: string;
  /** The nearest people, nearest first, whether they are near enough or not. */
  nearest: { name: string; distance: number }[];
  /** How the gallery was searched. */
  search: GallerySearch;
}

/** People that are named beside the nearest. */
const NAMED = 3;

/**
 * Whose faces these are: of the enrolled person whose face lies nearest, if it lies within the threshold; else of
 * somebody unknown.
 *
 * @param threshold Euclidean distance, from a calibration at {@link pairRate}
 * @throws FoveaError what the gallery throws, `gallery-other-model` among it
 */
export async function identifyFaces(
  gallery: Gallery,
  faces: readonly Face[],
  threshold: number,
): Promise<IdentifiedFace[]> {
  const identified: IdentifiedFace[] = [];
  for (const face of faces) {
    const { matches, search } = await gallery.identify(face.encoding, { top: NAMED });
    const nearest = matches.map(({ name, distance }) => ({ name, distance }));
    const known = nearest.length > 0 && nearest[0].distance <= threshold;
    identified.push({ ...face, name: known ? nearest[0].name : undefined, nearest, search });
  }
  return identified;
}

/**
 * The rate of false matches per pair at which a stranger is taken for somebody with a given probability: the face is
 * compared with each enrolled face, so that the same threshold errs about as many times as often as there are faces. This
 * takes comparisons for independent. The faces of one person are alike, so that strangers are named less often, not more.
 *
 * @param falseAlarmRate in (0, 1)
 * @param faces that are enrolled, of all people together (`faces` of `Gallery.stats`), at least 1
 * @throws FoveaError `argument-range`
 */
export function pairRate(falseAlarmRate: number, faces: number): number {
  if (!(falseAlarmRate > 0 && falseAlarmRate < 1) || !(faces >= 1)) {
    throw new FoveaError(
      "argument-range",
      `pairRate: \`falseAlarmRate\` (=${falseAlarmRate}) must lie between 0 and 1, and \`faces\` (=${faces}) be at least 1.`,
    );
  }
  return -Math.expm1(Math.log1p(-falseAlarmRate) / faces);
}

/** A threshold of identification, and what it stands for. */
export interface IdentificationThreshold {
  threshold: number;
  /** Share of strangers who are taken for somebody: what was asked for, or what can be said at best. */
  falseAlarmRate: number;
  /** Share of pairs of different people that pass for one person. */
  falseMatchRate: number;
}

/**
 * The threshold at which a stranger is taken for somebody with a given probability, among so many enrolled faces
 * ({@link pairRate}). Where the calibration has too few pairs to tell so small a rate, the smallest that it can tell is
 * taken, and what follows from it is returned.
 *
 * @param falseAlarmRate in (0, 1)
 * @param faces that are enrolled, of all people together, at least 1
 * @throws FoveaError `argument-range`; `calibration-too-small` as {@link leastRate}; `calibration-tied` as {@link thresholdFor}
 */
export function identificationThreshold(
  calibration: Calibration,
  falseAlarmRate: number,
  faces: number,
): IdentificationThreshold {
  const wanted = pairRate(falseAlarmRate, faces);
  const falseMatchRate = Math.max(wanted, leastRate(calibration));
  const { threshold } = thresholdFor(calibration, falseMatchRate);
  const alarms =
    falseMatchRate === wanted ? falseAlarmRate : -Math.expm1(faces * Math.log1p(-falseMatchRate));
  return { threshold, falseAlarmRate: alarms, falseMatchRate };
}
