export { alignLabels } from "./align-labels.ts";
export { type Classification, Classifier, type Guess } from "./classifier.ts";
export {
  CROSS_VALIDATION,
  type CrossValidateOptions,
  type CrossValidation,
  crossValidate,
  withExamples,
} from "./cross-validate.ts";
export {
  type ClassifierEvaluation,
  type EvaluateOptions,
  evaluateClassifier,
  type Mistake,
  mistakesOf,
} from "./evaluate.ts";
export { type BegunFolds, type FoldSettings, readBegunFolds } from "./folds-file.ts";
export type { ClassifierCard } from "./model-card.ts";
export { classifierNames } from "./net.ts";
export { type Normalization, reportFarValues } from "./normalization.ts";
export type { Recipe, RecipeOptions } from "./recipe.ts";
export { writeEvaluationReport } from "./run-report.ts";
export { type ClassifierRun, type TrainClassifierOptions, trainClassifier } from "./train.ts";
