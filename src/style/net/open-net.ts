import { extname } from "node:path";
import { FoveaError } from "../../core/index.ts";
import {
  foldBatchNorm,
  Graph,
  type ModelProto,
  openModel,
  orderedNodes,
  type Value,
} from "../../graph/index.ts";
import {
  Backbone,
  openModelFile,
  pixelConventionNamed,
  pixelConventionOf,
  pixelConventions,
} from "../../models/index.ts";
import { Scope } from "../../nn/index.ts";
import type { LayerChoice } from "./choose-layers.ts";
import { FeatureNet } from "./feature-net.ts";
import { type Layer, listLayers } from "./list-layers.ts";

/** Size at which a net's layers are listed; maps at other sizes follow from the same nodes. */
const LISTED_AT = 256;
/** Side of the pictures that a classifier was most likely trained with. */
const USUAL_SIDE = 224;

/** Where the first convolution skips every second pixel, fine strokes need a picture enlarged so much. */
const COARSE_STEM = 2;

/** How to open a backbone. */
export interface OpenNetOptions {
  /** Name of the pixel convention that the file follows; default: the one that its metadata states, else "imagenet". */
  pixels?: string;
}

/**
 * Opens the net whose features are compared: a backbone of Fovea's by name, or any convolutional net as an `.onnx` file.
 *
 * @throws FoveaError `backbone-unknown`, `model-missing`, `model-unreadable`, `operator-unsupported`,
 *   `pixels-unknown`, `backbone-input`
 */
export async function openFeatureNet(nameOrPath: string, options: OpenNetOptions = {}): Promise<FeatureNet> {
  if (options.pixels !== undefined) pixelConventionNamed(options.pixels);
  try {
    const backbone = await Backbone.load(nameOrPath);
    if (options.pixels === undefined) return fromBackbone(backbone);
    throw new FoveaError(
      "argument-range",
      `Backbone ${nameOrPath} is Fovea's, and says itself how it takes pixels; leave \`pixels\` out.`,
    );
  } catch (error) {
    const isOther = error instanceof FoveaError && error.code === "not-a-backbone";
    if (!isOther || extname(nameOrPath) !== ".onnx") throw error;
    return fromFile(nameOrPath, options);
  }
}

function fromBackbone(backbone: Backbone): FeatureNet {
  const graph = new Graph();
  const input = graph.input("pictures", [1, 3, LISTED_AT, LISTED_AT]);
  const maps = backbone.build(new Scope(graph, { values: backbone.values }), input);
  const outputs = maps.map(({ value }) => value);
  const layers = withUniqueNames(listLayers(outputs, input, placeInTrunk));
  const folded = foldBatchNorm(Object.fromEntries(layers.map(({ name, value }) => [name, value])));
  const enlarge = backbone.trunk.family === "plain" ? 1 : COARSE_STEM;
  return new FeatureNet({
    name: backbone.name,
    input: folded.copied.get(input)!,
    layers: layers.map(({ name, stride, main }) => {
      return { name, stride: stride / enlarge, main, value: folded.outputs[name] };
    }),
    pixels: pixelConventions["0-1"],
    enlarge,
    preferred: backbone.trunk.family === "mobile" ? mobileLayers : undefined,
  });
}

/** Of a mobile trunk the widened maps tell most; its blocks' ends are narrow and linear. */
const mobileLayers: LayerChoice = {
  style: [
    "block.1.expand",
    "block.4.expand",
    "stem@2",
    "block.1.expand@2",
    "block.2.expand@2",
    "block.4.expand@2",
    "block.7.expand@2",
    "block.11.expand@2",
  ].map((name) => ({ name, weight: 1 })),
  content: [{ name: "block.5", weight: 1 }],
};

/** A layer is called after the place of its convolution in the trunk, `stage2.0`, what is joined after the block. */
function placeInTrunk(value: Value): string {
  for (const { operator, inputs } of orderedNodes([value]).reverse()) {
    const weight = operator.opType === "Conv" ? inputs[1] : undefined;
    if (!weight) continue;
    const place = weight.name.replace(/\.(conv\.)?weight$/, "");
    const joins = ["Add", "Concat"].includes(value.producer!.operator.opType);
    return joins ? place.slice(0, Math.max(0, place.lastIndexOf("."))) || place : place;
  }
  return value.name;
}

function withUniqueNames(layers: readonly Layer[]): Layer[] {
  const counts = new Map<string, number>();
  return layers.map((layer) => {
    const count = (counts.get(layer.name) ?? 0) + 1;
    counts.set(layer.name, count);
    return count === 1 ? layer : { ...layer, name: `${layer.name}-${count}` };
  });
}

async function fromFile(path: string, options: OpenNetOptions): Promise<FeatureNet> {
  const file = await openModelFile(path);
  const { inputs, metadata, outputs, tensors } = await openModel(file, { shapes: pictureShape(file.model) });
  const input = Object.values(inputs).find(isPicture);
  if (!input) throw noPicture(path, Object.values(inputs));
  const pixels = pixelConventionOf(metadata, options.pixels, "imagenet");
  const names = new Map([...tensors].map(([name, value]) => [value, name]));
  const nameOf = (value: Value) => names.get(value) ?? value.name;
  const listed = listLayers(Object.values(outputs), input, nameOf);
  const enlarge = listed.length > 0 && Math.min(...listed.map(({ stride }) => stride)) > 1 ? COARSE_STEM : 1;
  const layers = listed.map((layer) => ({ ...layer, stride: layer.stride / enlarge }));
  return new FeatureNet({ name: path, input, layers, pixels, tensors, enlarge });
}

/** One picture of a size at which to open a file that leaves sizes open. */
function pictureShape({ graph }: ModelProto): Record<string, number[]> {
  const known = new Set(graph.initializer.map(({ name }) => name));
  for (const { name, type } of graph.input) {
    const dims = type?.tensorType?.shape?.dim.map(({ dimValue }) => Number(dimValue ?? 0));
    if (known.has(name) || dims?.length !== 4) continue;
    const [, a, b, c] = dims;
    const side = (dim: number) => dim || USUAL_SIDE;
    return { [name]: c === 3 ? [1, side(a), side(b), 3] : [1, 3, side(b), side(c)] };
  }
  return {};
}

function isPicture({ dtype, shape }: Value): boolean {
  return dtype === "float32" && shape.length === 4 && shape[0] === 1 && (shape[1] === 3 || shape[3] === 3);
}

function noPicture(path: string, inputs: readonly Value[]): FoveaError {
  const list = inputs.map(({ name, dtype, shape }) => `${name} (${dtype} [${shape}])`).join(", ");
  return new FoveaError(
    "backbone-input",
    `Backbone \`${path}\` takes no pictures: it needs a float32 input [1, 3, height, width], and has ${list || "none"}.`,
  );
}
