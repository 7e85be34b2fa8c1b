import { type Random, sizeOf } from "../core/index.ts";

/** Fills a new parameter. */
export type Initializer = (shape: readonly number[], random: Random) => Float32Array;

/** Every element the same. */
export function constant(value: number): Initializer {
  return (shape) => new Float32Array(sizeOf(shape)).fill(value);
}

/** Inputs that reach one output element of filters `[M, C/groups, k…]` or a matrix `[out, in]`. */
function fanIn(shape: readonly number[]): number {
  return sizeOf(shape.slice(1));
}

/** Normal with variance gain² / fan-in; √2 is the gain that ReLU wants (He et al. 2015). */
export function heNormal(gain: number = Math.SQRT2): Initializer {
  return (shape, random) => {
    const deviation = gain / Math.sqrt(fanIn(shape));
    return Float32Array.from({ length: sizeOf(shape) }, () => random.normal(0, deviation));
  };
}

/** Uniform in ±√(6 / (fan-in + fan-out)) (Glorot & Bengio 2010). */
export function glorotUniform(): Initializer {
  return (shape, random) => {
    const fanOut = (shape[0] * fanIn(shape)) / Math.max(1, shape[1] ?? 1);
    const bound = Math.sqrt(6 / (fanIn(shape) + fanOut));
    return Float32Array.from({ length: sizeOf(shape) }, () => random.uniform(-bound, bound));
  };
}
