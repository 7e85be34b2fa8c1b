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
  type CrossValidation,
  classifierNames,
  crossValidate,
  evaluateClassifier,
  type TrainClassifierOptions,
  trainClassifier,
} from "../classify/index.ts";
export { FoveaError, packageVersion, Random, type Tensor } from "../core/index.ts";
export * from "../detect/index.ts";
export { Backbone, type BackboneCard, shippedBackbones } from "../models/index.ts";
