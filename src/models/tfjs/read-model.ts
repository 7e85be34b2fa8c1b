import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { FoveaError, messageOf, type Tensor } from "../../core/index.ts";
import type { TfNode } from "./nodes.ts";
import { readWeights, type WeightGroup } from "./read-weights.ts";

/** A TensorFlow.js graph model, read from its files. */
export interface TfjsModel {
  nodes: readonly TfNode[];
  weights: ReadonlyMap<string, Tensor>;
  /** What the model gives, by the names that it has outside: the node's name, and which of its outputs. */
  outputs: Readonly<Record<string, string>>;
  /** Who made the file, where it says so. */
  generatedBy: string | undefined;
}

interface Signature {
  outputs?: Record<string, { name?: string }>;
}

/** `model.json`. */
interface ModelJson {
  format?: string;
  generatedBy?: string;
  modelTopology?: { node?: TfNode[] };
  signature?: Signature;
  userDefinedMetadata?: { signature?: Signature };
  weightsManifest?: WeightGroup[];
}

/**
 * Reads a graph model: `model.json` and the weight files beside it that it names.
 *
 * @throws FoveaError `model-missing`, `model-unreadable`, `weights-missing`, `weights-truncated`
 */
export async function readTfjsModel(path: string): Promise<TfjsModel> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new FoveaError("model-missing", `Model \`${path}\` cannot be opened (${messageOf(cause)}).`, {
      cause,
    });
  });
  const {
    modelTopology,
    weightsManifest = [],
    generatedBy,
    signature,
    userDefinedMetadata,
  } = parse(text, path);
  const nodes = modelTopology?.node;
  if (!nodes) {
    throw new FoveaError(
      "model-unreadable",
      `Model \`${path}\` is no TensorFlow.js graph model: it has no \`modelTopology.node\`.`,
    );
  }
  return {
    nodes,
    weights: await readWeights(dirname(path), weightsManifest),
    outputs: outputsOf(nodes, signature ?? userDefinedMetadata?.signature),
    generatedBy,
  };
}

function parse(text: string, path: string): ModelJson {
  try {
    return JSON.parse(text) as ModelJson;
  } catch (cause) {
    throw new FoveaError("model-unreadable", `Model \`${path}\` is no JSON (${messageOf(cause)}).`, {
      cause,
    });
  }
}

/** Those that the signature names, else what no node reads. */
function outputsOf(nodes: readonly TfNode[], signature: Signature | undefined): Record<string, string> {
  const named = Object.entries(signature?.outputs ?? {});
  if (named.length > 0) {
    return Object.fromEntries(named.map(([key, { name = key }]) => [key.replace(/:0$/, ""), name]));
  }
  const read = new Set(
    nodes.flatMap(({ input = [] }) => input.map((name) => name.replace(/^\^|:\d+$/g, ""))),
  );
  const ends = nodes.filter(({ name, op }) => !read.has(name) && op !== "NoOp" && op !== "Const");
  return Object.fromEntries(ends.map(({ name }) => [name, name]));
}
