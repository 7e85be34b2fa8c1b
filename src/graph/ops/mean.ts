import { sizeOf } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { applyBinary, binaryOperator, div, mul, type Operand, sub } from "./arithmetic.ts";
import { equal, where } from "./comparison.ts";
import {
  applyReduction,
  expandLike,
  inferReduction,
  reducedAxes,
  reductionFlops,
  withKeptAxes,
} from "./reduction.ts";
import { Size } from "./shape-arithmetic.ts";
import { cast, log } from "./unary.ts";

/** Mean over axes. */
export const ReduceMean: Operator = {
  opType: "ReduceMean",
  infer: (context) => inferReduction("ReduceMean", context),
  flops: reductionFlops,
  gradient({ inputs: [x, axes], cotangents: [dy] }) {
    const each = mul(withKeptAxes("ReduceMean", dy!, x, axes), shareOf(dy!, x, axes));
    return [expandLike(each, x), undefined];
  },
};

/** 1 / the elements of x in each mean; computed where dimensions are known at run time only. */
function shareOf(y: Value, x: Value, axes: Value | undefined): Operand {
  const counts = reducedAxes("ReduceMean", x, axes).map((axis) => x.shape[axis]);
  if (counts.every((count) => typeof count === "number")) return 1 / sizeOf(counts);
  const [means, elements] = [y, x].map((value) => cast(x.graph.apply(Size, [value])[0], x.dtype));
  return div(means, elements);
}

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
