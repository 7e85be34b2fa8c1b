import { sizeOf, tensor, toNumbers } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { GradientContext, Operator } from "../operator.ts";
import { div, mul, neg, sub } from "./arithmetic.ts";
import { equal, where } from "./comparison.ts";
import {
  applyReduction,
  expand,
  inferReduction,
  reducedAxes,
  reduceSum,
  reductionFlops,
  withKeptAxes,
} from "./reduction.ts";
import { abs, cast, exp, log, sign } from "./unary.ts";

/** A reduction whose gradient is the output's cotangent, spread out, times `slope`. */
function reduction(opType: string, slope: (x: Value, y: Value, axes: readonly number[]) => Value): Operator {
  return {
    opType,
    infer: (context) => inferReduction(opType, context),
    flops: reductionFlops,
    gradient({ inputs: [x, axes], outputs: [y], cotangents: [dy] }: GradientContext) {
      const kept = (value: Value) => withKeptAxes(opType, value, x, axes);
      return [mul(kept(dy!), slope(x, kept(y), reducedAxes(opType, x, axes))), undefined];
    },
  };
}

/** Σ|x|. */
export const ReduceL1: Operator = reduction("ReduceL1", (x) => sign(x));

/** √Σx²; at 0 the subgradient is 0. */
export const ReduceL2: Operator = reduction("ReduceL2", (x, y) => div(x, where(equal(y, 0), 1, y)));

/** ln Σx. */
export const ReduceLogSum: Operator = reduction("ReduceLogSum", (x, y) => expand(exp(neg(y)), x.shape));

/** ln Σeˣ. */
export const ReduceLogSumExp: Operator = reduction("ReduceLogSumExp", (x, y) => exp(sub(x, y)));

/**
 * Πx. The derivative by an element is the product of the others: with one zero among them only the zero's own
 * is not 0, with two none.
 */
export const ReduceProd: Operator = {
  ...reduction("ReduceProd", productSlope),
  fold: ({ tensors: [x], kind }) => {
    const shape = kind.shape as readonly number[];
    if (sizeOf(shape) !== 1) return undefined;
    return tensor([toNumbers(x).reduce((a, b) => a * b, 1)], shape, kind.dtype);
  },
};

function productSlope(x: Value, _: Value, axes: readonly number[]): Value {
  const isZero = equal(x, 0);
  const zeros = reduceSum(cast(isZero, x.dtype), axes);
  const others = x.graph.apply(ReduceProd, [where(isZero, 1, x), x.graph.integers(axes)], { keepdims: 1 })[0];
  const ofNonZero = where(equal(zeros, 0), div(others, where(isZero, 1, x)), 0);
  return where(isZero, where(equal(zeros, 1), others, 0), ofNonZero);
}

/** Σ|x| over `axes` (default all, `[]` none: each element's own); with `keepDims` the axes stay as 1. */
export function reduceL1(x: Value, axes?: readonly number[], keepDims = true): Value {
  return applyReduction(ReduceL1, x, axes, keepDims, abs);
}
/** √Σx² over `axes` (default all). */
export function reduceL2(x: Value, axes?: readonly number[], keepDims = true): Value {
  return applyReduction(ReduceL2, x, axes, keepDims, abs);
}
/** ln Σx over `axes` (default all). */
export function reduceLogSum(x: Value, axes?: readonly number[], keepDims = true): Value {
  return applyReduction(ReduceLogSum, x, axes, keepDims, log);
}
/** ln Σeˣ over `axes` (default all), without overflow. */
export function reduceLogSumExp(x: Value, axes?: readonly number[], keepDims = true): Value {
  return applyReduction(ReduceLogSumExp, x, axes, keepDims);
}
/** Πx over `axes` (default all). */
export function reduceProd(x: Value, axes?: readonly number[], keepDims = true): Value {
  return applyReduction(ReduceProd, x, axes, keepDims);
}
