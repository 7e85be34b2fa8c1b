import { FoveaError } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { GradientContext, Operator } from "../operator.ts";
import { applyBinary, binaryOperator, div, mul, type Operand } from "./arithmetic.ts";
import { and, equal, greater, greaterOrEqual, less, where } from "./comparison.ts";
import {
  applyReduction,
  inferReduction,
  reducedAxes,
  reduceSum,
  reductionFlops,
  sumTo,
  withKeptAxes,
} from "./reduction.ts";
import { cast } from "./unary.ts";

/** The larger operand gets the gradient; where both are equal, the first. */
export const Max: Operator = binaryOperator(
  "Max",
  ({ inputs: [a, b], cotangents: [dy] }) => {
    const first = greaterOrEqual(a, b);
    return [where(first, dy!, 0), where(first, 0, dy!)];
  },
  Math.max,
);

/** The smaller operand gets the gradient; where both are equal, the first. */
export const Min: Operator = binaryOperator(
  "Min",
  ({ inputs: [a, b], cotangents: [dy] }) => {
    const first = greaterOrEqual(b, a);
    return [where(first, dy!, 0), where(first, 0, dy!)];
  },
  Math.min,
);

/** max(a, b), elementwise. */
export function maximum(a: Operand, b: Operand): Value {
  return applyBinary(Max, a, b);
}
/** min(a, b), elementwise. */
export function minimum(a: Operand, b: Operand): Value {
  return applyBinary(Min, a, b);
}

/** Limits elements to [min, max]; outside, the gradient flows to the limit. Where min > max, all elements are max. */
export const Clip: Operator = {
  opType: "Clip",
  elementwise: true,
  infer: ({ inputs: [x] }) => [{ dtype: x!.dtype, shape: x!.shape }],
  gradient({ inputs: [x, low, high], outputs: [y], cotangents: [dy], wanted }) {
    const raised = () => and(less(x, low), equal(y, low));
    const lowered = () => greater(low ? maximum(x, low) : x, high);
    return [
      wanted[0] ? where(equal(x, y), dy!, 0) : undefined,
      wanted[1] ? sumTo(where(raised(), dy!, 0), low.shape) : undefined,
      wanted[2] ? sumTo(where(lowered(), dy!, 0), high.shape) : undefined,
    ];
  },
};

/** x limited to [low, high]. */
export function clip(x: Value, low: number, high: number): Value {
  if (!(low <= high)) {
    throw new FoveaError("argument-range", `clip: \`low\` (=${low}) must not exceed \`high\` (=${high}).`);
  }
  return x.graph.apply(Clip, [x, x.graph.scalar(low, x.dtype), x.graph.scalar(high, x.dtype)])[0];
}

/** Elements that reach the extremum share its gradient evenly. */
function extremumReduction(opType: string): Operator {
  return {
    opType,
    infer: (context) => inferReduction(opType, context),
    flops: reductionFlops,
    gradient({ inputs: [x, axes], outputs: [y], cotangents: [dy] }: GradientContext) {
      const reached = cast(equal(x, withKeptAxes(opType, y, x, axes)), x.dtype);
      const count = reduceSum(reached, reducedAxes(opType, x, axes));
      return [mul(reached, div(withKeptAxes(opType, dy!, x, axes), count)), undefined];
    },
  };
}

export const ReduceMax: Operator = extremumReduction("ReduceMax");
export const ReduceMin: Operator = extremumReduction("ReduceMin");

/** Largest element over `axes` (default all). */
export function reduceMax(x: Value, axes?: readonly number[], keepDims = true): Value {
  return applyReduction(ReduceMax, x, axes, keepDims);
}
/** Smallest element over `axes` (default all). */
export function reduceMin(x: Value, axes?: readonly number[], keepDims = true): Value {
  return applyReduction(ReduceMin, x, axes, keepDims);
}
