import { FoveaError, sizeOf, tensor, toNumbers } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { axisOf, type Dim, lengthOf } from "../shape.ts";
import { requireSameType } from "./element-types.ts";
import { knownNumbers } from "./known-numbers.ts";
import { pad } from "./padding.ts";
import { zerosLike } from "./reduction.ts";
import { reshape } from "./reshape.ts";

/** Inputs: x, starts, ends, axes, steps (ONNX's order); steps may be negative. */
export const Slice: Operator = {
  opType: "Slice",
  infer({ inputs: [x, starts, ends, axes, steps], shapes }) {
    if (shapes) return [{ dtype: x!.dtype, shape: shapes[0] }];
    const shape: Dim[] = [...x!.shape];
    for (const range of sliceRanges(x!, starts!, ends!, axes, steps)) shape[range.axis] = range.count;
    return [{ dtype: x!.dtype, shape }];
  },
  fold({ tensors, inputs: [x, starts, ends, axes, steps], kind }) {
    let numbers = toNumbers(tensors[0]);
    let dims = [...x!.dims];
    for (const { axis, start, step, count } of sliceRanges(x!, starts!, ends!, axes, steps)) {
      const after = sizeOf(dims.slice(axis + 1));
      const size = dims[axis];
      const picked = Array.from({ length: count }, (_, i) => start + i * step);
      const blocks = Array.from({ length: sizeOf(dims.slice(0, axis)) }, (_, b) => b * size);
      numbers = blocks.flatMap((b) =>
        picked.flatMap((i) => numbers.slice((b + i) * after, (b + i + 1) * after)),
      );
      dims = dims.with(axis, count);
    }
    return tensor(numbers, kind.shape as readonly number[], kind.dtype);
  },
  /** The cotangent goes back to where the slice came from, zeros elsewhere. */
  gradient({ inputs: [x, starts, ends, axes, steps], cotangents: [dy] }) {
    let result = dy!;
    for (const { axis, size, start, step, count } of sliceRanges(x, starts, ends, axes, steps)) {
      if (count === 0) return [zerosLike(x)];
      if (step < 0) result = slice(result, axis, -1, -count - 1, -1);
      const first = step > 0 ? start : start + (count - 1) * step;
      result = embed(result, axis, first, Math.abs(step), size);
    }
    return [result];
  },
};

/** x along an axis at `start`, `start + step`, … of `size` zeros: what undoes a slice. */
export function embed(x: Value, axis: number, start: number, step: number, size: number): Value {
  const { shape } = x;
  let spread = x;
  let length = lengthOf("Pad", x, axis);
  if (step > 1) {
    const column = [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)];
    const none = column.map(() => 0);
    const wide = pad(reshape(x, column), none, none.with(axis + 1, step - 1));
    length *= step;
    spread = reshape(wide, [...shape].with(axis, length));
  }
  const none = shape.map(() => 0);
  const beyond = size - start - length;
  if (beyond < 0) spread = slice(spread, axis, 0, length + beyond);
  return pad(spread, none.with(axis, start), none.with(axis, Math.max(0, beyond)));
}

function sliceRanges(x: Value, starts: Value, ends: Value, axes?: Value, steps?: Value) {
  const first = knownNumbers("Slice", starts);
  const last = knownNumbers("Slice", ends);
  const along = axes ? knownNumbers("Slice", axes) : first.map((_, i) => i);
  const stride = steps ? knownNumbers("Slice", steps) : first.map(() => 1);
  return along.map((named, i) => {
    const axis = axisOf("Slice", named, x.rank);
    const size = lengthOf("Slice", x, axis);
    const step = stride[i];
    if (step === 0) {
      throw new FoveaError("argument-range", "Slice: `step` (=0) must not be 0; 1 takes every element.");
    }
    const absolute = (at: number) => (at < 0 ? at + size : at);
    const clamp = (at: number, low: number, high: number) => Math.min(Math.max(at, low), high);
    const start = clamp(absolute(first[i]), 0, step > 0 ? size : size - 1);
    const end = step > 0 ? clamp(absolute(last[i]), 0, size) : clamp(absolute(last[i]), -1, size - 1);
    return { axis, size, start, step, count: Math.max(0, Math.ceil((end - start) / step)) };
  });
}

/** Elements start, start + step, … before `end` along one axis; negative positions count from the end. */
export function slice(x: Value, axis: number, start: number, end: number, step = 1): Value {
  const { graph } = x;
  for (const [name, number] of Object.entries({ start, end, step })) {
    if (Number.isInteger(number)) continue;
    throw new FoveaError("argument-range", `slice: \`${name}\` (=${number}) must be a whole number.`);
  }
  const lists = [[start], [end], [axis], [step]].map((list) => graph.integers(list));
  return graph.apply(Slice, [x, ...lists])[0];
}

/** Joins tensors along an axis. */
export const Concat: Operator = {
  opType: "Concat",
  infer({ inputs, attributes, shapes }) {
    const [first] = inputs;
    requireSameType("Concat", inputs);
    if (shapes) return [{ dtype: first!.dtype, shape: shapes[0] }];
    const axis = axisOf("Concat", attributes.axis as number, first!.rank);
    for (const x of inputs) {
      if (x!.rank !== first!.rank || x!.shape.some((dim, i) => i !== axis && dim !== first!.shape[i])) {
        throw new FoveaError(
          "shape-mismatch",
          `Concat: shapes [${first!.shape}] and [${x!.shape}] must be equal except along axis ${axis}.`,
        );
      }
    }
    const lengths = inputs.map((x) => x!.shape[axis]);
    const total = lengths.every((length) => typeof length === "number")
      ? lengths.reduce((sum, length) => sum + length, 0)
      : lengths.join("+");
    return [{ dtype: first!.dtype, shape: first!.shape.map((dim, i) => (i === axis ? total : dim)) }];
  },
  fold({ tensors, attributes, kind }) {
    const axis = axisOf("Concat", attributes.axis as number, kind.shape.length);
    const blocks = sizeOf((kind.shape as readonly number[]).slice(0, axis));
    const numbers = Array.from({ length: blocks }, (_, b) =>
      tensors.flatMap((part) => {
        const length = part.data.length / blocks;
        return toNumbers(part).slice(b * length, (b + 1) * length);
      }),
    );
    return tensor(numbers.flat(), kind.shape as readonly number[], kind.dtype);
  },
  gradient({ node, inputs, cotangents: [dy] }) {
    const axis = axisOf("Concat", node.attributes.axis as number, dy!.rank);
    return split(
      dy!,
      axis,
      inputs.map((x) => lengthOf("Concat", x, axis)),
    );
  },
};

/** Joins tensors along an axis. */
export function concat(values: readonly Value[], axis: number): Value {
  if (values.length === 0) {
    throw new FoveaError("argument-count", "concat: `values` is empty; give at least one tensor.");
  }
  if (values.length === 1) return values[0];
  return values[0].graph.apply(Concat, values, { axis })[0];
}

/** Cuts a tensor along an axis into pieces whose lengths the second input gives. */
export const Split: Operator = {
  opType: "Split",
  infer({ inputs: [x, lengths], attributes }) {
    const axis = axisOf("Split", (attributes.axis as number | undefined) ?? 0, x!.rank);
    const sizes = knownNumbers("Split", lengths!);
    if (sizes.reduce((a, b) => a + b, 0) !== lengthOf("Split", x!, axis)) {
      throw new FoveaError("shape-mismatch", `Split: lengths [${sizes}] do not add up to ${x!.shape[axis]}.`);
    }
    return sizes.map((size) => ({
      dtype: x!.dtype,
      shape: x!.shape.map((dim, i) => (i === axis ? size : dim)),
    }));
  },
  gradient({ node, outputs, cotangents }) {
    const axis = axisOf("Split", (node.attributes.axis as number | undefined) ?? 0, outputs[0].rank);
    const parts = outputs.map((y, i) => cotangents[i] ?? zerosLike(y));
    return [concat(parts, axis)];
  },
};

/** Cuts x along an axis into pieces of the given lengths. */
export function split(x: Value, axis: number, lengths: readonly number[]): readonly Value[] {
  if (lengths.length === 1 && lengths[0] === x.shape[axisOf("split", axis, x.rank)]) return [x];
  return x.graph.apply(Split, [x, x.graph.integers(lengths)], { axis });
}

/** The first elements along each dimension, as many as `shape` says; a dimension that fits is left as it is. */
export function cropTo(x: Value, shape: readonly number[]): Value {
  return shape.reduce((y, count, axis) => (y.dims[axis] > count ? slice(y, axis, 0, count) : y), x);
}
