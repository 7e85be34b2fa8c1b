export {
  type EvaluatePointsOptions,
  evaluateLandmarker,
  type LandmarkEvaluation,
  usualNormalizer,
} from "./evaluate.ts";
export { heatDivergence, softArgmax } from "./heat-map.ts";
export { Landmarker, type LandmarkerOptions, type Landmarks } from "./landmarker.ts";
export {
  type LandmarkLoss,
  type LandmarkTargets,
  type LossWeights,
  landmarkLoss,
  lossNames,
} from "./loss.ts";
export { eyesOf, mirrorPairs } from "./mirror-pairs.ts";
export type { LandmarkCard } from "./model-card.ts";
export { type HeadKind, headNames, type LandmarkAnswer, modelNames } from "./net.ts";
export { bodyPoints, facePoints, type PointScheme } from "./point-schemes.ts";
export { openReadyLandmarker, readyLandmarkers } from "./ready/index.ts";
export type { Recipe, RecipeOptions } from "./recipe.ts";
export type { GivenBoxes } from "./regions.ts";
export { type NamedEvaluation, normalizerWords, writeEvaluationReport } from "./run-report.ts";
export { schemeOfData } from "./scheme-of-data.ts";
export { suggestOrigin } from "./suggest-origin.ts";
export { type LandmarkerRun, type TrainLandmarkerOptions, trainLandmarker } from "./train.ts";
