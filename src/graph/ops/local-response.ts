import { sizeOf } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { add, div, mul, sub } from "./arithmetic.ts";
import { pow } from "./mean.ts";
import { AveragePool } from "./pool.ts";
import { reshape } from "./reshape.ts";

/** y = x / (bias + α/n · Σx²)^β, the sum over n neighbouring channels (Krizhevsky et al. 2012). */
export const LRN: Operator = {
  opType: "LRN",
  floats: ["alpha", "beta", "bias"],
  infer: ({ inputs: [x] }) => [{ dtype: x!.dtype, shape: x!.shape }],
  flops: ({ inputs: [x], attributes }) => (2 * (attributes.size as number) + 3) * sizeOf(x!.dims),
  /** With s the bracket: dx = dy·s^−β − 2αβ/n · x · Σ(dy·y/s), the sum over the channels that saw x. */
  gradient({ node, inputs: [x], outputs: [y], cotangents: [dy] }) {
    const { size, alpha = 1e-4, beta = 0.75, bias = 1 } = node.attributes as Record<string, number>;
    const before = Math.floor((size - 1) / 2);
    const after = size - 1 - before;
    const s = add(mul(channelMean(mul(x, x), before, after), alpha), bias);
    const seen = channelMean(mul(dy!, div(y, s)), after, before);
    return [sub(mul(dy!, pow(s, -beta)), mul(mul(x, seen), 2 * alpha * beta))];
  },
};

/** Σ over the channels c − before … c + after, divided by their number, as if channels outside were 0. */
function channelMean(x: Value, before: number, after: number): Value {
  const [n, c, ...positions] = x.dims;
  const flat = reshape(x, [n, 1, c, sizeOf(positions)]);
  const attributes = {
    kernel_shape: [before + after + 1, 1],
    strides: [1, 1],
    pads: [before, 0, after, 0],
    count_include_pad: 1,
  };
  return reshape(x.graph.apply(AveragePool, [flat], attributes)[0], x.dims);
}

/** Divides by the energy of `size` neighbouring channels. x is `[N, C, …]`; ONNX Runtime knows four dimensions. */
export function localResponseNormalization(
  x: Value,
  size: number,
  { alpha = 1e-4, beta = 0.75, bias = 1 }: { alpha?: number; beta?: number; bias?: number } = {},
): Value {
  const [n, c, ...positions] = x.dims;
  const flat = x.rank === 4 ? x : reshape(x, [n, c, sizeOf(positions), 1]);
  return reshape(x.graph.apply(LRN, [flat], { size, alpha, beta, bias })[0], x.shape);
}
