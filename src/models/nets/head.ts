import { globalAveragePool, reshape, type Value } from "../../graph/index.ts";
import { dense, dropout, heNormal, type Scope } from "../../nn/index.ts";

/** Options of {@link classifierHead}. */
export interface ClassifierHeadOptions {
  /** Probability of a mean to become 0 in training; default 0. */
  dropout?: number;
}

/**
 * Logits `[N, classes]` of a map `[N, C, …]`: the mean of each channel over all positions, times a matrix
 * (Lin et al. 2014, "Network in network").
 */
export function classifierHead(
  scope: Scope,
  map: Value,
  classes: number,
  { dropout: rate = 0 }: ClassifierHeadOptions = {},
): Value {
  const means = reshape(globalAveragePool(map), [-1, map.dims[1]]);
  const kept = dropout(scope, means, { rate });
  return dense(scope, kept, { outFeatures: classes, initialize: heNormal(1) });
}
