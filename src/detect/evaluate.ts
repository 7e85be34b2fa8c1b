import type { DetectionSample } from "../data/index.ts";
import { PictureMemory } from "../image/index.ts";
import { type DetectedPicture, type DetectionEvaluation, evaluateDetections } from "../metrics/index.ts";
import type { Detector } from "./detector.ts";

/** Score from which on detections are measured: low, so that curves reach their full recall. */
export const EVALUATION_SCORE = 0.001;

/** What evaluation needs besides the detector. */
export interface EvaluateOptions {
  /** Pictures decoded before, by path; what is missing is decoded and, if there is room, kept. */
  pictures?: PictureMemory;
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/** A detector's figures on labelled pictures, and what it found in each. */
export interface DetectorEvaluation extends DetectionEvaluation {
  pictures: DetectedPicture[];
}

/**
 * Measures a detector, opened with `scoreThreshold` {@link EVALUATION_SCORE}, on labelled pictures. The
 * detector's classes must be the data set's, in the same order.
 */
export async function evaluateDetector(
  detector: Detector,
  samples: readonly DetectionSample[],
  { pictures = new PictureMemory(0), onProgress, signal }: EvaluateOptions = {},
): Promise<DetectorEvaluation> {
  const detected: DetectedPicture[] = [];
  for (const { id, path, width, height, boxes } of samples) {
    signal?.throwIfAborted();
    const { detections } = await detector.detect(await pictures.get(path, () => path));
    detected.push({ id, width, height, boxes, detections });
    onProgress?.(detected.length, samples.length);
  }
  return { ...evaluateDetections({ classes: detector.classes, pictures: detected }), pictures: detected };
}
