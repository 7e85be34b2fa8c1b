export { constant, glorotUniform, heNormal, type Initializer } from "./initializers.ts";
export { type BatchNormOptions, batchNorm } from "./layers/batch-norm.ts";
export { type ConvolutionOptions, convolution } from "./layers/convolution.ts";
export {
  type BoxTensors,
  binaryCrossEntropy,
  boxIou,
  crossEntropy,
  type IouKind,
  type IouTensors,
  varifocalLoss,
} from "./losses.ts";
export { type AdamWOptions, adamW } from "./optimizers/adamw.ts";
export type { Optimizer, UpdateContext } from "./optimizers/optimizer.ts";
export { type SgdOptions, sgd } from "./optimizers/sgd.ts";
export { cosine, emaDecay, type Schedule, steady, warmUp } from "./schedules.ts";
export { type Parameter, type ParameterRole, ParameterSet, Scope, type ScopeOptions } from "./scope.ts";
