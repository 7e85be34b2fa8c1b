import { FoveaError, nearestNames } from "../../core/index.ts";
import { cast, Graph, type Value } from "../../graph/index.ts";
import { dataInputs, orderNodes, parseReference, TfAttributes, type TfNode } from "./nodes.ts";
import { converters, dataTypeOfTf } from "./ops/index.ts";
import type { TfjsModel } from "./read-model.ts";
import { TfTensor } from "./tf-tensor.ts";

/** What a TensorFlow.js model leaves open, and how its pictures lie. */
export interface TfjsImportOptions {
  /** Whole shapes of inputs in TensorFlow's order, by name; a batch of unknown size is one picture otherwise. */
  shapes?: Readonly<Record<string, readonly number[]>>;
  /**
   * Inputs and outputs of four axes are `[N, C, H, W]` instead of TensorFlow's `[N, H, W, C]`: nothing is transposed
   * on the way in and out.
   */
  channelsFirst?: boolean;
}

/** A TensorFlow.js model as a graph that can be differentiated, cut and extended. */
export interface ImportedTfjsModel {
  graph: Graph;
  inputs: Readonly<Record<string, Value>>;
  outputs: Readonly<Record<string, Value>>;
}

/**
 * Builds a graph of what a TensorFlow.js graph model computes. Maps are kept as `[N, C, H, W]` from the first
 * convolution to the last; int32 becomes int64.
 *
 * @throws FoveaError `operator-unsupported` for control flow and operations that are not known, `shape-unknown` for an
 *   input whose shape must be given, `option-unknown` for the shape of an input that the model does not have,
 *   `model-unreadable` for a broken graph
 */
export function importTfjs(model: TfjsModel, options: TfjsImportOptions = {}): ImportedTfjsModel {
  requireKnownInputs(model, options);
  const graph = new Graph();
  const inputs: Record<string, Value> = {};
  const tensors = new Map<string, readonly TfTensor[]>();
  const wanted = Object.entries(model.outputs).map(([key, name]) => ({ key, ...parseReference(name) }));
  for (const node of orderNodes(
    model.nodes,
    wanted.map(({ name }) => name),
  )) {
    if (isInput(node)) {
      const { input, tensor } = addInput(graph, node, options);
      inputs[node.name] = input;
      tensors.set(node.name, [tensor]);
    } else if (node.op === "Const") {
      tensors.set(node.name, [TfTensor.constant(graph, node.name, weightOf(node, model))]);
    } else tensors.set(node.name, convert(graph, node, tensors));
  }
  const outputs = Object.fromEntries(
    wanted.map(({ key, name, output }) => [key, outputOf(tensors.get(name)![output], options)]),
  );
  return { graph, inputs, outputs };
}

function isInput({ op }: TfNode): boolean {
  return op === "Placeholder" || op === "PlaceholderWithDefault";
}

/** Throws `option-unknown` where `shapes` names what the model does not have. */
function requireKnownInputs({ nodes }: TfjsModel, { shapes = {} }: TfjsImportOptions): void {
  const known = nodes.filter(isInput).map(({ name }) => name);
  const wrong = Object.keys(shapes).find((name) => !known.includes(name));
  if (wrong === undefined) return;
  const near = nearestNames(wrong, known).map((name) => `\`${name}\``);
  throw new FoveaError(
    "option-unknown",
    `\`shapes\` names \`${wrong}\`, but the model has no such input; ${near.length > 0 ? `the nearest that it has: ${near.join(", ")}` : "it has none"}.`,
  );
}

function addInput(
  graph: Graph,
  node: TfNode,
  { shapes = {}, channelsFirst = false }: TfjsImportOptions,
): { input: Value; tensor: TfTensor } {
  const attributes = new TfAttributes(node);
  const declared = attributes.shape("shape");
  const dims = shapes[node.name] ?? declared?.map((dim, axis) => (dim < 0 && axis === 0 ? 1 : dim));
  if (!dims || dims.some((dim) => dim < 0)) {
    throw new FoveaError(
      "shape-unknown",
      `Input \`${node.name}\` has shape [${declared ?? "unknown"}]: give its shape.`,
    );
  }
  const isInteger = dataTypeOfTf(attributes.type("dtype")) === "int64";
  const isFirst = channelsFirst && dims.length === 4;
  const order = isFirst ? [0, 3, 1, 2] : dims.map((_, axis) => axis);
  const input = graph.input(
    node.name,
    order.map((axis) => dims[axis]),
    isInteger ? "int32" : "float32",
  );
  const value = isInteger ? cast(input, "int64") : input;
  return { input, tensor: isFirst ? TfTensor.channelsFirst(value) : TfTensor.plain(value) };
}

function weightOf({ name }: TfNode, { weights }: TfjsModel) {
  const weight = weights.get(name);
  if (weight) return weight;
  throw new FoveaError("model-unreadable", `The model is broken: constant \`${name}\` has no weights.`);
}

function convert(
  graph: Graph,
  node: TfNode,
  tensors: ReadonlyMap<string, readonly TfTensor[]>,
): readonly TfTensor[] {
  const { op, name } = node;
  const converter = converters[op];
  if (!converter) {
    throw new FoveaError("operator-unsupported", `Operator ${op} (node \`${name}\`) is not supported.`);
  }
  const inputs = dataInputs(node).map((reference) => {
    const { name: source, output } = parseReference(reference);
    return tensors.get(source)![output];
  });
  return converter({ graph, op, name, inputs, attributes: new TfAttributes(node) });
}

function outputOf(tensor: TfTensor, { channelsFirst = false }: TfjsImportOptions): Value {
  return channelsFirst && tensor.rank === 4 ? tensor.first : tensor.plain;
}
