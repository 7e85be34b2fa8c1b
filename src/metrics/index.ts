export { boxAround, type Point } from "../geometry/index.ts";
export { type BCubed, bCubed } from "./b-cubed.ts";
export type { Calibration, CalibrationBin } from "./calibration.ts";
export type { ClassificationClassResult } from "./class-figures.ts";
export { type ClassificationEvaluation, evaluateClassification } from "./classification.ts";
export type { ClassifiedExamples } from "./classified-examples.ts";
export { type CocoClassResult, type CocoOptions, type CocoResult, evaluateCoco } from "./coco.ts";
export {
  parseCocoDetections,
  parseCocoGroundTruth,
  readCocoDetections,
  readCocoEvaluation,
  readCocoGroundTruth,
} from "./coco-json.ts";
export type {
  CocoAnnotation,
  CocoCategory,
  CocoDetection,
  CocoGroundTruth,
  CocoId,
  CocoStats,
} from "./coco-types.ts";
export { type ConfusionMatrix, type ConfusionOptions, confusionMatrix } from "./confusion.ts";
export type { DetectedPicture, DetectedPictures, ScoredBox } from "./detected-pictures.ts";
export {
  type DetectionError,
  type DetectionErrorKind,
  detectionErrorKinds,
  detectionErrors,
} from "./detection-errors.ts";
export {
  type DetectionClassResult,
  type DetectionEvaluation,
  type DetectionEvaluationOptions,
  evaluateDetections,
} from "./evaluate-detections.ts";
export {
  evaluateLocalization,
  type LocalizationClassResult,
  type LocalizationEvaluation,
  type LocalizedPicture,
} from "./localization.ts";
export {
  evaluatePoints,
  type LocatedPoints,
  type PointEvaluation,
  type PointNormalizer,
  type PointResult,
  pointNormalizers,
  pointScale,
} from "./points.ts";
export { bestF1, type CurvePoint, curveAt, meanCurve, type ScoreCurve, scoreCurve } from "./score-curve.ts";
export { normalQuantile } from "./special-functions.ts";
export * from "./verification/index.ts";
export { evaluateVoc, type VocAp, type VocClassResult, type VocOptions, type VocResult } from "./voc.ts";
export { elevenPointAp, everyPointAp } from "./voc-average-precision.ts";
