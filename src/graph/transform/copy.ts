import { FoveaError } from "../../core/index.ts";
import { Graph, type Node, orderedNodes, type Value } from "../graph.ts";

/** How nodes change on the way into the copy. */
export interface CopyOptions {
  /** The graph to copy into; default a new one. */
  into?: Graph;
  /** Tensors that are not copied but stand for tensors of the target, by the original. */
  replaced?: ReadonlyMap<Value, Value>;
  /** Called for each node with its inputs in the target; returns its outputs there, or undefined to copy it. */
  rewrite?: (
    node: Node,
    inputs: readonly (Value | undefined)[],
    graph: Graph,
  ) => readonly Value[] | undefined;
  /** Called for each constant; returns what stands for it, or undefined to copy it. */
  constant?: (value: Value, graph: Graph) => Value | undefined;
}

/** A copy, and what each tensor became. */
export interface GraphCopy<Name extends string = string> {
  graph: Graph;
  outputs: Record<Name, Value>;
  copied: ReadonlyMap<Value, Value>;
}

/** Copies what `outputs` need into another graph, shapes inferred anew: what every transformation is made of. */
export function copyGraph<Name extends string>(
  outputs: Readonly<Record<Name, Value>>,
  { into, replaced = new Map(), rewrite, constant }: CopyOptions = {},
): GraphCopy<Name> {
  const graph = into ?? new Graph();
  const copied = new Map<Value, Value>(replaced);
  const wanted = Object.entries(outputs) as [Name, Value][];
  const copyOf = (value: Value): Value => {
    const before = copied.get(value);
    if (before) return before;
    const copy = value.constant
      ? (constant?.(value, graph) ?? copyConstant(value, graph))
      : graph.input(value.name, value.shape, value.dtype);
    copied.set(value, copy);
    return copy;
  };
  for (const node of nodesBetween(Object.values(outputs), replaced)) {
    const inputs = node.inputs.map((input) => input && copyOf(input));
    const results = rewrite?.(node, inputs, graph) ?? applyAgain(node, inputs, graph);
    for (const [i, output] of node.outputs.entries()) {
      if (results[i] && !copied.has(output)) copied.set(output, results[i]);
    }
  }
  const results = Object.fromEntries(wanted.map(([name, value]) => [name, copyOf(value)]));
  return { graph, outputs: results as Record<Name, Value>, copied };
}

/**
 * A node's operator with other inputs, usually their copies in another graph. Where its rule cannot know the results'
 * shapes, those that the net's file says.
 */
export function applyAgain(
  node: Node,
  inputs: readonly (Value | undefined)[],
  graph: Graph,
): readonly Value[] {
  const { operator, attributes, givenShapes, outputs } = node;
  const names = outputs.map(({ name }) => name);
  try {
    return graph.apply(operator, inputs, attributes, givenShapes, names);
  } catch (cause) {
    if (!givenShapes || !(cause instanceof FoveaError) || cause.code !== "shape-unknown") throw cause;
    return graph.applyDeclared(operator, inputs, attributes, outputs, names);
  }
}

function copyConstant(value: Value, graph: Graph): Value {
  const copy = graph.constant(value.constant!, graph.hasName(value.name) ? undefined : value.name);
  copy.folded = value.folded;
  return copy;
}

/** The nodes that `outputs` need, up to the tensors that are replaced. */
function nodesBetween(outputs: readonly Value[], replaced: ReadonlyMap<Value, Value>): Node[] {
  const needed = new Set<Node>();
  const open = outputs.filter((value) => !replaced.has(value));
  while (open.length > 0) {
    const { producer } = open.pop()!;
    if (!producer || needed.has(producer)) continue;
    needed.add(producer);
    for (const input of producer.inputs) if (input && !replaced.has(input)) open.push(input);
  }
  return orderedNodes(outputs).filter((node) => needed.has(node));
}
