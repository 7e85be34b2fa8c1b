export type { DetectorConfig } from "./architecture.ts";
export {
  anchorsFor,
  boxShapes,
  type DatasetAnchors,
  distinctShapes,
  type InputSize,
} from "./dataset-anchors.ts";
export type { Detection } from "./detection.ts";
export { type DetectionResult, Detector, type DetectorOptions } from "./detector.ts";
export {
  type DetectorEvaluation,
  detectorErrors,
  EVALUATION_SCORE,
  type EvaluateOptions,
  evaluateDetector,
  type ObjectDetector,
} from "./evaluate.ts";
export { matchClasses } from "./match-classes.ts";
export type { DetectorCard } from "./model-card.ts";
export * from "./proposals/index.ts";
export type {
  FasterRcnnConfig,
  FastRcnnConfig,
  ProposalUse,
  RegionNetConfig,
  RpnGrid,
} from "./rcnn/config.ts";
export { cocoClasses, openReadyDetector, readyDetectors } from "./ready/index.ts";
export { modelNames, type Recipe, type RecipeOptions, stridesFor } from "./recipe.ts";
export { writeEvaluationReport } from "./run-report.ts";
export { type DetectorThresholds, withThresholds } from "./thresholds.ts";
export { type TrainDetectorOptions, type TrainRun, trainDetector } from "./train.ts";
export { type GridCollision, type GridLabels, type GridObject, gridLabels } from "./yolo/grid-labels.ts";
