import { FoveaError } from "../core/index.ts";
import { type PointSample, type Problem, readableSamples } from "../data/index.ts";
import type { Picture, PictureMemory } from "../image/index.ts";
import {
  evaluatePoints,
  type LocatedPoints,
  type PointEvaluation,
  type PointNormalizer,
  pointNormalizers,
  pointScale,
} from "../metrics/index.ts";
import type { Landmarker, Landmarks } from "./landmarker.ts";
import type { PointScheme } from "./point-schemes.ts";
import { boxOfSample, type GivenBoxes, isThere, USUAL_MARGIN } from "./regions.ts";

/** How to measure a net of points. */
export interface EvaluatePointsOptions {
  /** What is known of the data's points. */
  scheme: PointScheme;
  /** What errors are divided by; default: {@link usualNormalizer}. */
  normalize?: PointNormalizer;
  /**
   * Boxes that the net shall look at, for example a detector's; undefined where none was found, which counts as missed.
   * Default: the labelled ones, or those of the true points. Errors are divided by the size of these in either case.
   */
  boxes?: GivenBoxes;
  /** Lets nets of one's own look at the whole picture instead of a box. */
  wholePicture?: boolean;
  /** Pictures decoded before. */
  memory?: PictureMemory;
  onProgress?: (done: number, total: number) => void;
  /** Hears of pictures that cannot be read, and of things whose size cannot be told; they are left out. */
  onProblem?: (problem: Problem) => void;
  signal?: AbortSignal;
}

/** A net's figures on labelled pictures. */
export interface LandmarkEvaluation extends PointEvaluation {
  normalize: PointNormalizer;
  /** Pictures without the thing, and the share of them in which the net says it is; NaN for nets that do not say. */
  backgrounds: number;
  falseAlarms: number;
  /** Share of the things of which the net says that they are not there. */
  overlooked: number;
  /** What was found, by sample. */
  located: (LocatedPoints & { presence?: number })[];
}

/** Probability from which on a thing is said to be there. */
const PRESENT = 0.5;

/**
 * What errors are divided by where nothing is said: the distance of the eyes where it is known which they are, else the box's
 * size; where no sample has such a length, as with one point alone, the picture's diagonal.
 */
export function usualNormalizer(scheme: PointScheme, samples: readonly PointSample[]): PointNormalizer {
  const usual: PointNormalizer[] = scheme.eyes ? ["interocular", "box", "picture"] : ["box", "picture"];
  const canMeasure = (normalize: PointNormalizer) =>
    samples.some((sample) => isThere(sample) && scaleOf(sample, normalize, scheme) !== undefined);
  return usual.find(canMeasure) ?? usual[0];
}

/**
 * Measures a net on labelled pictures.
 * @throws FoveaError `points-differ` where its points are not the data's; `normalizer-unknown` for "interocular" where it is
 *   not known which points are the eyes; `split-empty` where nothing is left to measure
 */
export async function evaluateLandmarker(
  landmarker: Landmarker,
  samples: readonly PointSample[],
  options: EvaluatePointsOptions,
): Promise<LandmarkEvaluation> {
  const { scheme, normalize = usualNormalizer(scheme, samples), memory, onProblem } = options;
  if (normalize === "interocular" && !scheme.eyes) {
    throw new FoveaError(
      "normalizer-unknown",
      `It is not known which points are the eyes: say so by \`interocular\` in points.yaml beside the data, or choose another normaliser (${pointNormalizers.filter((name) => name !== "interocular").join(", ")}).`,
    );
  }
  const places = placesOf(scheme.names, landmarker.card.points);
  const located: LandmarkEvaluation["located"] = [];
  const backgrounds: number[] = [];
  for await (const { sample, picture } of readableSamples(samples, { ...options, pictures: memory })) {
    const found = await locate(landmarker, picture, sample, options);
    const answer = found && places.map((place) => found.points[place]);
    const { id, points: truth } = sample;
    const scale = scaleOf(sample, normalize, scheme);
    if (!isThere(sample)) backgrounds.push(presenceOf(found, landmarker));
    else if (scale) located.push({ id, truth, answer, scale, presence: found?.presence });
    else {
      const detail = `\`${id}\` has no length to measure by (${normalize}): left out.`;
      onProblem?.({ kind: "example-unreadable", file: sample.path, detail });
    }
  }
  if (located.length === 0) {
    throw new FoveaError(
      "split-empty",
      "No picture with labelled points is left to measure on: check the data and the split.",
    );
  }
  return {
    ...evaluatePoints(scheme.names, located),
    normalize,
    backgrounds: backgrounds.length,
    falseAlarms: shareOf(backgrounds, (presence) => presence >= PRESENT),
    overlooked: shareOf(
      located.flatMap(({ presence }) => presence ?? []),
      (presence) => presence < PRESENT,
    ),
    located,
  };
}

/** What a sample's errors are divided by, in pixels; undefined where it has no such length. */
export function scaleOf(
  sample: PointSample,
  normalize: PointNormalizer,
  { eyes }: PointScheme,
): number | undefined {
  return pointScale(normalize, sample.points, sample.box, eyes, sample);
}

/** How sure it is that the thing is there; 0 where no box was found to look at, NaN of nets that do not say. */
function presenceOf(found: Landmarks | undefined, { card }: Landmarker): number {
  if (card.subject !== "region") return Number.NaN;
  return found ? (found.presence ?? Number.NaN) : 0;
}

function shareOf(values: readonly number[], test: (value: number) => boolean): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.filter(test).length / known.length;
}

/** Where each of the data's points stands among the net's: by name, or by order where names have nothing in common. */
function placesOf(names: readonly string[], known: readonly string[]): number[] {
  const places = names.map((name) => known.indexOf(name));
  if (places.every((place) => place >= 0)) return places;
  const common = places.filter((place) => place >= 0).length;
  if (common === 0 && names.length === known.length) return names.map((_, i) => i);
  const missing = names[places.indexOf(-1)];
  throw new FoveaError(
    "points-differ",
    `The data have ${names.length} points and the model finds ${known.length}; it does not know "${missing}": measure on data of the points that it was trained on.`,
  );
}

async function locate(
  landmarker: Landmarker,
  picture: Picture,
  sample: PointSample,
  { boxes, wholePicture }: EvaluatePointsOptions,
): Promise<Landmarks | undefined> {
  const { subject, margin = USUAL_MARGIN } = landmarker.card;
  if (subject === "picture" || (wholePicture && subject === "region")) {
    return (await landmarker.locate(picture))[0];
  }
  const box = boxes ? boxes.get(sample.id) : boxOfSample(sample, margin);
  return box && (await landmarker.locate(picture, [box]))[0];
}
