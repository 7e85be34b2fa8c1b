import { type DetectionSample, type ReadableOptions, readableSamples } from "../data/index.ts";
import type { Picture } from "../image/index.ts";
import {
  type DetectedPicture,
  type DetectionError,
  type DetectionEvaluation,
  detectionErrors,
  evaluateDetections,
} from "../metrics/index.ts";
import type { DetectionResult } from "./detector.ts";
import { classesInCommon } from "./match-classes.ts";

/** Score from which on detections are measured: low, so that curves reach their full recall. */
export const EVALUATION_SCORE = 0.001;

/** What can be measured: a detector of whatever kind. */
export interface ObjectDetector {
  readonly classes: readonly string[];
  detect(picture: Picture, given?: { proposals?: Float32Array }): Promise<DetectionResult>;
}

/** What evaluation needs besides the detector. */
export interface EvaluateOptions extends ReadableOptions {
  /** Proposals that were found before, corners `[N, 4]` by samples' ids, for a net that is given them. */
  proposals?: ReadonlyMap<string, Float32Array>;
  /**
   * The data set's classes, where they are not the model's in the same order: matched by name, see
   * {@link classesInCommon}. Those that the model does not tell apart count as one; what else it knows does not count.
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
  const { proposals, classes = detector.classes, ...going } = options;
  const known = classesInCommon(samples, classes, detector.classes);
  const detected: DetectedPicture[] = [];
  for await (const { sample, picture } of readableSamples(samples, going)) {
    const { id, width, height, boxes } = sample;
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
  return { ...evaluateDetections({ classes: known.names, pictures: detected }), pictures: detected };
}

/** What a detector did wrong at its best threshold: false finds, the surest first, and the objects that it missed. */
export function detectorErrors({ perClass, pictures, bestThreshold }: DetectorEvaluation): {
  falseFinds: DetectionError[];
  missed: DetectionError[];
} {
  const errors = detectionErrors({ classes: perClass.map(({ name }) => name), pictures }, bestThreshold);
  return {
    falseFinds: errors.filter(({ kind }) => kind !== "missed"),
    missed: errors.filter(({ kind }) => kind === "missed"),
  };
}

/** Those of a class that has a place among others, with that as their class. @param places by class, −1 for none */
function inCommon<T extends { classIndex: number }>(list: readonly T[], places: readonly number[]): T[] {
  return list.flatMap((one) => {
    const classIndex = places[one.classIndex];
    return classIndex >= 0 ? [{ ...one, classIndex }] : [];
  });
}
