import { FoveaError, messageOf } from "../../core/index.ts";
import type { Graph, Value } from "../graph.ts";
import type { Attributes, Kind, Operator } from "../operator.ts";
import * as operators from "../ops/index.ts";
import { readAttributes } from "./attributes.ts";
import type { NodeProto } from "./schema.ts";
import { dataTypeOf } from "./tensor-proto.ts";
import { type ForeignNode, upgrades } from "./upgrades.ts";

/** All operators by name. */
const known: ReadonlyMap<string, Operator> = new Map(
  Object.values(operators)
    .filter((entry): entry is Operator => typeof entry === "object" && "opType" in entry && !entry.decompose)
    .map((operator) => [operator.opType, operator]),
);

/** What is known when a node is read. */
export interface NodeContext {
  graph: Graph;
  /** The tensors of the file that were computed before, by name; the node's outputs join them. */
  tensors: Map<string, Value>;
  /** The operator set that the file was written for. */
  opset: number;
  /** Types and shapes that the file itself gives. */
  declared: ReadonlyMap<string, Kind>;
  /** The tensors that a node reads or that are results: other outputs may be left out. */
  read: ReadonlySet<string>;
}

/**
 * Brings a node of a file into the graph.
 *
 * @throws `operator-unsupported`, what shape rules throw, and `model-unreadable` where an input or an attribute that the
 *   operator needs is missing or makes no sense
 */
export function importNode(proto: NodeProto, context: NodeContext): void {
  try {
    readNode(proto, context);
  } catch (cause) {
    if (cause instanceof FoveaError) throw cause;
    throw new FoveaError(
      "model-unreadable",
      `${proto.opType} (node \`${proto.name}\`) is broken: an input or an attribute is missing or makes no sense (${messageOf(cause)}); export the model again.`,
      { cause },
    );
  }
}

function readNode(proto: NodeProto, context: NodeContext): void {
  const { graph, tensors, opset, read } = context;
  const { opType, name, domain } = proto;
  const attributes = readAttributes(proto);
  if ((domain !== "" && domain !== "ai.onnx") || (!known.has(opType) && !upgrades[opType])) {
    throw new FoveaError(
      "operator-unsupported",
      `Operator ${domain ? `${domain}.` : ""}${opType} (node \`${name}\`) is not supported.`,
    );
  }
  const inputs = proto.input.map((input) =>
    input === "" ? undefined : found(input, `node \`${name}\``, tensors),
  );
  const node: ForeignNode = {
    graph,
    opType,
    name,
    opset,
    inputs,
    attributes: named(attributes, known.get(opType)),
    outputs: proto.output.map((output) => output !== ""),
  };
  const upgraded = upgrades[opType]?.(node) ?? node;
  const values = "inputs" in upgraded ? applied(proto, upgraded, context) : upgraded;
  for (const [i, output] of proto.output.entries()) {
    if (!output) continue;
    if (values[i]) tensors.set(output, values[i]);
    else if (read.has(output)) {
      throw new FoveaError(
        "operator-unsupported",
        `${opType} (node \`${name}\`): its output ${i + 1} is not supported.`,
      );
    }
  }
}

/** The node's outputs by the operator's own shape rule, or, where that needs run-time values, by what the file says. */
function applied(
  { opType, output }: NodeProto,
  { inputs, attributes }: Pick<ForeignNode, "inputs" | "attributes">,
  { graph, declared }: NodeContext,
): readonly Value[] {
  const operator = known.get(opType)!;
  try {
    return graph.apply(operator, inputs, attributes, undefined, output);
  } catch (cause) {
    const kinds = output.map((name) => declared.get(name));
    const unknown = cause instanceof FoveaError && cause.code === "shape-unknown";
    if (!unknown || !kinds.every((kind) => kind !== undefined)) throw cause;
    return graph.applyDeclared(operator, inputs, attributes, kinds, output);
  }
}

/** Attributes that hold an element type's number get its name. */
function named(attributes: Attributes, operator: Operator | undefined): Attributes {
  const names = operator?.dtypes ?? [];
  const entries = Object.entries(attributes).map(([name, value]) => [
    name,
    names.includes(name)
      ? dataTypeOf(value as number, `Attribute \`${name}\` of ${operator!.opType}`)
      : value,
  ]);
  return Object.fromEntries(entries);
}

/** A tensor of the file by its name; throws `model-unreadable` where none was computed. */
export function found(name: string, by: string, tensors: ReadonlyMap<string, Value>): Value {
  const value = tensors.get(name);
  if (value) return value;
  throw new FoveaError(
    "model-unreadable",
    `The model is broken: tensor \`${name}\`, read by ${by}, is not computed.`,
  );
}
