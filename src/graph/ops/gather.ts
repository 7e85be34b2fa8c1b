import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { axisOf } from "../shape.ts";
import { expand } from "./reduction.ts";
import { reshape, transpose } from "./reshape.ts";
import { cast } from "./unary.ts";

/** Picks slices along an axis by index. */
export const Gather: Operator = {
  opType: "Gather",
  infer({ inputs: [x, indices], attributes }) {
    const axis = axisOf("Gather", (attributes.axis as number | undefined) ?? 0, x!.rank);
    const shape = [...x!.shape.slice(0, axis), ...indices!.shape, ...x!.shape.slice(axis + 1)];
    return [{ dtype: x!.dtype, shape }];
  },
  /** Each picked slice's cotangent is added to where it came from. */
  gradient({ node, inputs: [x, indices], cotangents: [dy] }) {
    const axis = axisOf("Gather", (node.attributes.axis as number | undefined) ?? 0, x.rank);
    const lead = x.shape.map((_, i) => i).slice(0, axis);
    const picked = indices.shape.map((_, i) => axis + i);
    const trail = x.shape.map((_, i) => i + indices.rank - 1).slice(axis + 1);
    const rows = transpose(dy!, [...picked, ...lead, ...trail]);
    const order = [axis, ...lead, ...x.shape.map((_, i) => i).slice(axis + 1)];
    const empty = zeros(
      x,
      order.map((i) => x.dims[i]),
    );
    const places = cast(reshape(indices, [...indices.shape, 1]), "int64"); // all that ScatterND takes
    const summed = scatterAdd(empty, places, rows);
    return [
      transpose(
        summed,
        order.map((_, i) => order.indexOf(i)),
      ),
      undefined,
    ];
  },
};

function zeros(model: Value, shape: readonly number[]): Value {
  const one = reshape(
    model.graph.scalar(0, model.dtype),
    shape.map(() => 1),
  );
  return expand(one, shape);
}

/** Slices of x along `axis`, at `indices` (int64 or int32). */
export function gather(x: Value, indices: Value, axis = 0): Value {
  return x.graph.apply(Gather, [x, indices], { axis })[0];
}

/** Writes or adds slices into a copy of the first input, at the places that the second names. */
export const ScatterND: Operator = {
  opType: "ScatterND",
  infer: ({ inputs: [x] }) => [{ dtype: x!.dtype, shape: x!.shape }],
};

/** x with `updates` added at the places `indices` (int64, `[…, depth]`) name. */
export function scatterAdd(x: Value, indices: Value, updates: Value): Value {
  return x.graph.apply(ScatterND, [x, indices, updates], { reduction: "add" })[0];
}

/** Picks elements by index tuples (the last axis of the second input). */
export const GatherND: Operator = {
  opType: "GatherND",
  infer({ inputs: [x, indices] }) {
    const depth = indices!.shape.at(-1) as number;
    return [{ dtype: x!.dtype, shape: [...indices!.shape.slice(0, -1), ...x!.shape.slice(depth)] }];
  },
};

/** Elements of x at index tuples (int64, `[…, depth]`). */
export function gatherND(x: Value, indices: Value): Value {
  return x.graph.apply(GatherND, [x, indices])[0];
}

/** The shape of a tensor, as int64. */
export const ShapeOf: Operator = {
  opType: "Shape",
  infer: ({ inputs: [x] }) => [{ dtype: "int64", shape: [x!.rank] }],
  flat: true,
};

/** The shape of x at run time, as a list of int64. */
export function shapeOf(x: Value): Value {
  return x.graph.apply(ShapeOf, [x])[0];
}
