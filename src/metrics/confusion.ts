import type { LabelledBox } from "../data/index.ts";
import { boxArea, intersectionArea, iou } from "../geometry/index.ts";
import {
  type DetectedPicture,
  type DetectedPictures,
  requireThreshold,
  requireValid,
  type ScoredBox,
} from "./detected-pictures.ts";

/** What was taken for what. */
export interface ConfusionMatrix {
  /** The classes and, last, "background". */
  labels: string[];
  /**
   * `counts[actual][predicted]`, [K + 1, K + 1]. The last column counts missed objects, the last row
   * detections where there is no object; their common cell is 0.
   */
  counts: number[][];
  iouThreshold: number;
  scoreThreshold: number;
}

/** Which detections a confusion matrix counts. */
export interface ConfusionOptions {
  /** A detection belongs to an object from this IoU on. Default 0.5. */
  iouThreshold?: number;
  /** Detections below this score are left out. Default 0.5. */
  scoreThreshold?: number;
}

/**
 * Counts what a detector takes for what. Whatever their classes, objects and detections are paired by
 * descending IoU (of equal IoUs the right class first, then the higher score), each once. A detection that
 * lies in a crowd by at least the IoU threshold, and a crowd itself, are not counted.
 *
 * @throws FoveaError `class-index`, `box-invalid`, `detection-score`, `argument-range`
 */
export function confusionMatrix(input: DetectedPictures, options: ConfusionOptions = {}): ConfusionMatrix {
  requireValid(input);
  const { iouThreshold = 0.5, scoreThreshold = 0.5 } = options;
  requireThreshold("confusionMatrix", "iouThreshold", iouThreshold);
  requireThreshold("confusionMatrix", "scoreThreshold", scoreThreshold);
  const background = input.classes.length;
  const labels = [...input.classes, "background"];
  const counts = labels.map(() => labels.map(() => 0));
  for (const picture of input.pictures) {
    const objects = picture.boxes.filter(({ crowd }) => !crowd);
    const detections = picture.detections.filter(({ score }) => score >= scoreThreshold);
    const takenBy = pair(objects, detections, iouThreshold);
    for (const object of objects) {
      counts[object.classIndex][takenBy.get(object)?.classIndex ?? background]++;
    }
    const used = new Set(takenBy.values());
    for (const detection of detections) {
      if (used.has(detection) || liesInCrowd(detection, picture, iouThreshold)) continue;
      counts[background][detection.classIndex]++;
    }
  }
  return { labels, counts, iouThreshold, scoreThreshold };
}

/** The detection that takes each object. */
function pair(
  objects: readonly LabelledBox[],
  detections: readonly ScoredBox[],
  iouThreshold: number,
): Map<LabelledBox, ScoredBox> {
  const candidates: { object: LabelledBox; detection: ScoredBox; overlap: number; agrees: number }[] = [];
  for (const object of objects) {
    for (const detection of detections) {
      const overlap = iou(object.box, detection.box);
      if (overlap < iouThreshold) continue;
      candidates.push({
        object,
        detection,
        overlap,
        agrees: Number(object.classIndex === detection.classIndex),
      });
    }
  }
  candidates.sort(
    (a, b) => b.overlap - a.overlap || b.agrees - a.agrees || b.detection.score - a.detection.score,
  );
  const takenBy = new Map<LabelledBox, ScoredBox>();
  const used = new Set<ScoredBox>();
  for (const { object, detection } of candidates) {
    if (takenBy.has(object) || used.has(detection)) continue;
    takenBy.set(object, detection);
    used.add(detection);
  }
  return takenBy;
}

/** Whether enough of a detection lies in a crowd, of whatever class. */
export function liesInCrowd({ box }: ScoredBox, { boxes }: DetectedPicture, share: number): boolean {
  return boxes.some(
    (object) => object.crowd && intersectionArea(box, object.box) >= share * boxArea(box) && boxArea(box) > 0,
  );
}
