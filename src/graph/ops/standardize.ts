import type { Value } from "../graph.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { reduceMean } from "./mean.ts";
import { reciprocal, sqrt } from "./unary.ts";

/** x̂ = (x − mean)·r over some axes, and r = 1/√(variance + ε). */
export interface Standardized {
  xHat: Value;
  r: Value;
}

/** Mean 0 and (biased) variance 1 over `axes`. */
export function standardize(x: Value, axes: readonly number[], epsilon: number): Standardized {
  const centred = sub(x, reduceMean(x, axes));
  const r = reciprocal(sqrt(add(reduceMean(mul(centred, centred), axes), epsilon)));
  return { xHat: mul(centred, r), r };
}

/** What flows back through x ↦ x̂ from the cotangent g of x̂: r·(g − mean(g) − x̂·mean(g·x̂)). */
export function standardizeGradient(g: Value, { xHat, r }: Standardized, axes: readonly number[]): Value {
  const along = reduceMean(mul(g, xHat), axes);
  return mul(r, sub(sub(g, reduceMean(g, axes)), mul(xHat, along)));
}
