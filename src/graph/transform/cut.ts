import { FoveaError } from "../../core/index.ts";
import { Graph, type Value } from "../graph.ts";
import { copyGraph, type GraphCopy } from "./copy.ts";

/**
 * The part of a net between tensors: `inputs` become inputs of a new graph (by the names given), and what
 * `outputs` need is copied. A net is cut into backbone and head by this, and an inner tensor is exposed by
 * naming it among the outputs. Inputs of the net that are still needed stay inputs.
 *
 * @throws `cut-open` for a constant among `inputs`
 */
export function cut<Name extends string>(
  outputs: Readonly<Record<Name, Value>>,
  inputs: Readonly<Record<string, Value>> = {},
): GraphCopy<Name> {
  const graph = new Graph();
  const replaced = new Map(
    Object.entries(inputs).map(([name, value]) => [value, graph.input(name, value.shape, value.dtype)]),
  );
  for (const [name, value] of Object.entries(inputs)) {
    if (value.constant) {
      throw new FoveaError(
        "cut-open",
        `cut: \`${name}\` is a constant of the net and cannot become an input.`,
      );
    }
  }
  return copyGraph(outputs, { into: graph, replaced });
}

/** Outputs of one net as inputs of another: `second`'s inputs, by name, become `first`'s tensors. */
export function compose<Name extends string>(
  second: Readonly<Record<Name, Value>>,
  joined: ReadonlyMap<Value, Value>,
): GraphCopy<Name> {
  for (const [input, value] of joined) {
    if (input.dtype !== value.dtype || input.rank !== value.rank) {
      throw new FoveaError(
        "shape-mismatch",
        `compose: \`${value.name}\` (${value.dtype} [${value.shape}]) does not fit input \`${input.name}\` (${input.dtype} [${input.shape}]).`,
      );
    }
  }
  return copyGraph(second, { into: [...joined.values()][0]?.graph, replaced: joined });
}
