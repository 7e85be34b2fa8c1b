import { mean, requireWhole } from "../core/index.ts";
import { type ClassMatches, IGNORED, matchCoco, outcomesAt, RIGHT } from "./coco-match.ts";
import { AREA_RANGES, IOU_THRESHOLDS, RECALL_THRESHOLDS } from "./coco-parameters.ts";
import type { CocoDetection, CocoGroundTruth, CocoId, CocoStats } from "./coco-types.ts";

/** How COCO evaluation counts. */
export interface CocoOptions {
  /** Most detections of one image and class, for AR1, AR10 and all other figures, ascending. Default [1, 10, 100]. */
  maxDetections?: readonly [number, number, number];
}

/** The figures of one class, each in [0, 1], or −1 where there is nothing to find. */
export interface CocoClassResult {
  id: CocoId;
  name: string;
  /** Number of its objects, crowds left out. */
  count: number;
  /** Mean over the IoU thresholds of the average precision. */
  AP: number;
  AP50: number;
  /** Precision at each IoU threshold and recall, [10, 101] by `iouThresholds` and `recallThresholds`. */
  precision: Float64Array;
}

/** The outcome of COCO evaluation. */
export interface CocoResult {
  stats: CocoStats;
  /** By category, in their order. */
  perClass: CocoClassResult[];
  iouThresholds: Float64Array;
  recallThresholds: Float64Array;
}

/**
 * Evaluates detections as COCO does: the twelve figures are those of pycocotools' `COCOeval` with `bbox`
 * (Lin et al. 2014, "Microsoft COCO: common objects in context"). Detections of categories that the ground
 * truth does not list are left out.
 *
 * @throws FoveaError `coco-invalid`, `coco-image-unknown`, `coco-score`, `argument-range`
 */
export function evaluateCoco(
  groundTruth: CocoGroundTruth,
  detections: readonly CocoDetection[],
  options: CocoOptions = {},
): CocoResult {
  const { maxDetections = [1, 10, 100] } = options;
  for (const most of maxDetections) requireWhole("evaluateCoco", "maxDetections", most, 0);
  return summarizeCoco(groundTruth, matchCoco(groundTruth, detections, maxDetections[2]), maxDetections);
}

/** Turns matches into figures. */
export function summarizeCoco(
  groundTruth: CocoGroundTruth,
  matches: readonly ClassMatches[],
  maxDetections: readonly [number, number, number],
): CocoResult {
  const [few, some, most] = maxDetections;
  const precisions = AREA_RANGES.map((_, a) => matches.map((match) => precisionTable(match, a)));
  const ap = (area: number, iouIndex?: number) =>
    meanOfFound(precisions[area].map((table) => averagePrecision(table, iouIndex)));
  const ar = (area: number, limit: number) =>
    meanOfFound(matches.map((match) => averageRecall(match, area, limit)));
  const perClass = groundTruth.categories.map(({ id, name }, k) => ({
    id,
    name,
    count: matches[k].counts[0],
    AP: averagePrecision(precisions[0][k]),
    AP50: averagePrecision(precisions[0][k], 0),
    precision: precisions[0][k],
  }));
  const stats: CocoStats = {
    AP: ap(0),
    AP50: ap(0, 0),
    AP75: ap(0, 5),
    APsmall: ap(1),
    APmedium: ap(2),
    APlarge: ap(3),
    AR1: ar(0, few),
    AR10: ar(0, some),
    AR100: ar(0, most),
    ARsmall: ar(1, most),
    ARmedium: ar(2, most),
    ARlarge: ar(3, most),
  };
  return {
    stats,
    perClass,
    iouThresholds: IOU_THRESHOLDS.slice(),
    recallThresholds: RECALL_THRESHOLDS.slice(),
  };
}

/** Precision at each IoU threshold and recall, [T, R]: the best at that recall or above; −1 without objects. */
function precisionTable(match: ClassMatches, area: number): Float64Array {
  const table = new Float64Array(IOU_THRESHOLDS.length * RECALL_THRESHOLDS.length);
  const count = match.counts[area];
  if (count === 0) return table.fill(-1);
  const precision = new Float64Array(match.order.length);
  const recall = new Float64Array(match.order.length);
  for (let t = 0; t < IOU_THRESHOLDS.length; t++) {
    const outcomes = outcomesAt(match, area, t);
    let right = 0;
    let counted = 0;
    for (const detection of match.order) {
      if (outcomes[detection] === IGNORED) continue;
      if (outcomes[detection] === RIGHT) right++;
      precision[counted] = right / (counted + 1);
      recall[counted] = right / count;
      counted++;
    }
    for (let i = counted - 1; i > 0; i--) precision[i - 1] = Math.max(precision[i - 1], precision[i]);
    const row = t * RECALL_THRESHOLDS.length;
    for (let r = 0, i = 0; r < RECALL_THRESHOLDS.length; r++) {
      while (i < counted && recall[i] < RECALL_THRESHOLDS[r]) i++;
      if (i === counted) break;
      table[row + r] = precision[i];
    }
  }
  return table;
}

/** Mean of a class's precisions, at one IoU threshold or all; −1 if undefined. */
function averagePrecision(table: Float64Array, iouIndex?: number): number {
  const width = RECALL_THRESHOLDS.length;
  const part = iouIndex === undefined ? table : table.subarray(iouIndex * width, (iouIndex + 1) * width);
  return part.reduce((sum, value) => sum + value, 0) / part.length;
}

/** Mean over the IoU thresholds of the share of objects found with at most `limit` detections an image. */
function averageRecall(match: ClassMatches, area: number, limit: number): number {
  const count = match.counts[area];
  if (count === 0) return -1;
  let right = 0;
  for (let t = 0; t < IOU_THRESHOLDS.length; t++) {
    const outcomes = outcomesAt(match, area, t);
    for (let d = 0; d < outcomes.length; d++) if (outcomes[d] === RIGHT && match.ranks[d] < limit) right++;
  }
  return right / (count * IOU_THRESHOLDS.length);
}

/** Mean of the values that are not −1; −1 if there are none. */
function meanOfFound(values: readonly number[]): number {
  const defined = values.filter((value) => value > -1);
  return defined.length === 0 ? -1 : mean(defined);
}
