import { FoveaError } from "../../core/index.ts";
import { importModel, type ModelProto, readModel, type Value } from "../../graph/index.ts";

/** What a classifier's file leaves open. */
export interface ClassifierFileOptions {
  /** Size of its input in pixels, where the file names none. */
  window?: { width: number; height: number };
  /** The output to slide, where several are lists of scores. */
  output?: string;
}

/**
 * The classifier of an ONNX file as a graph, for one picture: its input `[1, 3, height, width]` and its scores
 * `[1, classes]`.
 *
 * @throws FoveaError `not-a-classifier`; what `importModel` throws
 */
export function readClassifier(
  bytes: Uint8Array,
  { window, output }: ClassifierFileOptions = {},
): { input: Value; scores: Value } {
  const [name, shape] = pictureInput(bytes, window);
  const { inputs, outputs } = importModel(bytes, { shapes: { [name]: shape } });
  const lists = Object.keys(outputs).filter((key) => outputs[key].rank === 2 && outputs[key].shape[0] === 1);
  const scores = output === undefined ? outputs[lists[0]] : lists.includes(output) && outputs[output];
  if (scores) return { input: inputs[name], scores };
  const found = Object.entries(outputs).map(([key, { shape }]) => `\`${key}\` [${shape.join(", ")}]`);
  throw new FoveaError(
    "not-a-classifier",
    `A classifier to slide has an output [N, classes]; ${output === undefined ? "this net" : `\`${output}\` is none, the net`} has ${found.join(", ")}.`,
  );
}

/** Name and shape of the one input, for one picture. */
function pictureInput(
  bytes: Uint8Array,
  window: { width: number; height: number } | undefined,
): [name: string, shape: number[]] {
  const inputs = inputsOf(bytes);
  const [first] = inputs;
  const usual = [1, 3, window?.height ?? Number.NaN, window?.width ?? Number.NaN];
  const shape = first?.dims.map((dim, i) => (i > 0 && dim ? dim : usual[i])) ?? [];
  if (inputs.length === 1 && shape.length === 4 && shape.every((dim) => dim > 0)) return [first.name, shape];
  const found = inputs.map(({ name, dims }) => `\`${name}\` [${dims.map((dim) => dim ?? "?").join(", ")}]`);
  throw new FoveaError(
    "not-a-classifier",
    `A classifier to slide has one input [N, 3, height, width], of a known size; this net has ${found.join(", ")}${inputs.length === 1 && shape.length === 4 ? ": say how large its window is" : ""}.`,
  );
}

/** The inputs that are no parameters, with what is known of their dimensions. */
function inputsOf(bytes: Uint8Array): { name: string; dims: (number | undefined)[] }[] {
  const { graph } = parse(bytes);
  const constants = new Set(graph.initializer.map(({ name }) => name));
  return graph.input
    .filter(({ name }) => !constants.has(name))
    .map(({ name, type }) => {
      const dims = type?.tensorType?.shape?.dim ?? [];
      return {
        name,
        dims: dims.map(({ dimValue, dimParam }) => (dimParam ? undefined : dimValue || undefined)),
      };
    });
}

function parse(bytes: Uint8Array): ModelProto {
  try {
    const model = readModel(bytes);
    if (model.graph?.node.length) return model;
  } catch {
    // told below
  }
  throw new FoveaError("model-unreadable", "The bytes are no ONNX model, or a truncated one.");
}
