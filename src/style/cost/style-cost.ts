import { add, mul, reduceSumSquare, sub, type Value } from "../../graph/index.ts";
import type { LayerStatistics } from "./gram-matrix.ts";

/**
 * J_style of a layer from Gram matrices: 1 / (2·n_H·n_W·n_C)² · Σ (G_kk'(S) − G_kk'(G))² (Gatys et al. 2016, equation 4).
 *
 * @param gram,target `[C, C]`, sums over positions
 * @param positions n_H · n_W; 1 where the matrices are means over positions
 */
export function styleCost(gram: Value, target: Value, positions: number): Value {
  const [channels] = gram.dims;
  return mul(squaredNorm(sub(gram, target)), 1 / (2 * positions * channels) ** 2);
}

/**
 * The difference of a layer's statistics relative to the target's own size: ‖ΔG‖² / ‖G‖² + ‖Δμ‖² / ‖μ‖². Layers of any
 * net and any depth then count alike, and what the picture already has of the style is seen as a share.
 */
export function relativeStyleCost(
  found: LayerStatistics,
  target: LayerStatistics,
  sizes: StatisticsSizes,
): Value {
  const ofGram = mul(squaredNorm(sub(found.gram, target.gram)), 1 / sizes.gram);
  const ofMean = mul(squaredNorm(sub(found.mean, target.mean)), 1 / sizes.mean);
  return add(ofGram, ofMean);
}

/** What differences are measured by: ‖G‖² and ‖μ‖² of a target. */
export interface StatisticsSizes {
  gram: number;
  mean: number;
}

/** A covariance is not taken for smaller than this share of the means' products: a flat style has next to none. */
const LEAST_SPREAD = 0.01;
const LEAST_MEAN = 1e-8;

/** The sizes of a target's centred Gram matrix and means. */
export function statisticsSizes(gram: Float32Array, mean: Float32Array): StatisticsSizes {
  const squares = (x: Float32Array) => x.reduce((sum, v) => sum + v * v, 0);
  const ofMean = Math.max(LEAST_MEAN, squares(mean));
  return { gram: Math.max(squares(gram), (LEAST_SPREAD * ofMean) ** 2), mean: ofMean };
}

function squaredNorm(x: Value): Value {
  return reduceSumSquare(x, undefined, false);
}
