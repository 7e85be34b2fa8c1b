import { FoveaError, Random, sizeOf, tensor } from "../../core/index.ts";
import { cast, floor, greaterOrEqual, mul, stopGradient, sub, type Value } from "../../graph/index.ts";
import type { Scope } from "../scope.ts";

/** Options of {@link dropout}. */
export interface DropoutOptions {
  /** Probability of an element to become 0; [0, 1). Default 0.5. */
  rate?: number;
  /** Drops whole channels of `[N, C, …]` instead of single elements (Tompson et al. 2015). */
  channels?: boolean;
}

/**
 * Sets elements to 0 at random while training, and scales the others by 1/(1 − rate) (Srivastava et al. 2014);
 * outside of training it is x itself.
 *
 * Which elements, depends on the place in the net, on how many dropouts came before at that place, and on the step's
 * number, so that a resumed run is the same: each element has a fixed random number u, and each step (each batch of it)
 * one number s in [512, 1024); the fraction of u·s decides.
 */
export function dropout(
  scope: Scope,
  x: Value,
  { rate = 0.5, channels = false }: DropoutOptions = {},
): Value {
  if (!(rate >= 0 && rate < 1)) {
    throw new FoveaError("argument-range", `dropout: \`rate\` (=${rate}) must be at least 0 and below 1.`);
  }
  if (!scope.training || rate === 0) return x;
  const shape = x.dims.map((dim, i) => (channels && i > 1 ? 1 : dim));
  const before = scope.set.countDropout(scope.path);
  const random = new Random(...Buffer.from(scope.path), 0xd0, ...(before > 0 ? [before] : []));
  const fixed = tensor(
    Float32Array.from({ length: sizeOf(shape) }, () => random.next()),
    shape,
  );
  const product = mul(x.graph.constant(fixed), scope.stepRandom());
  const kept = cast(greaterOrEqual(sub(product, floor(product)), rate), "float32");
  return mul(x, stopGradient(mul(kept, 1 / (1 - rate))));
}
