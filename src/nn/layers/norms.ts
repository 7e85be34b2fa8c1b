import {
  groupNormalization,
  instanceNormalization,
  layerNormalization,
  type Value,
} from "../../graph/index.ts";
import { constant } from "../initializers.ts";
import type { Scope } from "../scope.ts";

/** A gain and an offset for each of `size` channels or features. */
function affine(scope: Scope, size: number): { scale: Value; offset: Value } {
  return {
    scale: scope.parameter("scale", [size], constant(1), "gain"),
    offset: scope.parameter("offset", [size], constant(0), "gain"),
  };
}

/** Instance normalisation of `[N, C, …]` with learned gains and offsets (Ulyanov et al. 2016). */
export function instanceNorm(scope: Scope, x: Value, epsilon = 1e-5): Value {
  const { scale, offset } = affine(scope, x.dims[1]);
  return instanceNormalization(x, scale, offset, epsilon);
}

/** Group normalisation of `[N, C, …]`, C a multiple of `groups` (Wu & He 2018): batches may be small. */
export function groupNorm(scope: Scope, x: Value, groups: number, epsilon = 1e-5): Value {
  const { scale, offset } = affine(scope, x.dims[1]);
  return groupNormalization(x, scale, offset, groups, epsilon);
}

/** Layer normalisation over the last axis (Ba et al. 2016). */
export function layerNorm(scope: Scope, x: Value, epsilon = 1e-5): Value {
  const { scale, offset } = affine(scope, x.dims[x.rank - 1]);
  return layerNormalization(x, scale, offset, -1, epsilon);
}
