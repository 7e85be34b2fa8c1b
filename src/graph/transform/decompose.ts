import { Graph, orderedNodes, type Value } from "../graph.ts";
import { copyGraph } from "./copy.ts";

/** Expresses by ONNX's own operators what only Fovea has a name for, such as the gradients of convolutions. */
export function decompose<Name extends string>(
  outputs: Readonly<Record<Name, Value>>,
): Readonly<Record<Name, Value>> {
  const results: Value[] = Object.values(outputs);
  if (!orderedNodes(results).some(({ operator }) => operator.decompose)) return outputs;
  const into = new Graph();
  const replaced = new Map<Value, Value>(); // the inputs, in their order
  for (const input of results[0].graph.inputs) {
    replaced.set(input, into.input(input.name, input.shape, input.dtype));
  }
  return copyGraph(outputs, {
    into,
    replaced,
    rewrite: (node, inputs) => node.operator.decompose?.(node, inputs as Value[]),
  }).outputs;
}
