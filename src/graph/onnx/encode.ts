import { FoveaError } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import { type Node, orderedNodes } from "../graph.ts";
import type { Attribute, Operator } from "../operator.ts";
import { decompose } from "../transform/index.ts";
import {
  type AttributeProto,
  attributeTypes,
  type ModelProto,
  type NodeProto,
  type Partially,
  type ValueInfoProto,
  writeModel,
} from "./schema.ts";
import { dataTypeCode, toTensorProto } from "./tensor-proto.ts";

/** ONNX's operator set that Fovea writes: the newest that every runtime of the last years reads. */
export const OPSET = 20;
const IR_VERSION = 9;

/** What to write into a model file. */
export interface EncodeOptions {
  /** The graph's results by the names they get in the file. */
  outputs: Readonly<Record<string, Value>>;
  /** Key and value pairs that describe the model. */
  metadata?: Readonly<Record<string, string>>;
  name?: string;
  /**
   * Writes type and shape of every tensor, so that readers know what depends on run-time sizes. Default true; a
   * graph that is only handed to the engine does without.
   */
  shapes?: boolean;
}

/**
 * The bytes of an `.onnx` file with all that `outputs` need, and nothing else.
 * @throws FoveaError `outputs-missing`, `name-taken`
 */
export function encodeModel({
  outputs: given,
  metadata = {},
  name = "fovea",
  shapes = true,
}: EncodeOptions): Uint8Array {
  requireOutputs(given);
  const outputs = decompose(given);
  const nodes = orderedNodes(Object.values(outputs));
  const used = new Set<Value>(Object.values(outputs));
  for (const node of nodes) for (const input of node.inputs) if (input) used.add(input);
  const graph = Object.values(outputs)[0].graph;
  const taken = new Set([...used, ...nodes.flatMap((node) => node.outputs)].map((value) => value.name));
  for (const [key, value] of Object.entries(outputs)) {
    if (key !== value.name && taken.has(key)) {
      throw new FoveaError(
        "name-taken",
        `encodeModel: output \`${key}\` bears the name of another tensor of the graph; name it differently.`,
      );
    }
  }
  const names = outputNames(outputs);
  const model: Partially<ModelProto> = {
    irVersion: IR_VERSION,
    producerName: "fovea",
    opsetImport: [{ domain: "", version: OPSET }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name,
      node: [...nodes.map((node) => encodeNode(node, names)), ...renamed(outputs, names)],
      initializer: [...used].flatMap((v) => (v.constant ? [toTensorProto(v.name, v.constant)] : [])),
      input: graph.inputs.filter((value) => used.has(value)).map((value) => describe(value.name, value)),
      output: Object.entries(outputs).map(([key, value]) => describe(key, value)),
      valueInfo: shapes
        ? nodes.flatMap((node) =>
            node.outputs.map((value) => describe(names.get(value) ?? value.name, value)),
          )
        : [],
    },
  };
  return writeModel(model);
}

/** Throws `outputs-missing` where nothing is asked for. */
function requireOutputs(outputs: Readonly<Record<string, Value>>): void {
  if (Object.keys(outputs).length > 0) return;
  throw new FoveaError(
    "outputs-missing",
    "`outputs` is empty; name at least one tensor that shall be computed.",
  );
}

/** What computed results are called in the file: as their output, the first where several bear one. */
function outputNames(outputs: Readonly<Record<string, Value>>): ReadonlyMap<Value, string> {
  const names = new Map<Value, string>();
  for (const [key, value] of Object.entries(outputs)) {
    if (value.producer && !names.has(value)) names.set(value, key);
  }
  return names;
}

/** Identity nodes that give names to results which no node can: inputs, constants, results with several names. */
function renamed(
  outputs: Readonly<Record<string, Value>>,
  names: ReadonlyMap<Value, string>,
): Partially<NodeProto>[] {
  return Object.entries(outputs)
    .map(([key, value]) => [key, names.get(value) ?? value.name] as const)
    .filter(([key, name]) => key !== name)
    .map(([key, name]) => ({ opType: "Identity", name: `output_${key}`, input: [name], output: [key] }));
}

function encodeNode(node: Node, names: ReadonlyMap<Value, string>): Partially<NodeProto> {
  const nameOf = (value: Value) => names.get(value) ?? value.name;
  return {
    opType: node.operator.opType,
    domain: node.operator.domain ?? "",
    name: node.name,
    input: node.inputs.map((input) => (input ? nameOf(input) : "")),
    output: node.outputs.map(nameOf),
    attribute: Object.entries(node.operator.written?.(node) ?? node.attributes).map(([name, value]) =>
      encodeAttribute(name, value, node.operator),
    ),
  };
}

function encodeAttribute(name: string, value: Attribute, operator: Operator): Partially<AttributeProto> {
  const float = operator.floats?.includes(name);
  if (operator.dtypes?.includes(name)) {
    return { name, type: attributeTypes.int, i: dataTypeCode(value as Parameters<typeof dataTypeCode>[0]) };
  }
  if (typeof value === "number") {
    return float
      ? { name, type: attributeTypes.float, f: value }
      : { name, type: attributeTypes.int, i: value };
  }
  if (typeof value === "string") return { name, type: attributeTypes.string, s: Buffer.from(value) };
  if ("data" in value) return { name, type: attributeTypes.tensor, t: toTensorProto("", value) };
  if (typeof value[0] === "string") {
    const strings = (value as readonly string[]).map((text) => Buffer.from(text));
    return { name, type: attributeTypes.strings, strings };
  }
  const numbers = [...(value as readonly number[])];
  return float
    ? { name, type: attributeTypes.floats, floats: numbers }
    : { name, type: attributeTypes.ints, ints: numbers };
}

function describe(name: string, value: Value): Partially<ValueInfoProto> {
  const dim = value.shape.map((d) => (typeof d === "string" ? { dimParam: d } : { dimValue: d }));
  return { name, type: { tensorType: { elemType: dataTypeCode(value.dtype), shape: { dim } } } };
}
