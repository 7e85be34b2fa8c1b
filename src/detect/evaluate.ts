import { FoveaError } from "../core/index.ts";
import { type DetectionSample, type Problem, readablePicture } from "../data/index.ts";
import { PictureMemory } from "../image/index.ts";
import { type DetectedPicture, type DetectionEvaluation, evaluateDetections } from "../metrics/index.ts";
import type { Detector } from "./detector.ts";
import { classesInCommon } from "./match-classes.ts";

/** Score from which on detections are measured: low, so that curves reach their full recall. */
export const EVALUATION_SCORE = 0.001;

/** What can be measured: a detector of whatever kind. */
export type ObjectDetector = Pick<Detector, "classes" | "detect">;

/** What evaluation needs besides the detector. */
export interface EvaluateOptions {
  /** Proposals that were found before, corners `[N, 4]` by samples' ids, for a net that is given them. */
  proposals?: ReadonlyMap<string, Float32Array>;
  /** Pictures decoded before, by path; what is missing is decoded and, if there is room, kept. */
  pictures?: PictureMemory;
  /** Hears of each picture that cannot be read: it is left out. */
  onProblem?: (problem: Problem) => void;
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
  /**
   * The data set's classes, where they are not the model's in the same order: matched by name, see
   * {@link classesInCommon}. What else the model knows does not count.
   */
  classes?: readonly string[];
}

/** A detector's figures on labelled pictures, and what it found in each. */
export interface DetectorEvaluation extends DetectionEvaluation {
  pictures: DetectedPicture[];
}

/**
 * Measures a detector, opened with `scoreThreshold` {@link EVALUATION_SCORE}, on labelled pictures.
 * @throws `classes-differ` for a labelled class that the detector does not know; `split-empty` where no picture can
 *   be read
 */
export async function evaluateDetector(
  detector: ObjectDetector,
  samples: readonly DetectionSample[],
  options: EvaluateOptions = {},
): Promise<DetectorEvaluation> {
  const {
    pictures = new PictureMemory(0),
    proposals,
    onProblem,
    onProgress,
    signal,
    classes = detector.classes,
  } = options;
  const known = classesInCommon(samples, classes, detector.classes);
  const detected: DetectedPicture[] = [];
  for (const [i, { id, path, width, height, boxes }] of samples.entries()) {
    signal?.throwIfAborted();
    const picture = await readablePicture(path, pictures, onProblem);
    onProgress?.(i + 1, samples.length);
    if (!picture) continue;
    const found = await detector.detect(picture, { proposals: proposals?.get(id) });
    detected.push({
      id,
      width,
      height,
      boxes: inCommon(boxes, known.data),
      detections: inCommon(found.detections, known.model).map((one) => ({
        ...one,
        label: known.names[one.classIndex],
      })),
    });
  }
  if (detected.length === 0 && samples.length > 0) {
    throw new FoveaError(
      "split-empty",
      `None of ${samples.length} pictures to measure on can be read; the first is \`${samples[0].path}\`.`,
    );
  }
  return { ...evaluateDetections({ classes: known.names, pictures: detected }), pictures: detected };
}

/** Those of a class that is among `places`, with its place there as their class. */
function inCommon<T extends { classIndex: number }>(list: readonly T[], places: readonly number[]): T[] {
  return list.flatMap((one) => {
    const classIndex = places.indexOf(one.classIndex);
    return classIndex >= 0 ? [{ ...one, classIndex }] : [];
  });
}
