/**
 * Fovea: computer vision that trains and runs natively in TypeScript.
 * @module
 */

export {
  type Classification,
  Classifier,
  type ClassifierCard,
  type ClassifierEvaluation,
  type ClassifierRun,
  type CrossValidateOptions,
  type CrossValidation,
  classifierNames,
  crossValidate,
  type EvaluateOptions as EvaluateClassifierOptions,
  evaluateClassifier,
  type Guess,
  type Recipe as ClassifierRecipe,
  type RecipeOptions as ClassifierRecipeOptions,
  type TrainClassifierOptions,
  trainClassifier,
} from "../classify/index.ts";
export { FoveaError, packageVersion, Random, type Tensor, type TensorArray } from "../core/index.ts";
export type {
  EvaluateOptions as EvaluateDetectorOptions,
  Recipe as DetectorRecipe,
  RecipeOptions as DetectorRecipeOptions,
} from "../detect/index.ts";
export * from "../detect/index.ts";
export { Backbone, type BackboneCard, shippedBackbones } from "../models/index.ts";
