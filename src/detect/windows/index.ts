export type { ClassifierFileOptions } from "./classifier-file.ts";
export { compareSliding, type SlidingComparison } from "./compare.ts";
export type { MinedWindow, MinedWindows } from "./mine.ts";
export type { WindowsCard } from "./model-card.ts";
export { drawLevel, type Level, levelsOf } from "./pyramid.ts";
export { keepClasses, type WindowsRecipe, type WindowsRecipeOptions } from "./recipe.ts";
export {
  type ScoreMap,
  SlidingClassifier,
  type SlidingCost,
  type SlidingOptions,
} from "./sliding-classifier.ts";
export { type TrainWindowsOptions, trainWindows, type WindowsRun } from "./train.ts";
export type { WindowPlace } from "./training-crops.ts";
export { whereItFits } from "./where-it-fits.ts";
export { type SlidingMethod, WindowDetector, type WindowDetectorOptions } from "./window-detector.ts";
