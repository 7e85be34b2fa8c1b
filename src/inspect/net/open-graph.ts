import { FoveaError } from "../../core/index.ts";
import {
  type ImportedModel,
  type ImportOptions,
  type ModelProto,
  openModel,
  writeModel,
} from "../../graph/index.ts";
import type { ModelFile } from "../../models/index.ts";

/**
 * Opens a model, and where something behind its convolutions cannot be read (a detector's own post-processing, loops,
 * operators of one vendor), the part up to there.
 *
 * @returns the model, and why part of it was left out, where that is so
 * @throws what opening the model throws, where the convolutions themselves need what cannot be read
 */
export async function openGraph(
  file: ModelFile,
  options: ImportOptions,
): Promise<{ opened: ImportedModel; unreadable?: string }> {
  try {
    return { opened: await openModel(file, options) };
  } catch (error) {
    const readable = error instanceof FoveaError && upToMaps(file.model);
    if (!readable) throw error;
    try {
      const opened = await openModel({ ...file, bytes: writeModel(readable) }, options);
      return { opened, unreadable: error.message };
    } catch {
      throw error;
    }
  }
}

/** Operators that may follow a convolution and make maps of its maps. */
const FOLLOWS =
  /^(Conv|ConvTranspose|BatchNormalization|InstanceNormalization|Relu|LeakyRelu|PRelu|Clip|Elu|Selu|Sigmoid|HardSigmoid|HardSwish|Mish|Gelu|Softplus|Tanh|Add|Mul|Concat|MaxPool|AveragePool|GlobalAveragePool)$/;

/** A model that ends with its convolutions and what makes maps of theirs; undefined where it has none. */
function upToMaps(model: ModelProto): ModelProto | undefined {
  const { node, initializer, input, valueInfo } = model.graph;
  const producers = new Map(node.flatMap((each) => each.output.map((name) => [name, each] as const)));
  const kept = new Set(node.filter(({ opType, domain }) => opType === "Conv" && !domain));
  for (const each of kept) {
    for (const name of each.input) {
      const producer = producers.get(name);
      if (producer) kept.add(producer);
    }
  }
  if (kept.size === 0) return undefined;
  const given = new Set([...initializer, ...input].map(({ name }) => name));
  for (const each of node) {
    const ready = each.input.every((name) => !name || given.has(name) || kept.has(producers.get(name)!));
    if (ready && !each.domain && FOLLOWS.test(each.opType)) kept.add(each);
  }
  const nodes = node.filter((each) => kept.has(each));
  const read = new Set(nodes.flatMap((each) => each.input));
  const ends = nodes.map(({ output }) => output[0]).filter((name) => !read.has(name));
  const output = ends.map((name) => {
    const known = valueInfo.find((info) => info.name === name);
    return known ?? { name, type: { tensorType: { elemType: 1, shape: { dim: [] } } } };
  });
  return { ...model, graph: { ...model.graph, node: nodes, output } } as ModelProto;
}
