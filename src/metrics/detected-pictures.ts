import { FoveaError, requireRange } from "../core/index.ts";
import type { LabelledBox } from "../data/index.ts";
import type { Xyxy } from "../geometry/index.ts";

/** One detection: what, how sure, where. */
export interface ScoredBox {
  /** Index into the classes. */
  classIndex: number;
  /** The higher the surer; a detector's is in [0, 1]. */
  score: number;
  /** Corners in pixels of the upright picture. */
  box: Xyxy;
}

/** One picture with what there is to find and what was found. */
export interface DetectedPicture {
  /** Name that is unique among the pictures. */
  id: string;
  /** Size in pixels; no figure depends on it. */
  width?: number;
  height?: number;
  boxes: readonly LabelledBox[];
  detections: readonly ScoredBox[];
}

/** Pictures to evaluate a detector on. */
export interface DetectedPictures {
  /** Class names; a class's index is its place. */
  classes: readonly string[];
  pictures: readonly DetectedPicture[];
}

/**
 * Checks that every box and detection is of a known class, every corner and every score a number.
 *
 * @throws FoveaError `class-index`, `box-invalid`, `detection-score`
 */
export function requireValid({ classes, pictures }: DetectedPictures): void {
  const requireClass = (kind: string, id: string, index: number) => {
    if (Number.isInteger(index) && index >= 0 && index < classes.length) return;
    throw new FoveaError(
      "class-index",
      `Picture "${id}": a ${kind} has class index ${index}, but there are ${classes.length} classes.`,
    );
  };
  const requireBox = (kind: string, id: string, box: Xyxy) => {
    if (box.length === 4 && box.every(Number.isFinite)) return;
    throw new FoveaError(
      "box-invalid",
      `Picture "${id}": a ${kind} has the box [${box.join(", ")}], which must be 4 numbers.`,
    );
  };
  for (const { id, boxes, detections } of pictures) {
    for (const { classIndex, box } of boxes) {
      requireClass("labelled box", id, classIndex);
      requireBox("labelled box", id, box);
    }
    for (const { classIndex, score, box } of detections) {
      requireClass("detection", id, classIndex);
      requireBox("detection", id, box);
      if (Number.isNaN(score)) {
        throw new FoveaError("detection-score", `Picture "${id}": the score of a detection is not a number.`);
      }
    }
  }
}

/** Throws `argument-range` for a threshold that nothing can be compared with. */
export function requireThreshold(caller: string, name: string, value: number): void {
  requireRange(caller, name, value, !Number.isNaN(value), "a number");
}
