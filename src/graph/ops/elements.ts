import { FoveaError } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { axisOf } from "../shape.ts";
import { zeros } from "./reduction.ts";

/** Picks elements along an axis: y[…, i, …] = x[…, index[…, i, …], …]. */
export const GatherElements: Operator = {
  opType: "GatherElements",
  infer({ inputs: [x, indices], attributes }) {
    axisOf("GatherElements", (attributes.axis as number | undefined) ?? 0, x!.rank);
    return [{ dtype: x!.dtype, shape: indices!.shape }];
  },
  gradient({ node, inputs: [x, indices], cotangents: [dy] }) {
    const axis = (node.attributes.axis as number | undefined) ?? 0;
    return [scatterElements(zeros(x.graph, x.dims, x.dtype), indices, dy!, axis, "add"), undefined];
  },
};

/** Writes (or adds) elements into a copy of the first input, at indices along an axis. */
export const ScatterElements: Operator = {
  opType: "ScatterElements",
  infer({ inputs: [x, indices, updates], attributes }) {
    axisOf("ScatterElements", (attributes.axis as number | undefined) ?? 0, x!.rank);
    if (`${indices!.shape}` !== `${updates!.shape}`) {
      throw new FoveaError(
        "shape-mismatch",
        `ScatterElements: indices [${indices!.shape}] and updates [${updates!.shape}] must have one shape.`,
      );
    }
    return [{ dtype: x!.dtype, shape: x!.shape }];
  },
  gradient({ node, inputs: [, indices, updates], cotangents: [dy], wanted }) {
    const { axis = 0, reduction = "none" } = node.attributes as { axis?: number; reduction?: string };
    if (reduction !== "none" && reduction !== "add") {
      throw new FoveaError(
        "no-gradient",
        `ScatterElements \`${node.name}\`: reduction "${reduction}" has no gradient, only "none" and "add".`,
      );
    }
    const overwritten = () =>
      scatterElements(dy!, indices, zeros(updates.graph, updates.dims, updates.dtype), axis);
    return [
      wanted[0] ? (reduction === "add" ? dy! : overwritten()) : undefined,
      undefined,
      wanted[2] ? gatherElements(dy!, indices, axis) : undefined,
    ];
  },
};

/** Elements of x at `indices` (int64, same rank) along `axis`. */
export function gatherElements(x: Value, indices: Value, axis = 0): Value {
  return x.graph.apply(GatherElements, [x, indices], { axis })[0];
}

/** x with `updates` written, or added, at `indices` (int64) along `axis`. */
export function scatterElements(
  x: Value,
  indices: Value,
  updates: Value,
  axis = 0,
  reduction: "none" | "add" = "none",
): Value {
  return x.graph.apply(ScatterElements, [x, indices, updates], { axis, reduction })[0];
}
