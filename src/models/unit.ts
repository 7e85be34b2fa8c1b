import { relu, type Value } from "../graph/index.ts";
import { batchNorm, type ConvolutionOptions, convolution, type Scope } from "../nn/index.ts";

/** Options of {@link normed} and {@link unit}. */
export interface UnitOptions extends Omit<ConvolutionOptions, "bias" | "initializeBias"> {
  /** First value of the norm's gains; default 1. */
  gain?: number;
}

/** Convolution without bias and batch norm of `[N, C, …]`, in as many dimensions as x has beyond two. */
export function normed(scope: Scope, x: Value, { gain, ...options }: UnitOptions): Value {
  return batchNorm(scope.at("norm"), convolution(scope.at("conv"), x, options), { gain });
}

/** Convolution, batch norm, ReLU of `[N, C, …]`, in as many dimensions as x has beyond two. */
export function unit(scope: Scope, x: Value, options: UnitOptions): Value {
  return relu(normed(scope, x, options));
}
