import { FoveaError, Random, sizeOf, tensor } from "../../core/index.ts";
import {
  cast,
  floor,
  greaterOrEqual,
  mul,
  reshape,
  split,
  stopGradient,
  sub,
  type Value,
} from "../../graph/index.ts";
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
 * Which elements, depends on the place in the net, on how many dropouts came before at that place, on the run's seed and
 * on the step's number, so that a resumed run is the same: each element has two fixed random numbers u and v in [1, 2),
 * and each step (each batch of it) two numbers s and t of {@link Scope.stepRandom}; the fraction of u·s − v·t decides.
 * Two elements share their fate only where both of their numbers are nearly the same.
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
  const fixed = () => {
    const numbers = Float32Array.from({ length: sizeOf(shape) }, () => random.uniform(1, 2));
    return x.graph.constant(tensor(numbers, shape));
  };
  const [s, t] = split(scope.stepRandom(), 0, [1, 1]).map((number) => reshape(number, []));
  const mixed = sub(mul(fixed(), s), mul(fixed(), t));
  const kept = cast(greaterOrEqual(sub(mixed, floor(mixed)), rate), "float32");
  return mul(x, stopGradient(mul(kept, 1 / (1 - rate))));
}
