import { gemm, mul, reduceSum, reshape, sub, type Value } from "../../graph/index.ts";

/** Sums over the positions of a feature map, from which its statistics follow. Sums of parts add up to the whole's. */
export interface LayerSums {
  /** Σ a·aᵀ over positions, `[C, C]`: the Gram matrix. */
  products: Value;
  /** Σ a over positions, `[C, 1]`. */
  totals: Value;
}

/**
 * The Gram matrix of a feature map: G_kk' = Σ_ij a_ijk a_ijk', how channels appear together wherever that is (Gatys et
 * al. 2016, equation 3).
 *
 * @param features `[1, C, H, W]`
 * @returns `[C, C]`, a sum, not a mean
 */
export function gramMatrix(features: Value): Value {
  const rows = channelRows(features);
  return gemm(rows, rows, false, true);
}

/**
 * Gram matrix and sums of a feature map.
 *
 * @param weights `[1, 1, H, W]`, how much each position counts; all fully where left out
 */
export function layerSums(features: Value, weights?: Value): LayerSums {
  const rows = channelRows(features);
  const counted = weights ? mul(rows, reshape(weights, [1, rows.dims[1]])) : rows;
  return { products: gemm(counted, rows, false, true), totals: reduceSum(counted, [1]) };
}

/** Means of channels and their products. */
export interface LayerStatistics {
  /** `[C, C]`. */
  gram: Value;
  /** `[C, 1]`. */
  mean: Value;
}

/**
 * Statistics per position from sums.
 *
 * @param count positions that were summed, a number or a tensor of one element
 * @param centred subtracts the means, so that the Gram matrix is the channels' covariance
 */
export function layerStatistics(
  { products, totals }: LayerSums,
  count: number | Value,
  centred: boolean,
): LayerStatistics {
  const share = typeof count === "number" ? totals.graph.scalar(1 / count) : count;
  const mean = mul(totals, share);
  const raw = mul(products, share);
  return { gram: centred ? sub(raw, gemm(mean, mean, false, true)) : raw, mean };
}

/** `[1, C, H, W]` as `[C, H·W]`. */
function channelRows(features: Value): Value {
  const [, channels, height, width] = features.dims;
  return reshape(features, [channels, height * width]);
}
