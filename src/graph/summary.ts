import { bytesPerElement, isFloat, sizeOf } from "../core/index.ts";
import { type Node, orderedNodes, type Value } from "./graph.ts";
import type { Shape } from "./shape.ts";

/** One node of a net, as a table shows it. */
export interface LayerSummary {
  /** Name of its first output. */
  name: string;
  opType: string;
  /** Shape of its first output. */
  shape: Shape;
  /** Floating-point numbers that it alone, or it first, takes from constants, at once or through what computes with constants only. */
  parameters: number;
  /** Floating-point operations, a multiply-add counting as two; undefined where a size is not known. */
  flops: number | undefined;
  /** Bytes of its outputs; undefined where a size is not known. */
  bytes: number | undefined;
}

/** A net in figures. */
export interface NetSummary {
  layers: LayerSummary[];
  parameters: number;
  /** Sums over the layers whose sizes are known. */
  flops: number;
  bytes: number;
}

/**
 * Lists the nodes that `outputs` need, in the order in which they run, with what they cost. Nodes that compute with
 * constants only, such as those that widen float16 parameters, are no layers: their constants count where they are used.
 */
export function summarize(outputs: readonly Value[]): NetSummary {
  const counted = new Set<Value>();
  const nodes = orderedNodes(outputs);
  const settled = settledNodes(nodes);
  /** The constants behind a node's inputs that no layer before it has. */
  const ownConstants = (node: Node): Value[] =>
    node.inputs.flatMap((input) => {
      if (!input || counted.has(input)) return [];
      counted.add(input);
      if (input.constant) return input.rank > 0 && isFloat(input.dtype) ? [input] : [];
      return input.producer && settled.has(input.producer) ? ownConstants(input.producer) : [];
    });
  const layers = nodes
    .filter((node) => !settled.has(node))
    .map(
      (node): LayerSummary => ({
        name: node.outputs[0].name,
        opType: node.operator.opType,
        shape: node.outputs[0].shape,
        parameters: ownConstants(node).reduce((sum, { dims }) => sum + sizeOf(dims), 0),
        flops: whereKnown(node, () => node.operator.flops?.(node) ?? 0),
        bytes: whereKnown(node, () =>
          node.outputs.reduce((sum, { dims, dtype }) => sum + sizeOf(dims) * bytesPerElement(dtype), 0),
        ),
      }),
    );
  const total = (figure: (layer: LayerSummary) => number | undefined) =>
    layers.reduce((sum, layer) => sum + (figure(layer) ?? 0), 0);
  return {
    layers,
    parameters: total((layer) => layer.parameters),
    flops: total((layer) => layer.flops),
    bytes: total((layer) => layer.bytes),
  };
}

/** Those of `nodes`, in the order in which they run, that compute with constants only. */
function settledNodes(nodes: readonly Node[]): ReadonlySet<Node> {
  const settled = new Set<Node>();
  for (const node of nodes) {
    const fixed = node.inputs.every(
      (input) => !input || input.constant || (input.producer && settled.has(input.producer)),
    );
    if (fixed && node.inputs.length > 0) settled.add(node);
  }
  return settled;
}

function whereKnown(node: Node, figure: () => number): number | undefined {
  const tensors = [...node.inputs, ...node.outputs].filter((value) => value !== undefined);
  return tensors.every(({ shape }) => shape.every((dim) => typeof dim === "number")) ? figure() : undefined;
}
