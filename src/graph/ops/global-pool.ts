import { sizeOf } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { div, mul } from "./arithmetic.ts";
import { equal } from "./comparison.ts";
import { expand, reduceSum } from "./reduction.ts";
import { cast } from "./unary.ts";

const infer: Operator["infer"] = ({ inputs: [x] }) => [
  { dtype: x!.dtype, shape: x!.shape.map((dim, i) => (i < 2 ? dim : 1)) },
];

/** Mean over all positions, `[N, C, 1, …]`. */
export const GlobalAveragePool: Operator = {
  opType: "GlobalAveragePool",
  infer,
  flops: ({ inputs: [x] }) => sizeOf(x!.dims),
  gradient({ inputs: [x], cotangents: [dy] }) {
    const positions = sizeOf(x.dims.slice(2));
    return [expand(mul(dy!, 1 / positions), x.shape)];
  },
};

/** Largest element of all positions, `[N, C, 1, …]`; positions that reach it share the gradient evenly. */
export const GlobalMaxPool: Operator = {
  opType: "GlobalMaxPool",
  infer,
  flops: ({ inputs: [x] }) => sizeOf(x!.dims),
  gradient({ inputs: [x], outputs: [y], cotangents: [dy] }) {
    const reached = cast(equal(x, y), x.dtype);
    const positions = x.shape.map((_, i) => i).slice(2);
    return [mul(reached, div(dy!, reduceSum(reached, positions)))];
  },
};

/** Mean over all positions. */
export function globalAveragePool(x: Value): Value {
  return x.graph.apply(GlobalAveragePool, [x])[0];
}
/** Largest element of all positions. */
export function globalMaxPool(x: Value): Value {
  return x.graph.apply(GlobalMaxPool, [x])[0];
}
