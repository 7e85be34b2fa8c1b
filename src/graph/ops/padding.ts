import { FoveaError } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { axisOf, type Dim } from "../shape.ts";
import { mul } from "./arithmetic.ts";
import { knownNumbers } from "./known-numbers.ts";
import { type Matrix, mapAxis, transposed } from "./linear-map.ts";
import { sumTo, zeros } from "./reduction.ts";

/** How {@link Pad} fills: with a number, with the mirror image, the last element, or from the other end. */
export type PadMode = "constant" | "reflect" | "edge" | "wrap";

/** Inputs: x, pads (all begins, then all ends), value, axes. Attribute `mode`: constant, reflect, edge or wrap. */
export const Pad: Operator = {
  opType: "Pad",
  infer({ inputs: [x, pads, , axes], shapes }) {
    if (shapes) return [{ dtype: x!.dtype, shape: shapes[0] }];
    const [begin, end] = amounts(x!, pads!, axes);
    return [{ dtype: x!.dtype, shape: x!.shape.map((dim, i) => padded(x!, dim, begin[i] + end[i])) }];
  },
  gradient({ node, inputs: [x, pads, value, axes], cotangents: [dy], wanted }) {
    const mode = (node.attributes.mode as PadMode | undefined) ?? "constant";
    const [begin, end] = amounts(x, pads, axes);
    const opposite = (amount: readonly number[]) => amount.map((n) => -n);
    if (mode === "constant") {
      const added = () => pad(zeros(x.graph, x.dims, x.dtype), begin, end, 1);
      return [
        wanted[0] ? pad(dy!, opposite(begin), opposite(end)) : undefined,
        undefined,
        wanted[2] ? sumTo(mul(dy!, added()), value.shape) : undefined,
      ];
    }
    let result = dy!;
    for (const [axis, size] of x.dims.entries()) {
      if (begin[axis] === 0 && end[axis] === 0) continue;
      result = mapAxis(result, axis, transposed(repetition(size, begin[axis], end[axis], mode)));
    }
    return [result];
  },
};

/** A padded dimension; one that is known at run time only stays as it is. */
function padded(x: Value, dim: Dim, added: number): Dim {
  if (added === 0) return dim;
  if (typeof dim === "number") return dim + added;
  throw new FoveaError(
    "shape-unknown",
    `Pad: dimension \`${dim}\` of \`${x.name}\` [${x.shape}] is known at run time only; give the input a size there.`,
  );
}

/** Elements added (or, negative, cropped) before and after each axis. */
function amounts(x: Value, pads: Value, axes: Value | undefined): readonly [number[], number[]] {
  const given = knownNumbers("Pad", pads);
  const named = axes
    ? knownNumbers("Pad", axes).map((axis) => axisOf("Pad", axis, x.rank))
    : x.shape.map((_, i) => i);
  const begin = x.shape.map(() => 0);
  const end = x.shape.map(() => 0);
  for (const [i, axis] of named.entries()) {
    begin[axis] = given[i];
    end[axis] = given[i + named.length];
  }
  return [begin, end];
}

/** The matrix that pads a line of `size` elements: one 1 in each row. */
function repetition(size: number, begin: number, end: number, mode: PadMode): Matrix {
  const rows = begin + size + end;
  const data = new Float32Array(rows * size);
  if (mode === "wrap") {
    // What is cropped at one end does not come back at the other.
    const first = Math.max(0, -begin);
    const kept = size - first - Math.max(0, -end);
    for (let row = 0; row < rows; row++)
      data[row * size + first + source(row - begin - first, kept, mode)] = 1;
    return { rows, columns: size, data };
  }
  for (let row = 0; row < rows; row++) data[row * size + source(row - begin, size, mode)] = 1;
  return { rows, columns: size, data };
}

/** The element that stands at `position`, which may lie outside 0 … size − 1. */
function source(position: number, size: number, mode: PadMode): number {
  if (mode === "edge") return Math.min(Math.max(position, 0), size - 1);
  if (mode === "wrap") return ((position % size) + size) % size;
  const period = Math.max(1, 2 * (size - 1));
  const folded = ((position % period) + period) % period;
  return folded < size ? folded : period - folded;
}

/** Adds `before[i]` and `after[i]` elements of `value` at the two ends of axis i; negative numbers crop. */
export function pad(x: Value, before: readonly number[], after: readonly number[], value = 0): Value {
  if ([...before, ...after].every((n) => n === 0)) return x;
  const pads = x.graph.integers([...before, ...after]);
  const inputs = value === 0 ? [x, pads] : [x, pads, x.graph.scalar(value, x.dtype)];
  return x.graph.apply(Pad, inputs, { mode: "constant" })[0];
}

/** Adds elements at the two ends of axes by repeating x's own: its mirror image, its edge, or its other end. */
export function padRepeating(
  x: Value,
  before: readonly number[],
  after: readonly number[],
  mode: Exclude<PadMode, "constant">,
): Value {
  return x.graph.apply(Pad, [x, x.graph.integers([...before, ...after])], { mode })[0];
}

/** Adds `value` at the ends, by amounts known at run time (`pads`, int64: all begins, then all ends). */
export function padTo(x: Value, pads: Value, value: Value, shape: readonly Dim[]): Value {
  return x.graph.apply(Pad, [x, pads, value], { mode: "constant" }, [shape])[0];
}
