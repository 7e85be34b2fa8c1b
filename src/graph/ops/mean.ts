import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { applyBinary, binaryOperator, mul, type Operand, sub } from "./arithmetic.ts";
import { equal, where } from "./comparison.ts";
import {
  applyReduction,
  expand,
  inferReduction,
  reducedAxes,
  reductionFlops,
  withKeptAxes,
} from "./reduction.ts";
import { log } from "./unary.ts";

/** Mean over axes. */
export const ReduceMean: Operator = {
  opType: "ReduceMean",
  infer: (context) => inferReduction("ReduceMean", context),
  flops: reductionFlops,
  gradient({ inputs: [x, axes], cotangents: [dy] }) {
    const count = reducedAxes("ReduceMean", x, axes).reduce((product, axis) => product * x.dims[axis], 1);
    return [expand(mul(withKeptAxes("ReduceMean", dy!, x, axes), 1 / count), x.shape), undefined];
  },
};

/** Mean over `axes` (default all, `[]` none); with `keepDims` the axes stay as 1. */
export function reduceMean(x: Value, axes?: readonly number[], keepDims = true): Value {
  return applyReduction(ReduceMean, x, axes, keepDims);
}

/** Sum of squares over axes: ∂/∂x = 2x. */
export const ReduceSumSquare: Operator = {
  opType: "ReduceSumSquare",
  infer: (context) => inferReduction("ReduceSumSquare", context),
  flops: reductionFlops,
  gradient: ({ inputs: [x, axes], cotangents: [dy] }) => [
    mul(x, mul(withKeptAxes("ReduceSumSquare", dy!, x, axes), 2)),
    undefined,
  ],
};

/** Sum of squares over `axes` (default all; `[]` squares each element). */
export function reduceSumSquare(x: Value, axes?: readonly number[], keepDims = true): Value {
  return applyReduction(ReduceSumSquare, x, axes, keepDims, (x) => mul(x, x));
}

/** aᵇ; ∂/∂a = b·aᵇ⁻¹ (0 where b = 0), ∂/∂b = aᵇ·ln a (0 where a = 0). */
export const Pow: Operator = binaryOperator(
  "Pow",
  ({ inputs: [a, b], outputs: [y], cotangents: [dy], wanted }) => [
    wanted[0] ? mul(dy!, where(equal(b, 0), 0, mul(b, pow(a, sub(b, 1))))) : undefined,
    wanted[1] ? mul(dy!, mul(y, where(equal(a, 0), 0, log(a)))) : undefined,
  ],
);

/** aᵇ, elementwise. */
export function pow(a: Operand, b: Operand): Value {
  return applyBinary(Pow, a, b);
}
