import { sizeOf } from "../../core/index.ts";
import { add, batchNormalization, batchNormalizationTraining, mul, type Value } from "../../graph/index.ts";
import { constant } from "../initializers.ts";
import type { Scope } from "../scope.ts";

/** Options of {@link batchNorm}. */
export interface BatchNormOptions {
  epsilon?: number;
  /** Weight of the newest batch in the running statistics. */
  momentum?: number;
  /** First value of the gains; 0 makes a residual branch start as nothing. */
  gain?: number;
}

/** Batch normalisation per channel of `[N, C, …]` (Ioffe & Szegedy 2015). */
export function batchNorm(scope: Scope, x: Value, options: BatchNormOptions = {}): Value {
  const { epsilon = 1e-5, momentum = 0.1, gain = 1 } = options;
  const channels = x.dims[1];
  const scale = scope.parameter("scale", [channels], constant(gain), "gain");
  const offset = scope.parameter("offset", [channels], constant(0), "gain");
  const mean = scope.parameter("mean", [channels], constant(0), "statistic");
  const variance = scope.parameter("variance", [channels], constant(1), "statistic");
  if (!scope.training) return batchNormalization(x, scale, offset, mean, variance, epsilon);

  const batch = batchNormalizationTraining(x, scale, offset, epsilon);
  const count = sizeOf(x.dims) / channels;
  const unbiased = count > 1 ? count / (count - 1) : 1;
  scope.update("mean", add(mul(mean, 1 - momentum), mul(batch.mean, momentum)));
  scope.update("variance", add(mul(variance, 1 - momentum), mul(batch.variance, momentum * unbiased)));
  return batch.y;
}
