import { mul, reduceSumSquare, reshape, sub, type Value } from "../../graph/index.ts";

/**
 * Σ (a(G) − a(C))² over a feature map, by positions' weights where they are given.
 *
 * @param features,target `[1, C, H, W]`
 * @param weights `[1, 1, H, W]` of zeros and ones
 * @returns a scalar
 */
export function squaredDifference(features: Value, target: Value, weights?: Value): Value {
  const difference = sub(features, target);
  return reshape(reduceSumSquare(weights ? mul(difference, weights) : difference, undefined, false), []);
}

/** J_content = ½ ‖a(C) − a(G)‖² (Gatys et al. 2016, equation 1), a scalar. */
export function contentCost(features: Value, target: Value): Value {
  return mul(squaredDifference(features, target), 0.5);
}
