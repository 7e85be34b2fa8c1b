export { constant, glorotUniform, heNormal, type Initializer } from "./initializers.ts";
export { type BatchNormOptions, batchNorm } from "./layers/batch-norm.ts";
export { type ConvolutionOptions, convolution } from "./layers/convolution.ts";
export { type DenseOptions, dense } from "./layers/dense.ts";
export { type DropoutOptions, dropout } from "./layers/dropout.ts";
export { groupNorm, instanceNorm, layerNorm } from "./layers/norms.ts";
export {
  type BoxTensors,
  binaryCrossEntropy,
  boxIou,
  crossEntropy,
  focalLoss,
  huberLoss,
  type IouKind,
  type IouTensors,
  softmaxCrossEntropy,
  squaredError,
  varifocalLoss,
  wingLoss,
} from "./losses.ts";
export { type AdamOptions, adam, adamW } from "./optimizers/adam.ts";
export {
  type Evaluation as LbfgsEvaluation,
  type LbfgsOptions,
  type LbfgsStep,
  lbfgs,
} from "./optimizers/lbfgs.ts";
export type { Optimizer, Update, UpdateContext } from "./optimizers/optimizer.ts";
export { type RmspropOptions, rmsprop } from "./optimizers/rmsprop.ts";
export { type SgdOptions, sgd } from "./optimizers/sgd.ts";
export {
  cosine,
  emaDecay,
  type OneCycleOptions,
  oneCycle,
  type Schedule,
  steady,
  steps,
  warmUp,
} from "./schedules.ts";
export {
  type Parameter,
  type ParameterRole,
  ParameterSet,
  requireFloat32,
  Scope,
  type ScopeOptions,
  STEP_RANDOM,
  type Treatment,
} from "./scope.ts";
