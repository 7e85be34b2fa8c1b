import { FoveaError } from "../../core/index.ts";
import { gemm, type Value } from "../../graph/index.ts";
import { constant, heNormal, type Initializer } from "../initializers.ts";
import type { Scope } from "../scope.ts";

/** Options of {@link dense}. */
export interface DenseOptions {
  outFeatures: number;
  /** Adds a learned number per feature. Default true. */
  bias?: boolean;
  initialize?: Initializer;
}

/** Fully connected layer: x `[N, features]` times a learned matrix `[outFeatures, features]`, transposed. */
export function dense(scope: Scope, x: Value, { outFeatures, bias = true, initialize }: DenseOptions): Value {
  if (x.rank !== 2) {
    throw new FoveaError(
      "rank-mismatch",
      `dense: \`x\` (shape [${x.shape}]) must be [N, features]; flatten it by reshape(x, [N, -1]).`,
    );
  }
  const weight = scope.parameter("weight", [outFeatures, x.dims[1]], initialize ?? heNormal());
  const offset = bias ? scope.parameter("bias", [outFeatures], constant(0), "gain") : undefined;
  return gemm(x, weight, false, true, offset);
}
