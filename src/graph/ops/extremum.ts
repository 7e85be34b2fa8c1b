import { FoveaError } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { GradientContext, Operator } from "../operator.ts";
import { applyBinary, binaryOperator, div, mul, type Operand } from "./arithmetic.ts";
import { equal, greaterOrEqual, where } from "./comparison.ts";
import {
  applyReduction,
  inferReduction,
  reducedAxes,
  reduceSum,
  reductionFlops,
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

/** Limits elements to [min, max]; outside, no gradient flows. */
export const Clip: Operator = {
  opType: "Clip",
  infer: ({ inputs: [x] }) => [{ dtype: x!.dtype, shape: x!.shape }],
  gradient({ inputs: [x], outputs: [y], cotangents: [dy] }) {
    return [where(equal(x, y), dy!, 0)];
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
