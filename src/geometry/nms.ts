import { FoveaError, requireRange } from "../core/index.ts";
import { countBoxes, type FlatBoxes } from "./flat-boxes.ts";
import { flatAreas } from "./iou.ts";

/** What non-max suppression keeps. */
export interface NmsOptions {
  /** A box is dropped if its IoU with a better, kept one is at least this. Default 0.5. */
  iouThreshold?: number;
  /** Boxes whose score is at or below this are dropped first. Default: none is. */
  scoreThreshold?: number;
  /** At most this many boxes are kept, the best ones. Default: no limit. */
  maxDetections?: number;
}

/**
 * Non-max suppression: while boxes remain, keeps the one with the highest score and drops the rest that
 * overlap it. Of equal scores the first in the list goes first; a box whose score is NaN is dropped.
 *
 * @param boxes flat corners, [N, 4]
 * @param scores [N]
 * @returns indices of the kept boxes by descending score
 * @throws FoveaError `boxes-not-flat`, `scores-length`, `argument-range`
 */
export function nms(boxes: FlatBoxes, scores: ArrayLike<number>, options: NmsOptions = {}): number[] {
  requireLength("scores", scores, countBoxes(boxes));
  return suppress(boxes, scores, undefined, options);
}

/**
 * Non-max suppression within each class: boxes of different classes never suppress each other.
 *
 * @param boxes flat corners, [N, 4]
 * @param scores [N]
 * @param classIndices [N]
 * @returns indices of the kept boxes of all classes by descending score; `maxDetections` counts all classes
 * @throws FoveaError `boxes-not-flat`, `scores-length`, `class-indices-length`, `argument-range`
 */
export function nmsPerClass(
  boxes: FlatBoxes,
  scores: ArrayLike<number>,
  classIndices: ArrayLike<number>,
  options: NmsOptions = {},
): number[] {
  requireLength("scores", scores, countBoxes(boxes));
  requireLength("classIndices", classIndices, countBoxes(boxes));
  return suppress(boxes, scores, classIndices, options);
}

/** Non-max suppression among the boxes of one class each, or all of one if there are no classes. */
function suppress(
  boxes: FlatBoxes,
  scores: ArrayLike<number>,
  classIndices: ArrayLike<number> | undefined,
  options: NmsOptions,
): number[] {
  const { iouThreshold = 0.5, scoreThreshold = Number.NEGATIVE_INFINITY } = options;
  const { maxDetections = Number.POSITIVE_INFINITY } = options;
  requireRange("nms", "iouThreshold", iouThreshold, !Number.isNaN(iouThreshold), "a number");
  requireRange("nms", "scoreThreshold", scoreThreshold, !Number.isNaN(scoreThreshold), "a number");
  requireRange("nms", "maxDetections", maxDetections, maxDetections >= 0, "a number ≥ 0");
  const areas = flatAreas(boxes);
  const kept: number[] = [];
  for (const candidate of byDescendingScore(scores, scoreThreshold)) {
    if (kept.length >= maxDetections) break;
    let isFree = true;
    for (let i = 0; isFree && i < kept.length; i++) {
      if (classIndices && classIndices[kept[i]] !== classIndices[candidate]) continue;
      isFree = overlap(boxes, areas, kept[i], candidate) < iouThreshold;
    }
    if (isFree) kept.push(candidate);
  }
  return kept;
}

/** Indices of the scores above the threshold, best first. */
function byDescendingScore(scores: ArrayLike<number>, scoreThreshold: number): number[] {
  const order: number[] = [];
  for (let i = 0; i < scores.length; i++) if (scores[i] > scoreThreshold) order.push(i);
  return order.sort((i, j) => scores[j] - scores[i] || i - j);
}

/** IoU of two boxes of a flat array. */
function overlap(boxes: FlatBoxes, areas: Float64Array, i: number, j: number): number {
  const a = 4 * i;
  const b = 4 * j;
  const width = Math.min(boxes[a + 2], boxes[b + 2]) - Math.max(boxes[a], boxes[b]);
  if (!(width > 0)) return 0;
  const height = Math.min(boxes[a + 3], boxes[b + 3]) - Math.max(boxes[a + 1], boxes[b + 1]);
  if (!(height > 0)) return 0;
  const intersection = width * height;
  return intersection / (areas[i] + areas[j] - intersection);
}

function requireLength(name: "scores" | "classIndices", values: ArrayLike<number>, count: number): void {
  if (values.length === count) return;
  throw new FoveaError(
    name === "scores" ? "scores-length" : "class-indices-length",
    `nms: \`${name}\` has ${values.length} entries for ${count} boxes; give one entry a box.`,
  );
}
