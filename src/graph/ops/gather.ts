import { FoveaError, sizeOf, tensor, toNumbers } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { axisOf, type Dim, type Shape } from "../shape.ts";
import { add, mul } from "./arithmetic.ts";
import { less, where } from "./comparison.ts";
import { reduceSum, zeros } from "./reduction.ts";
import { reshape, transpose } from "./reshape.ts";
import { areDistinct, rowSums } from "./row-sums.ts";
import { cast } from "./unary.ts";

/** Picks slices along an axis by index. */
export const Gather: Operator = {
  opType: "Gather",
  infer({ inputs: [x, indices], attributes }) {
    const axis = axisOf("Gather", (attributes.axis as number | undefined) ?? 0, x!.rank);
    const shape = [...x!.shape.slice(0, axis), ...indices!.shape, ...x!.shape.slice(axis + 1)];
    return [{ dtype: x!.dtype, shape }];
  },
  fold: ({ tensors: [x, indices], attributes, kind }) => {
    const axis = axisOf("Gather", (attributes.axis as number | undefined) ?? 0, x.shape.length);
    const [before, size, after] = [
      sizeOf(x.shape.slice(0, axis)),
      x.shape[axis],
      sizeOf(x.shape.slice(axis + 1)),
    ];
    const from = toNumbers(x);
    const picked = toNumbers(indices).map((i) => (i < 0 ? i + size : i));
    const values = Array.from({ length: before }, (_, b) =>
      picked.flatMap((i) => from.slice((b * size + i) * after, (b * size + i + 1) * after)),
    );
    return tensor(values.flat(), kind.shape as readonly number[], kind.dtype);
  },
  /** Each picked slice's cotangent is added to where it came from. */
  gradient({ node, inputs: [x, indices], cotangents: [dy] }) {
    const axis = axisOf("Gather", (node.attributes.axis as number | undefined) ?? 0, x.rank);
    const lead = x.shape.map((_, i) => i).slice(0, axis);
    const picked = indices.shape.map((_, i) => axis + i);
    const trail = x.shape.map((_, i) => i + indices.rank - 1).slice(axis + 1);
    const rows = transpose(dy!, [...picked, ...lead, ...trail]);
    const order = [axis, ...lead, ...x.shape.map((_, i) => i).slice(axis + 1)];
    const sorted = order.map((i) => x.dims[i]);
    const places = cast(reshape(indices, [...indices.shape, 1]), "int64"); // all that ScatterND takes
    const summed = areDistinct(indices.constant, x.dims[axis])
      ? x.graph.apply(ScatterND, [zeros(x.graph, sorted, x.dtype), places, rows])[0]
      : sumTuples(sorted, places, rows);
    return [
      transpose(
        summed,
        order.map((_, i) => order.indexOf(i)),
      ),
      undefined,
    ];
  },
};

/** Slices of x along `axis`, at `indices` (int64 or int32). */
export function gather(x: Value, indices: Value, axis = 0): Value {
  return x.graph.apply(Gather, [x, indices], { axis })[0];
}

/** Writes or adds slices into a copy of the first input, at the places that the second names. */
export const ScatterND: Operator = {
  opType: "ScatterND",
  infer: ({ inputs: [x] }) => [{ dtype: x!.dtype, shape: x!.shape }],
  gradient({ node, inputs: [, indices, updates], cotangents: [dy], wanted }) {
    const { reduction = "none" } = node.attributes as { reduction?: string };
    if (reduction !== "none" && reduction !== "add") {
      throw new FoveaError(
        "no-gradient",
        `ScatterND \`${node.name}\`: reduction "${reduction}" has no gradient, only "none" and "add".`,
      );
    }
    const overwritten = () => {
      const nothing = zeros(dy!.graph, updates.dims, updates.dtype);
      return dy!.graph.apply(ScatterND, [dy, indices, nothing])[0];
    };
    return [
      wanted[0] ? (reduction === "add" ? dy! : overwritten()) : undefined,
      undefined,
      wanted[2] ? gatherND(dy!, indices) : undefined,
    ];
  },
};

/** x with `updates` added at the places that `indices` (int64, `[…, depth]`) name, each as often as it is named. */
export function scatterAdd(x: Value, indices: Value, updates: Value): Value {
  return add(x, sumTuples(x.dims, indices, updates));
}

/** Zeros of a shape, with `updates` added at the places that `indices` (int64, `[…, depth]`) name. */
function sumTuples(dims: readonly number[], indices: Value, updates: Value): Value {
  const { graph } = indices;
  const depth = indices.shape.at(-1) as number;
  const [lead, rest] = [dims.slice(0, depth), dims.slice(depth)];
  const total = elementCount(indices.shape.slice(0, -1));
  let tuples = reshape(indices, [total, depth]);
  if (depth > 1) {
    const steps = lead.map((_, i) => sizeOf(lead.slice(i + 1)));
    const fromStart = where(less(tuples, 0), add(tuples, graph.integers(lead)), tuples);
    tuples = reduceSum(mul(fromStart, graph.integers(steps)), [1], false);
  }
  const rows = reshape(updates, [total, sizeOf(rest)]);
  return reshape(rowSums(sizeOf(lead), reshape(tuples, [total]), rows), dims);
}

/** The product of dimensions of which one may be known at run time only. */
function elementCount(shape: Shape): Dim {
  return shape.every((dim) => typeof dim === "number") ? sizeOf(shape as readonly number[]) : shape.join("*");
}

/** Picks elements by index tuples (the last axis of the second input). */
export const GatherND: Operator = {
  opType: "GatherND",
  infer({ inputs: [x, indices], attributes }) {
    if (attributes.batch_dims) {
      throw new FoveaError(
        "operator-unsupported",
        `GatherND: \`batch_dims\` (=${attributes.batch_dims}) must be 0.`,
      );
    }
    const depth = indices!.shape.at(-1) as number;
    return [{ dtype: x!.dtype, shape: [...indices!.shape.slice(0, -1), ...x!.shape.slice(depth)] }];
  },
  gradient: ({ inputs: [x, indices], cotangents: [dy] }) => [sumTuples(x.dims, indices, dy!), undefined],
};

/** Elements of x at index tuples (int64, `[…, depth]`). */
export function gatherND(x: Value, indices: Value): Value {
  return x.graph.apply(GatherND, [x, indices])[0];
}
