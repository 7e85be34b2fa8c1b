import { requireWhole } from "../core/index.ts";
import { xyxyToXywh } from "../geometry/index.ts";
import { type CocoResult, summarizeCoco } from "./coco.ts";
import { type ClassMatches, IGNORED, matchCoco, outcomesAt, RIGHT } from "./coco-match.ts";
import type { CocoDetection, CocoGroundTruth, CocoStats } from "./coco-types.ts";
import { type ConfusionMatrix, confusionMatrix } from "./confusion.ts";
import { type DetectedPictures, requireThreshold, requireValid } from "./detected-pictures.ts";
import { bestF1, curveAt, meanCurve, type ScoreCurve, scoreCurve } from "./score-curve.ts";
import { evaluateVoc, type VocAp } from "./voc.ts";

/** How a detector is evaluated. */
export interface DetectionEvaluationOptions {
  /** Score from which on detections enter the confusion matrix and the classes' precision, recall and F1.
   * Default: that of the highest mean F1. */
  scoreThreshold?: number;
  /** Most detections of one picture and class. Default 100. */
  maxDetections?: number;
}

/** The figures of one class, each in [0, 1]; all NaN where there is nothing to find, whatever is detected. */
export interface DetectionClassResult {
  name: string;
  /** Number of its objects, crowds left out. */
  count: number;
  AP50: number;
  AP50_95: number;
  /** Precision at the evaluation's score threshold; NaN if nothing is detected there. */
  precision: number;
  /** Recall at the evaluation's score threshold. */
  recall: number;
  /** F1 at the evaluation's score threshold. */
  f1: number;
  /** The middle of the score thresholds that would be best for this class alone; NaN if there is none. */
  bestThreshold: number;
}

/** All that is known about how well a detector does. */
export interface DetectionEvaluation {
  /** COCO's AP50: mean over classes of the average precision at IoU 0.5; NaN without objects. */
  mAP50: number;
  /** COCO's AP: mean over classes and the IoU thresholds .50, .55 … .95; NaN without objects. */
  mAP50_95: number;
  /** COCO's twelve figures, −1 where undefined. */
  coco: CocoStats;
  /** Pascal VOC's mean average precisions at IoU 0.5, difficult objects left out. */
  voc: VocAp;
  /** By class, in their order. */
  perClass: DetectionClassResult[];
  /** At IoU 0.5: exact ones of each class, and their mean over the classes that have objects. */
  curves: { perClass: ScoreCurve[]; mean: ScoreCurve };
  /** The threshold of the highest mean F1 over the classes; 0.5 if there is nothing to find. */
  bestThreshold: number;
  /** At IoU 0.5 and the evaluation's score threshold. */
  confusion: ConfusionMatrix;
}

/**
 * Evaluates a detector on labelled pictures. Curves follow COCO's matching at IoU 0.5, so that a
 * class's AP50 is the area under its precision-recall curve as COCO samples it: crowds are ignored, difficult objects are objects
 * (only the VOC figures leave them out).
 *
 * @throws FoveaError `class-index`, `box-invalid`, `detection-score`, `argument-range`
 */
export function evaluateDetections(
  input: DetectedPictures,
  options: DetectionEvaluationOptions = {},
): DetectionEvaluation {
  requireValid(input);
  const { maxDetections = 100 } = options;
  requireWhole("evaluateDetections", "maxDetections", maxDetections, 1);
  const { truth, detections } = toCoco(input);
  const matches = matchCoco(truth, detections, maxDetections);
  const coco = summarizeCoco(truth, matches, [1, 10, maxDetections]);
  const perClass = matches.map(curveOfClass);
  const curves = { perClass, mean: meanCurve(perClass) };
  const bestThreshold = bestF1(curves.mean)?.threshold ?? 0.5;
  const scoreThreshold = options.scoreThreshold ?? bestThreshold;
  requireThreshold("evaluateDetections", "scoreThreshold", scoreThreshold);
  const { elevenPoint, everyPoint } = evaluateVoc(input);
  return {
    mAP50: nanIfUndefined(coco.stats.AP50),
    mAP50_95: nanIfUndefined(coco.stats.AP),
    coco: coco.stats,
    voc: { elevenPoint, everyPoint },
    perClass: describeClasses(coco, perClass, scoreThreshold),
    curves,
    bestThreshold,
    confusion: confusionMatrix(input, { scoreThreshold }),
  };
}

/** Pictures and classes under their places, so that COCO's order of ids is theirs. */
function toCoco({ classes, pictures }: DetectedPictures): {
  truth: CocoGroundTruth;
  detections: CocoDetection[];
} {
  const truth: CocoGroundTruth = {
    images: pictures.map((_, imageId) => imageId),
    categories: classes.map((name, id) => ({ id, name })),
    annotations: pictures.flatMap(({ boxes }, imageId) =>
      boxes.map(({ classIndex, box, area, crowd }) => ({
        imageId,
        categoryId: classIndex,
        bbox: xyxyToXywh(box),
        area,
        iscrowd: crowd,
      })),
    ),
  };
  const detections = pictures.flatMap((picture, imageId) =>
    picture.detections.map(({ classIndex, score, box }) => ({
      imageId,
      categoryId: classIndex,
      bbox: xyxyToXywh(box),
      score,
    })),
  );
  return { truth, detections };
}

/** The curve at IoU 0.5 over objects of every size. */
function curveOfClass(match: ClassMatches): ScoreCurve {
  const outcomes = outcomesAt(match, 0, 0);
  const counted = match.order.filter((detection) => outcomes[detection] !== IGNORED);
  return scoreCurve(
    Array.from(counted, (detection) => match.scores[detection]),
    Array.from(counted, (detection) => outcomes[detection] === RIGHT),
    match.counts[0],
  );
}

const NOTHING_TO_FIND = { precision: Number.NaN, recall: Number.NaN, f1: Number.NaN };

function describeClasses(
  coco: CocoResult,
  curves: readonly ScoreCurve[],
  scoreThreshold: number,
): DetectionClassResult[] {
  return coco.perClass.map(({ name, count, AP, AP50 }, k) => {
    const at = curveAt(curves[k], scoreThreshold);
    const { precision, recall, f1 } = count > 0 ? at : NOTHING_TO_FIND;
    return {
      name,
      count,
      AP50: nanIfUndefined(AP50),
      AP50_95: nanIfUndefined(AP),
      precision,
      recall,
      f1,
      bestThreshold: bestF1(curves[k])?.threshold ?? Number.NaN,
    };
  });
}

/** COCO writes −1 for a figure that does not exist. */
function nanIfUndefined(figure: number): number {
  return figure < 0 ? Number.NaN : figure;
}
