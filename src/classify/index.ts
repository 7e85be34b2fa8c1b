export { type Classification, Classifier, type Guess } from "./classifier.ts";
export { CROSS_VALIDATION, type CrossValidation, crossValidate, withExamples } from "./cross-validate.ts";
export {
  type ClassifierEvaluation,
  type EvaluateOptions,
  evaluateClassifier,
} from "./evaluate.ts";
export type { ClassifierCard } from "./model-card.ts";
export { classifierNames } from "./net.ts";
export { reportFarValues } from "./normalization.ts";
export type { Recipe, RecipeOptions } from "./recipe.ts";
export { writeEvaluationReport } from "./run-report.ts";
export { type ClassifierRun, type TrainClassifierOptions, trainClassifier } from "./train.ts";
