import type { Node, Value } from "../graph.ts";
import { applyAgain, copyGraph, type GraphCopy } from "./copy.ts";

/**
 * Computes once what several nodes compute alike: the same operator of the same tensors with the same attributes
 * (common subexpressions). Layers and gradient rules ask for what they need, such as a transposed map, without
 * knowing who else does.
 */
export function mergeEqual<Name extends string>(outputs: Readonly<Record<Name, Value>>): GraphCopy<Name> {
  const known = new Map<string, readonly Value[]>();
  return copyGraph(outputs, {
    rewrite(node, inputs, graph) {
      const key = keyOf(node, inputs);
      const before = key && known.get(key);
      if (before) return before;
      const results = applyAgain(node, inputs, graph);
      if (key) known.set(key, results);
      return results;
    },
  });
}

/** What two nodes must share to be one; undefined for nodes with a tensor as attribute, which are left alone. */
function keyOf(
  { operator, attributes, outputs, givenShapes }: Node,
  inputs: readonly (Value | undefined)[],
): string | undefined {
  const settings = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  if (settings.some(([, value]) => typeof value === "object" && "data" in value)) return undefined;
  const given = inputs.map((input) => input?.name ?? "");
  const { domain, opType, flat } = operator;
  return JSON.stringify([domain, opType, flat, outputs.length, given, settings, givenShapes]);
}
