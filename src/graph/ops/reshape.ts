import { FoveaError, sizeOf, toNumbers } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { axisOf, type Dim, sameShape } from "../shape.ts";
import { foldReshaped } from "./folding.ts";
import { knownNumbers, knownTensor } from "./known-numbers.ts";

/** Passes a tensor on. */
export const Identity: Operator = {
  opType: "Identity",
  elementwise: true,
  infer: ({ inputs: [x] }) => [{ dtype: x!.dtype, shape: x!.shape }],
  fold: foldReshaped,
  gradient: ({ cotangents: [dy] }) => [dy],
};

/** Passes a tensor on, but no gradient back. */
const StopGradient: Operator = { opType: "Identity", infer: Identity.infer, flat: true };

/** x as a constant to the backward pass: no gradient flows through it. */
export function stopGradient(x: Value): Value {
  return x.graph.apply(StopGradient, [x])[0];
}

/**
 * Same elements, other shape. The target shape is the second input; 0 copies a dimension, but with the attribute
 * `allowzero` it is the dimension's size; one may be −1.
 */
export const Reshape: Operator = {
  opType: "Reshape",
  infer({ inputs: [x, target], attributes, shapes }) {
    if (shapes) return [{ dtype: x!.dtype, shape: shapes[0] }];
    const known = knownTensor(target!);
    if (!known) {
      throw new FoveaError("shape-unknown", `Reshape: the shape of \`${x!.name}\` must be a constant here.`);
    }
    return [{ dtype: x!.dtype, shape: resolveShape(x!, toNumbers(known), attributes.allowzero === 1) }];
  },
  fold: foldReshaped,
  gradient: ({ inputs: [x], cotangents: [dy] }) => [reshape(dy!, x.shape), undefined],
};

function resolveShape(x: Value, target: readonly number[], allowZero: boolean): readonly Dim[] {
  const shape: Dim[] = target.map((dim, i) => (dim === 0 && !allowZero ? x.shape[i] : dim));
  const free = shape.indexOf(-1);
  if (!x.shape.every((dim) => typeof dim === "number")) {
    if (free >= 0) shape[free] = `${x.name}_rest`;
    return shape;
  }
  const total = sizeOf(x.dims);
  const rest = shape.reduce<number>((product, dim) => (dim === -1 ? product : product * Number(dim)), 1);
  if (free >= 0) shape[free] = rest === 0 ? 0 : total / rest;
  const size = shape.reduce<number>((a, b) => a * Number(b), 1);
  if (size !== total || !shape.every((dim) => Number.isInteger(dim))) {
    throw new FoveaError(
      "shape-mismatch",
      `Reshape: \`${x.name}\` (shape [${x.shape}], ${total} elements) does not fit shape [${target}].`,
    );
  }
  return shape;
}

/** The same elements in another shape; one dimension may be −1. */
export function reshape(x: Value, shape: readonly Dim[]): Value {
  if (sameShape(x.shape, shape)) return x;
  const names = shape.filter((dim) => typeof dim === "string").length;
  if (names > 1) {
    throw new FoveaError(
      "shape-unknown",
      `reshape: [${shape}] has more than one dimension that is not known.`,
    );
  }
  const target = x.graph.integers(shape.map((dim) => (typeof dim === "string" ? -1 : dim)));
  const empty = x.shape.includes(0) && shape.includes(0) && names === 0 && !shape.includes(-1);
  return x.graph.apply(Reshape, [x, target], empty ? { allowzero: 1 } : {}, names ? [shape] : undefined)[0];
}

/** Reshape to a shape that another tensor holds at run time; `shape` says what is known of it. */
export function reshapeTo(x: Value, target: Value, shape: readonly Dim[]): Value {
  return x.graph.apply(Reshape, [x, target], {}, [shape])[0];
}

/** Permutes the axes. */
export const Transpose: Operator = {
  opType: "Transpose",
  infer({ inputs: [x], attributes }) {
    const order = orderOf(x!, attributes.perm as number[] | undefined);
    return [{ dtype: x!.dtype, shape: order.map((axis) => x!.shape[axis]) }];
  },
  gradient({ node, inputs: [x], cotangents: [dy] }) {
    const order = orderOf(x, node.attributes.perm as number[] | undefined);
    const inverse = order.map((_, axis) => order.indexOf(axis));
    return [transpose(dy!, inverse)];
  },
};

function orderOf(x: Value, order: readonly number[] | undefined): readonly number[] {
  if (!order) return x.shape.map((_, i) => x.rank - 1 - i);
  if (order.length !== x.rank || x.shape.some((_, axis) => !order.includes(axis))) {
    throw new FoveaError(
      "axis-range",
      `Transpose: \`perm\` (=[${order}]) must name each of ${x.rank} axes once.`,
    );
  }
  return order;
}

/** Axis `order[i]` of x becomes axis i. */
export function transpose(x: Value, order: readonly number[]): Value {
  if (order.length === x.rank && order.every((axis, i) => axis === i)) return x;
  return x.graph.apply(Transpose, [x], { perm: order })[0];
}

/** Everything before `axis` into one dimension, everything from it on into another. */
export const Flatten: Operator = {
  opType: "Flatten",
  infer({ inputs: [x], attributes }) {
    const axis = (attributes.axis as number | undefined) ?? 1;
    const at = axis < 0 ? axis + x!.rank : axis;
    return [{ dtype: x!.dtype, shape: [sizeOf(x!.dims.slice(0, at)), sizeOf(x!.dims.slice(at))] }];
  },
  gradient: ({ inputs: [x], cotangents: [dy] }) => [reshape(dy!, x.shape)],
};

/** Drops dimensions of size 1: those named by the second input, or all. */
export const Squeeze: Operator = {
  opType: "Squeeze",
  infer({ inputs: [x, axes] }) {
    const drop = axes
      ? knownNumbers("Squeeze", axes).map((axis) => axisOf("Squeeze", axis, x!.rank))
      : x!.shape.flatMap((dim, i) => (dim === 1 ? [i] : []));
    for (const axis of drop) {
      if (x!.shape[axis] !== 1) {
        throw new FoveaError("shape-mismatch", `Squeeze: axis ${axis} of [${x!.shape}] is not of size 1.`);
      }
    }
    return [{ dtype: x!.dtype, shape: x!.shape.filter((_, i) => !drop.includes(i)) }];
  },
  fold: foldReshaped,
  gradient: ({ inputs: [x], cotangents: [dy] }) => [reshape(dy!, x.shape), undefined],
};

/** Drops the named dimensions, each of size 1. */
export function squeeze(x: Value, axes: readonly number[]): Value {
  return x.graph.apply(Squeeze, [x, x.graph.integers(axes)])[0];
}

/** Inserts dimensions of size 1 at the places that the second input names. */
export const Unsqueeze: Operator = {
  opType: "Unsqueeze",
  infer({ inputs: [x, axes] }) {
    const rank = x!.rank + knownNumbers("Unsqueeze", axes!).length;
    const at = knownNumbers("Unsqueeze", axes!).map((axis) => axisOf("Unsqueeze", axis, rank));
    const rest = [...x!.shape];
    const shape = Array.from({ length: rank }, (_, i): Dim => (at.includes(i) ? 1 : rest.shift()!));
    return [{ dtype: x!.dtype, shape }];
  },
  fold: foldReshaped,
  gradient: ({ inputs: [x], cotangents: [dy] }) => [reshape(dy!, x.shape), undefined],
};

/** Inserts dimensions of size 1 so that they stand at `axes` of the result. */
export function unsqueeze(x: Value, axes: readonly number[]): Value {
  return x.graph.apply(Unsqueeze, [x, x.graph.integers(axes)])[0];
}
