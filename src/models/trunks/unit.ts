import { relu, type Value } from "../../graph/index.ts";
import { batchNorm, convolution, type Scope } from "../../nn/index.ts";

/** Convolution, batch norm, ReLU. */
export function unit(scope: Scope, x: Value, outChannels: number, kernelSize: number, stride = 1): Value {
  const y = convolution(scope.at("conv"), x, { outChannels, kernelSize, stride });
  return relu(batchNorm(scope.at("norm"), y));
}
