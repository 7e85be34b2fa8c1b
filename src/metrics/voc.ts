import type { LabelledBox } from "../data/index.ts";
import { iou, type Xyxy } from "../geometry/index.ts";
import {
  type DetectedPictures,
  requireThreshold,
  requireValid,
  type ScoredBox,
} from "./detected-pictures.ts";
import { elevenPointAp, everyPointAp } from "./voc-average-precision.ts";

/** How Pascal VOC evaluation counts. */
export interface VocOptions {
  /** A detection is right from this IoU on. Default 0.5. */
  iouThreshold?: number;
  /**
   * Corners name pixels that belong to the box, so that its width is x2 − x1 + 1, as in VOC's files and its
   * development kit. Default false: continuous coordinates, as everywhere in Fovea.
   */
  inclusivePixels?: boolean;
}

/** The two average precisions of Pascal VOC, each in [0, 1], or NaN where there is nothing to find. */
export interface VocAp {
  /** VOC 2007: mean precision at eleven recalls. */
  elevenPoint: number;
  /** VOC 2010 and later: area under the curve. */
  everyPoint: number;
}

/** The figures of one class. */
export interface VocClassResult extends VocAp {
  name: string;
  /** Number of its objects, difficult ones left out. */
  count: number;
}

/** The outcome of Pascal VOC evaluation: means over the classes that have objects, and each class. */
export interface VocResult extends VocAp {
  perClass: VocClassResult[];
}

/**
 * Evaluates detections as Pascal VOC does (Everingham et al. 2010): by descending score, a detection is
 * right if the object of its class that it overlaps most reaches the IoU threshold and was not found before.
 * Objects marked `difficult` (and crowds) count neither when found nor when missed.
 *
 * @throws FoveaError `class-index`, `box-invalid`, `detection-score`, `argument-range`
 */
export function evaluateVoc(input: DetectedPictures, options: VocOptions = {}): VocResult {
  requireValid(input);
  const { iouThreshold = 0.5, inclusivePixels = false } = options;
  requireThreshold("evaluateVoc", "iouThreshold", iouThreshold);
  const overlap = inclusivePixels ? inclusiveIou : iou;
  const perClass = input.classes.map((name, classIndex): VocClassResult => {
    const { right, count } = judgeClass(input, classIndex, iouThreshold, overlap);
    return { name, count, elevenPoint: elevenPointAp(right, count), everyPoint: everyPointAp(right, count) };
  });
  const counted = perClass.filter(({ count }) => count > 0);
  const mean = (pick: (result: VocAp) => number) =>
    counted.reduce((sum, result) => sum + pick(result), 0) / counted.length;
  return {
    elevenPoint: mean(({ elevenPoint }) => elevenPoint),
    everyPoint: mean(({ everyPoint }) => everyPoint),
    perClass,
  };
}

/** An object, and whether a detection has found it yet. */
interface Target {
  object: LabelledBox;
  found: boolean;
}

/** Whether each counted detection of a class is right, by descending score, and the number of objects. */
function judgeClass(
  { pictures }: DetectedPictures,
  classIndex: number,
  iouThreshold: number,
  overlap: (a: Xyxy, b: Xyxy) => number,
): { right: boolean[]; count: number } {
  const claims: { detection: ScoredBox; targets: Target[] }[] = [];
  let count = 0;
  for (const { boxes, detections } of pictures) {
    const objects = boxes.filter((box) => box.classIndex === classIndex);
    const targets = objects.map((object) => ({ object, found: false }));
    count += objects.filter((object) => !isLeftOut(object)).length;
    for (const detection of detections) {
      if (detection.classIndex === classIndex) claims.push({ detection, targets });
    }
  }
  claims.sort((a, b) => b.detection.score - a.detection.score);
  const right: boolean[] = [];
  for (const { detection, targets } of claims) {
    const target = mostOverlapped(detection.box, targets, iouThreshold, overlap);
    if (target !== undefined && isLeftOut(target.object)) continue;
    right.push(target !== undefined && !target.found);
    if (target !== undefined) target.found = true;
  }
  return { right, count };
}

/** The object of highest overlap, if that reaches the threshold; of equal overlaps the first. */
function mostOverlapped(
  box: Xyxy,
  targets: readonly Target[],
  iouThreshold: number,
  overlap: (a: Xyxy, b: Xyxy) => number,
): Target | undefined {
  let best: Target | undefined;
  let bestIou = Number.NEGATIVE_INFINITY;
  for (const target of targets) {
    const value = overlap(box, target.object.box);
    if (value > bestIou) {
      best = target;
      bestIou = value;
    }
  }
  return bestIou >= iouThreshold ? best : undefined;
}

function isLeftOut({ difficult, crowd }: LabelledBox): boolean {
  return difficult === true || crowd === true;
}

/** IoU of boxes whose corners are pixels inside them. */
function inclusiveIou(a: Xyxy, b: Xyxy): number {
  return iou([a[0], a[1], a[2] + 1, a[3] + 1], [b[0], b[1], b[2] + 1, b[3] + 1]);
}
