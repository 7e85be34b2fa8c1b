import { FoveaError, tensor } from "../core/index.ts";
import { add, type Node, orderedNodes, type Value } from "../graph/index.ts";

/**
 * Reverse-mode differentiation as a graph transformation: appends to the graph of `loss` the nodes that
 * compute ∂loss/∂w for each w, and returns these. Each operator's own rule says what flows back through it.
 *
 * @param loss A tensor of one element.
 * @param wrt The tensors to differentiate by: inputs, constants or anything computed.
 * @returns For each of `wrt` a tensor of its shape, or undefined where the loss does not depend on it.
 * @throws `loss-not-scalar`; `no-gradient` where an operator on the path has no gradient, naming the node,
 *   the operator and the tensor that asked for it.
 */
export function grad(loss: Value, wrt: readonly Value[]): (Value | undefined)[] {
  if (loss.dims.some((dim) => dim !== 1)) {
    throw new FoveaError(
      "loss-not-scalar",
      `grad: \`loss\` (shape [${loss.shape}]) must have one element; reduce it first.`,
    );
  }
  const nodes = orderedNodes([loss]);
  const asked = dependents(nodes, wrt);
  const arriving = new Map<Value, Value>();
  const one = loss.graph.constant(tensor([1], loss.dims, loss.dtype));
  if (asked.has(loss)) arriving.set(loss, one);

  for (const node of nodes.reverse()) {
    const { operator } = node;
    const cotangents = node.outputs.map((output) => arriving.get(output));
    const wanted = node.inputs.map((input) => input !== undefined && asked.has(input));
    if (operator.flat || !cotangents.some(Boolean) || !wanted.some(Boolean)) continue;
    if (!operator.gradient) throw noGradient(node, wanted, asked);
    const partials = operator.gradient({
      node,
      inputs: node.inputs as Value[],
      outputs: node.outputs,
      cotangents,
      wanted,
    });
    for (const [i, partial] of partials.entries()) {
      const input = node.inputs[i];
      if (!partial || !input || !wanted[i]) continue;
      const before = arriving.get(input);
      arriving.set(input, before ? add(before, partial) : partial);
    }
  }
  return wrt.map((value) => arriving.get(value));
}

/** Each tensor that depends on one of `sources`, with the source that it was reached from. */
function dependents(nodes: readonly Node[], sources: readonly Value[]): Map<Value, Value> {
  const reached = new Map<Value, Value>(sources.map((source) => [source, source]));
  for (const node of nodes) {
    const from = node.inputs.find((input) => input && reached.has(input));
    if (!from || node.operator.flat) continue;
    for (const output of node.outputs) if (!reached.has(output)) reached.set(output, reached.get(from)!);
  }
  return reached;
}

function noGradient(node: Node, wanted: readonly boolean[], asked: Map<Value, Value>): FoveaError {
  const through = node.inputs[wanted.indexOf(true)]!;
  return new FoveaError(
    "no-gradient",
    `${node.operator.opType} (node \`${node.name}\`) has no gradient, but the one by \`${asked.get(through)!.name}\` passes through it; use stopGradient where it should end.`,
  );
}
