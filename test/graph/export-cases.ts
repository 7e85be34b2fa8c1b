/**
 * Prints every operator case as JSON, for the script that computes its golden values with another library:
 * inputs with their numbers, the nodes of the graph in order, and the weights of the loss.
 */
import { type Tensor, toNumbers } from "../../src/core/index.ts";
import { type Attribute, type Node, orderedNodes, type Value } from "../../src/graph/index.ts";
import { operatorCases } from "./cases.ts";
import { type Instance, instantiate } from "./operator-case.ts";

function exportTensor(value: Tensor): object {
  return { dtype: value.dtype, shape: value.shape, values: toNumbers(value) };
}

function exportAttribute(value: Attribute): unknown {
  return typeof value === "object" && "data" in value ? exportTensor(value) : value;
}

function exportNode({ operator, inputs, outputs, attributes }: Node): object {
  return {
    operator: operator.opType,
    flat: operator.flat ?? false,
    inputs: inputs.map((input) => input?.name ?? null),
    outputs: outputs.map((output) => output.name),
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, exportAttribute(value)]),
    ),
  };
}

function exportCase({ name, feeds, differentiated, outputs, weights }: Instance): object {
  const nodes = orderedNodes(outputs);
  const read = [...outputs, ...nodes.flatMap((node) => node.inputs)].filter(
    (input): input is Value => input !== undefined,
  );
  const constants = read.filter((value) => value.constant);
  return {
    name,
    inputs: Object.fromEntries(Object.entries(feeds).map(([key, value]) => [key, exportTensor(value)])),
    constants: Object.fromEntries(constants.map((value) => [value.name, exportTensor(value.constant!)])),
    nodes: nodes.map(exportNode),
    outputs: outputs.map((output) => output.name),
    weights: weights.map((weight) => (weight ? toNumbers(weight) : null)),
    differentiated,
  };
}

process.stdout.write(
  JSON.stringify(operatorCases.map((operatorCase) => exportCase(instantiate(operatorCase)))),
);
