import { bytesPerElement, FoveaError, nearestNames, sizeOf, type Tensor } from "../../core/index.ts";
import { Graph, type Value } from "../graph.ts";
import type { Kind } from "../operator.ts";
import type { Dim } from "../shape.ts";
import { found, importNode } from "./import-node.ts";
import { type GraphProto, type ModelProto, readModel, type TensorProto } from "./schema.ts";
import { dataTypeOf, fromTensorProto, tensorOfBytes } from "./tensor-proto.ts";

/** What an ONNX file leaves open. */
export interface ImportOptions {
  /** Sizes of dimensions that the file names only, for example `{ batch: 1, height: 224 }`. */
  dims?: Readonly<Record<string, number>>;
  /** Whole shapes of inputs, by the inputs' names. */
  shapes?: Readonly<Record<string, readonly number[]>>;
  /** So many bytes from an offset of a file that the model keeps tensors in, by the location that it names. */
  externalData?: (location: string, offset: number, length: number) => Uint8Array;
}

/** A model as a graph that can be differentiated, cut and extended. */
export interface ImportedModel {
  graph: Graph;
  inputs: Readonly<Record<string, Value>>;
  outputs: Readonly<Record<string, Value>>;
  /** The floating-point initializers by name: constants of the graph, and what one may train. */
  parameters: Readonly<Record<string, Value>>;
  /** Every tensor by the name that it has in the file. */
  tensors: ReadonlyMap<string, Value>;
  metadata: Readonly<Record<string, string>>;
  /** The operator set that the file was written for. */
  opset: number;
}

/** The operator sets that can be read. */
const [OLDEST, NEWEST] = [7, 25];

/**
 * Reads an `.onnx` file of operator sets 7 to 25 into a graph. Nodes of older sets are brought to today's form;
 * arithmetic on shapes is computed on the way, so the input shapes should be known: see `dims` and `shapes`.
 *
 * @throws `model-unreadable` for bytes that are no ONNX model and for nodes without what they need, `model-version`,
 *   `operator-unsupported` (control flow, other domains, unknown operators), `external-data-missing`, `option-unknown` for
 *   a name in `dims` or `shapes` that the file does not have, and what shape rules throw
 */
export function importModel(bytes: Uint8Array, options: ImportOptions = {}): ImportedModel {
  const model = parse(bytes);
  const opset = opsetOf(model);
  requireKnownNames(model.graph, options);
  const graph = new Graph();
  const tensors = new Map<string, Value>();
  const parameters: Record<string, Value> = {};
  for (const proto of model.graph.initializer) {
    const value = graph.constant(readTensor(proto, options), proto.name);
    tensors.set(proto.name, value);
    if (value.dtype.startsWith("float")) parameters[proto.name] = value;
  }
  const inputs = readInputs(model.graph, graph, tensors, options);
  const declared = declaredKinds(model.graph, options);
  const read = readNames(model.graph);
  for (const node of model.graph.node) importNode(node, { graph, tensors, opset, declared, read });
  const outputs = Object.fromEntries(
    model.graph.output.map(({ name }) => [name, found(name, "the graph's outputs", tensors)]),
  );
  const metadata = Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value]));
  return { graph, inputs, outputs, parameters, tensors, metadata, opset };
}

function parse(bytes: Uint8Array): ModelProto {
  try {
    const model = readModel(bytes);
    if (model.graph?.node && model.graph.output.length > 0) return model;
  } catch (cause) {
    throw new FoveaError("model-unreadable", "The bytes are no ONNX model, or a truncated one.", { cause });
  }
  throw new FoveaError("model-unreadable", "The bytes are no ONNX model: they hold no graph with outputs.");
}

function opsetOf({ opsetImport }: ModelProto): number {
  const opset = opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx")?.version ?? 0;
  if (opset >= OLDEST && opset <= NEWEST) return opset;
  throw new FoveaError(
    "model-version",
    `The model is of operator set ${opset}; sets ${OLDEST} to ${NEWEST} can be read: export it again with one of these.`,
  );
}

/** An initializer, its bytes fetched from the file beside where they are there. */
function readTensor(proto: TensorProto, { externalData }: ImportOptions): Tensor {
  if (proto.dataLocation !== 1) return fromTensorProto(proto);
  const entries = Object.fromEntries(proto.externalData.map(({ key, value }) => [key, value]));
  const { location, offset = "0" } = entries;
  if (!externalData) {
    throw new FoveaError(
      "external-data-missing",
      `Tensor \`${proto.name}\` is kept in the file \`${location}\`, which was not given: open the model by its path.`,
    );
  }
  const length = sizeOf(proto.dims) * bytesPerElement(dataTypeOf(proto.dataType, `Tensor \`${proto.name}\``));
  return tensorOfBytes(proto, externalData(location, Number(offset), length));
}

/** Throws `option-unknown` where `dims` or `shapes` names what the file does not have. */
function requireKnownNames(
  { input, output, valueInfo, initializer }: GraphProto,
  { dims = {}, shapes = {} }: ImportOptions,
): void {
  const given = new Set(initializer.map(({ name }) => name));
  const inputs = input.map(({ name }) => name).filter((name) => !given.has(name));
  const dimensions = [...input, ...output, ...valueInfo].flatMap(({ name, type }) =>
    declaredShape(name, type?.tensorType?.shape?.dim ?? [], {}).filter((dim) => typeof dim === "string"),
  );
  for (const [option, what, names, known] of [
    ["dims", "dimension", Object.keys(dims), [...new Set(dimensions)]],
    ["shapes", "input", Object.keys(shapes), inputs],
  ] as const) {
    const wrong = names.find((name) => !known.includes(name));
    if (wrong === undefined) continue;
    const near = nearestNames(wrong, known).map((name) => `\`${name}\``);
    throw new FoveaError(
      "option-unknown",
      `\`${option}\` names \`${wrong}\`, but the model has no such ${what}; ${near.length > 0 ? `the nearest that it has: ${near.join(", ")}` : `it leaves no ${what} open`}.`,
    );
  }
}

function readInputs(
  { input }: GraphProto,
  graph: Graph,
  tensors: Map<string, Value>,
  { dims = {}, shapes = {} }: ImportOptions,
): Record<string, Value> {
  const inputs: Record<string, Value> = {};
  for (const { name, type } of input) {
    if (tensors.has(name)) continue; // old files list initializers among the inputs
    if (!type?.tensorType) {
      throw new FoveaError(
        "input-type",
        `Input \`${name}\` is no tensor; only tensors can be read: export the model with tensors as inputs.`,
      );
    }
    const { elemType, shape } = type.tensorType;
    if (!shape && !shapes[name]) {
      throw new FoveaError(
        "input-shape-missing",
        `Input \`${name}\` has no shape in the file; export the model with one, or give one to importModel, for example \`shapes: { ${name}: [1, 3, 224, 224] }\`.`,
      );
    }
    const declared = declaredShape(name, shape?.dim ?? [], dims);
    const wanted = shapes[name] ?? declared;
    if (shapes[name] && declared.length > 0 && shapes[name].length !== declared.length) {
      throw new FoveaError(
        "shape-mismatch",
        `Input \`${name}\` has ${declared.length} dimensions [${declared}], but \`shapes\` gives it [${wanted}].`,
      );
    }
    inputs[name] = graph.input(name, wanted, dataTypeOf(elemType, `Input \`${name}\``));
    tensors.set(name, inputs[name]);
  }
  return inputs;
}

/** A shape of the file, its names bound by `dims`; a dimension that is not given (read as 0) gets a name. */
function declaredShape(
  name: string,
  dim: readonly { dimValue?: number; dimParam?: string }[],
  dims: Readonly<Record<string, number>>,
): Dim[] {
  return dim.map(({ dimValue, dimParam }, axis) => {
    if (!dimParam && dimValue && dimValue > 0) return dimValue;
    const open = dimParam || `${name}_${axis}`;
    return dims[open] ?? open;
  });
}

/** The dimensions that the inputs of a file leave open, by their names, with the axis at which each stands first. */
export function openDimensions({ graph }: ModelProto): Map<string, number> {
  const given = new Set(graph.initializer.map(({ name }) => name));
  const open = new Map<string, number>();
  for (const { name, type } of graph.input) {
    if (given.has(name)) continue;
    for (const [axis, dim] of declaredShape(name, type?.tensorType?.shape?.dim ?? [], {}).entries()) {
      if (typeof dim === "string" && !open.has(dim)) open.set(dim, axis);
    }
  }
  return open;
}

/** Types and shapes that the file itself gives for tensors inside. */
function declaredKinds({ valueInfo, output }: GraphProto, { dims = {} }: ImportOptions): Map<string, Kind> {
  const kinds = [...valueInfo, ...output].flatMap(({ name, type }): [string, Kind][] => {
    const { elemType, shape } = type?.tensorType ?? {};
    if (!elemType || !shape) return [];
    const dtype = dataTypeOf(elemType, `Tensor \`${name}\``);
    return [[name, { dtype, shape: declaredShape(name, shape.dim, dims) }]];
  });
  return new Map(kinds);
}

/** The names of all tensors that a node reads or that are results. */
function readNames({ node, output }: GraphProto): Set<string> {
  return new Set([...node.flatMap(({ input }) => input), ...output.map(({ name }) => name)]);
}
