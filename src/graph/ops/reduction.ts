import { type DataType, FoveaError, sizeOf, tensor, toNumbers } from "../../core/index.ts";
import type { Graph, Node, Value } from "../graph.ts";
import type { InferContext, Kind, Operator } from "../operator.ts";
import { axisOf, broadcast, type Dim, sameShape } from "../shape.ts";
import { broadcastNumbers } from "./folding.ts";
import { knownNumbers, knownTensor } from "./known-numbers.ts";
import { reshape } from "./reshape.ts";
import { shapeOf } from "./shape-arithmetic.ts";

/** Axes that a reduction's second input names, each once; all of them where it is absent or empty. */
export function reducedAxes(opType: string, x: Value, axes: Value | undefined): readonly number[] {
  if (!axes) return x.shape.map((_, i) => i);
  const known = knownTensor(axes);
  if (!known) {
    throw new FoveaError("shape-unknown", `${opType}: the axes over which to reduce must be a constant.`);
  }
  const named = new Set(toNumbers(known).map((axis) => axisOf(opType, axis, x.rank)));
  return named.size > 0 ? [...named] : x.shape.map((_, i) => i);
}

/** The shape rule that all Reduce* operators share. */
export function inferReduction(
  opType: string,
  { inputs: [x, axes], attributes }: InferContext,
): readonly Kind[] {
  const reduced = reducedAxes(opType, x!, axes);
  const shape =
    attributes.keepdims === 0
      ? x!.shape.filter((_, i) => !reduced.includes(i))
      : x!.shape.map((dim, i) => (reduced.includes(i) ? 1 : dim));
  return [{ dtype: x!.dtype, shape }];
}

/** A reduction's output or cotangent with its reduced axes put back as 1. */
export function withKeptAxes(opType: string, y: Value, x: Value, axes: Value | undefined): Value {
  const reduced = reducedAxes(opType, x, axes);
  return reshape(
    y,
    x.shape.map((dim, i) => (reduced.includes(i) ? 1 : dim)),
  );
}

/** One operation for each element that is reduced. */
export function reductionFlops({ inputs: [x] }: Node): number {
  return sizeOf(x!.dims);
}

/** Sum over axes. */
export const ReduceSum: Operator = {
  opType: "ReduceSum",
  infer: (context) => inferReduction("ReduceSum", context),
  flops: reductionFlops,
  gradient: ({ inputs: [x, axes], cotangents: [dy] }) => [
    expandLike(withKeptAxes("ReduceSum", dy!, x, axes), x),
    undefined,
  ],
};

/**
 * Applies a Reduce* operator over `axes` (default all); with `keepDims` the axes stay as 1. Over no axes at all each
 * element is reduced by itself, to what `single` says: ONNX would take an empty list for all axes.
 */
export function applyReduction(
  operator: Operator,
  x: Value,
  axes: readonly number[] | undefined,
  keepDims: boolean,
  single: (x: Value) => Value = (x) => x,
): Value {
  if (axes?.length === 0) return single(x);
  const inputs = axes ? [x, x.graph.integers(axes)] : [x];
  return x.graph.apply(operator, inputs, { keepdims: keepDims ? 1 : 0 })[0];
}

/** Sum over `axes` (default all, `[]` none); with `keepDims` the axes stay as 1. */
export function reduceSum(x: Value, axes?: readonly number[], keepDims = true): Value {
  return applyReduction(ReduceSum, x, axes, keepDims);
}

/** Repeats a tensor along dimensions of size 1, to a shape that the second input gives. */
export const Expand: Operator = {
  opType: "Expand",
  infer({ inputs: [x, target], shapes }) {
    const shape = shapes?.[0] ?? broadcast("Expand", x!.shape, knownNumbers("Expand", target!) as number[]);
    return [{ dtype: x!.dtype, shape }];
  },
  fold: ({ tensors: [x], kind }) => {
    const shape = kind.shape as readonly number[];
    return tensor(broadcastNumbers(x, shape), shape, kind.dtype);
  },
  gradient: ({ inputs: [x], cotangents: [dy] }) => [sumTo(dy!, x.shape), undefined],
};

/** Repeats x to a larger shape that it broadcasts to. */
export function expand(x: Value, shape: readonly Dim[]): Value {
  if (sameShape(x.shape, shape)) return x;
  return x.graph.apply(Expand, [x, x.graph.integers(shape as number[])])[0];
}

/** Repeats x to the shape of `like`, which may have dimensions that are known at run time only. */
export function expandLike(x: Value, like: Value): Value {
  const known = like.shape.every((dim) => typeof dim === "number");
  return known ? expand(x, like.shape) : x.graph.apply(Expand, [x, shapeOf(like)], {}, [like.shape])[0];
}

/** A tensor of zeros, which takes no memory until it is used. */
export function zeros(graph: Graph, shape: readonly Dim[], dtype: DataType = "float32"): Value {
  const one = reshape(
    graph.scalar(0, dtype),
    shape.map(() => 1),
  );
  return expand(one, shape);
}

/** A tensor of zeros of the type and shape of `like`. */
export function zerosLike(like: Value): Value {
  const known = like.shape.every((dim) => typeof dim === "number");
  return known
    ? zeros(like.graph, like.shape, like.dtype)
    : expandLike(like.graph.scalar(0, like.dtype), like);
}

/** The sum over what broadcasting `shape` repeated: the gradient of every broadcast. */
export function sumTo(x: Value, shape: readonly Dim[]): Value {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.rank - shape.length;
  const axes = x.shape.flatMap((dim, i) => (i < lead || (shape[i - lead] === 1 && dim !== 1) ? [i] : []));
  return reshape(reduceSum(x, axes), shape);
}
