import { type CocoGroups, groupCoco } from "./coco-groups.ts";
import { AREA_RANGES, IOU_THRESHOLDS } from "./coco-parameters.ts";
import type { CocoDetection, CocoGroundTruth } from "./coco-types.ts";

/** The detection found no object. */
const WRONG = 0;
/** The detection found an object that counts. */
export const RIGHT = 1;
/** The detection lies in a crowd, or it or its object is out of the area range: it does not count. */
export const IGNORED = 2;

/** How the detections of one class fared, for every area range and IoU threshold. */
export interface ClassMatches {
  /** Number of objects that count, by area range, [A]. */
  counts: Int32Array;
  /** Detections by image, within an image by descending score, [D]. */
  scores: Float64Array;
  /** Place of each detection within its image, best first, [D]. */
  ranks: Int32Array;
  /** Detections of all images by descending score, equal scores by image, [D]. */
  order: Int32Array;
  /** `WRONG`, `RIGHT` or `IGNORED`, [A, T, D]. */
  outcomes: Uint8Array;
}

/** Outcomes of a class's detections at one area range and IoU threshold, [D]. */
export function outcomesAt(match: ClassMatches, area: number, iouIndex: number): Uint8Array {
  const length = match.order.length;
  const start = (area * IOU_THRESHOLDS.length + iouIndex) * length;
  return match.outcomes.subarray(start, start + length);
}

/**
 * Matches detections with ground truth as COCO does: within each image and class, by descending score, each
 * detection takes the free object of highest IoU, objects that count before those that do not.
 *
 * @param maxDetections most detections of one image and class; the rest is left out
 * @returns one entry a category, in their order
 */
export function matchCoco(
  truth: CocoGroundTruth,
  detections: readonly CocoDetection[],
  maxDetections: number,
): ClassMatches[] {
  const groups = groupCoco(truth, detections);
  const objects = describeObjects(truth, groups);
  const scores = Float64Array.from(groups.detections.sources, (source) => detections[source].score);
  return truth.categories.map((_, k) => matchClass(groups, objects, scores, k, maxDetections));
}

/** Areas and crowd flags of the ground truth, in grouped order. */
interface Objects {
  areas: Float64Array;
  crowds: Uint8Array;
}

function describeObjects(truth: CocoGroundTruth, { truth: grouped }: CocoGroups): Objects {
  const annotations = Array.from(grouped.sources, (source) => truth.annotations[source]);
  return {
    areas: Float64Array.from(annotations, ({ area, bbox }) => area ?? bbox[2] * bbox[3]),
    crowds: Uint8Array.from(annotations, ({ iscrowd }) => (iscrowd ? 1 : 0)),
  };
}

/** The detections of one image and class that take part, best first, and where its objects stand. */
interface ImageGroup {
  detections: Int32Array;
  truthStart: number;
  truthEnd: number;
}

function matchClass(
  groups: CocoGroups,
  objects: Objects,
  allScores: Float64Array,
  k: number,
  maxDetections: number,
): ClassMatches {
  const images = pairImages(groups, allScores, k, maxDetections);
  const total = images.reduce((sum, { detections }) => sum + detections.length, 0);
  const scores = new Float64Array(total);
  const ranks = new Int32Array(total);
  const outcomes = new Uint8Array(AREA_RANGES.length * IOU_THRESHOLDS.length * total);
  let position = 0;
  for (const image of images) {
    matchImage(groups, objects, image, outcomes, position, total);
    for (let rank = 0; rank < image.detections.length; rank++, position++) {
      scores[position] = allScores[image.detections[rank]];
      ranks[position] = rank;
    }
  }
  const order = Int32Array.from({ length: total }, (_, i) => i).sort(
    (a, b) => scores[b] - scores[a] || a - b,
  );
  const [start, end] = [groups.truth.classStarts[k], groups.truth.classStarts[k + 1]];
  const counts = Int32Array.from(AREA_RANGES, (range) => countObjects(objects, start, end, range));
  return { counts, scores, ranks, order, outcomes };
}

/** The images in which a class was detected, with the objects that it has there. */
function pairImages(
  groups: CocoGroups,
  scores: Float64Array,
  k: number,
  maxDetections: number,
): ImageGroup[] {
  const { truth, detections } = groups;
  const pairs: ImageGroup[] = [];
  let object = truth.classStarts[k];
  const objectEnd = truth.classStarts[k + 1];
  const detectionEnd = detections.classStarts[k + 1];
  for (let start = detections.classStarts[k], end = start; start < detectionEnd; start = end) {
    const image = detections.images[start];
    while (end < detectionEnd && detections.images[end] === image) end++;
    while (object < objectEnd && truth.images[object] < image) object++;
    const truthStart = object;
    while (object < objectEnd && truth.images[object] === image) object++;
    const best = Int32Array.from({ length: end - start }, (_, i) => start + i)
      .sort((a, b) => scores[b] - scores[a] || a - b)
      .subarray(0, maxDetections);
    pairs.push({ detections: best, truthStart, truthEnd: object });
  }
  return pairs;
}

/** Writes the outcomes of one image's detections of one class, the first of them at `position`. */
function matchImage(
  groups: CocoGroups,
  objects: Objects,
  { detections, truthStart, truthEnd }: ImageGroup,
  outcomes: Uint8Array,
  position: number,
  total: number,
): void {
  const { boxes } = groups.detections;
  const detectionAreas = Float64Array.from(detections, (d) => boxes[4 * d + 2] * boxes[4 * d + 3]);
  const overlaps = cocoIous(groups, objects, detections, truthStart, truthEnd);
  const crowds = objects.crowds.subarray(truthStart, truthEnd);
  const chosen = new Int32Array(detections.length);
  for (let a = 0; a < AREA_RANGES.length; a++) {
    const ignored = crowds.map((crowd, g) =>
      crowd || isOutside(objects.areas[truthStart + g], AREA_RANGES[a]) ? 1 : 0,
    );
    const candidates = countedFirst(ignored);
    for (let t = 0; t < IOU_THRESHOLDS.length; t++) {
      chooseObjects(overlaps, IOU_THRESHOLDS[t], candidates, ignored, crowds, chosen);
      const row = (a * IOU_THRESHOLDS.length + t) * total + position;
      for (let d = 0; d < chosen.length; d++) {
        const doesCount = chosen[d] < 0 ? !isOutside(detectionAreas[d], AREA_RANGES[a]) : !ignored[chosen[d]];
        outcomes[row + d] = doesCount ? (chosen[d] < 0 ? WRONG : RIGHT) : IGNORED;
      }
    }
  }
}

/**
 * Writes into `chosen` the object that each detection takes, best detection first, or −1. A crowd may be
 * taken any number of times; of equal IoUs the later object is taken, as pycocotools does.
 */
function chooseObjects(
  overlaps: Float64Array,
  iouThreshold: number,
  candidates: Int32Array,
  ignored: Uint8Array,
  crowds: Uint8Array,
  chosen: Int32Array,
): void {
  const taken = new Uint8Array(candidates.length);
  for (let d = 0; d < chosen.length; d++) {
    const row = d * candidates.length;
    let best = -1;
    let bestIou = Math.min(iouThreshold, 1 - 1e-10);
    for (const g of candidates) {
      if (taken[g] && !crowds[g]) continue;
      if (best >= 0 && !ignored[best] && ignored[g]) break;
      if (overlaps[row + g] < bestIou) continue;
      bestIou = overlaps[row + g];
      best = g;
    }
    if (best >= 0) taken[best] = 1;
    chosen[d] = best;
  }
}

/** IoU of detections with objects, [D, G]; with a crowd, the share of the detection that lies in it. */
function cocoIous(
  groups: CocoGroups,
  objects: Objects,
  detections: Int32Array,
  truthStart: number,
  truthEnd: number,
): Float64Array {
  const found = groups.detections.boxes;
  const wanted = groups.truth.boxes;
  const overlaps = new Float64Array(detections.length * (truthEnd - truthStart));
  let next = 0;
  for (const detection of detections) {
    const d = 4 * detection;
    const area = found[d + 2] * found[d + 3];
    for (let object = truthStart; object < truthEnd; object++, next++) {
      const g = 4 * object;
      const width =
        Math.min(found[d] + found[d + 2], wanted[g] + wanted[g + 2]) - Math.max(found[d], wanted[g]);
      if (!(width > 0)) continue;
      const height =
        Math.min(found[d + 1] + found[d + 3], wanted[g + 1] + wanted[g + 3]) -
        Math.max(found[d + 1], wanted[g + 1]);
      if (!(height > 0)) continue;
      const shared = width * height;
      const union = objects.crowds[object] ? area : area + wanted[g + 2] * wanted[g + 3] - shared;
      overlaps[next] = shared / union;
    }
  }
  return overlaps;
}

/** Indices of a group's objects, those that count first. */
function countedFirst(ignored: Uint8Array): Int32Array {
  const order = new Int32Array(ignored.length);
  let next = 0;
  for (let g = 0; g < ignored.length; g++) if (!ignored[g]) order[next++] = g;
  for (let g = 0; g < ignored.length; g++) if (ignored[g]) order[next++] = g;
  return order;
}

/** Number of objects from `start` to `end` that are no crowd and lie in the area range. */
function countObjects(
  objects: Objects,
  start: number,
  end: number,
  range: readonly [low: number, high: number],
): number {
  let count = 0;
  for (let i = start; i < end; i++) {
    if (!objects.crowds[i] && !isOutside(objects.areas[i], range)) count++;
  }
  return count;
}

function isOutside(area: number, [low, high]: readonly [low: number, high: number]): boolean {
  return area < low || area > high;
}
