import { FoveaError, nearestNames } from "../../core/index.ts";
import { Conv, type Node, orderedNodes, readersOf, type Value } from "../../graph/index.ts";
import { isSized } from "../is-sized.ts";
import type { InspectedNet } from "../net/index.ts";
import { type FieldFigures, fieldFigures, type ReceptiveField, receptiveFields } from "../receptive-field.ts";
import { findBlockEnd } from "./block-end.ts";
import { nameOfConvolution, withoutCommonStart } from "./layer-names.ts";

/** A layer that can be looked into: a convolution with what follows it up to the next one. */
export interface Layer {
  name: string;
  /** Its map `[N, units, H, W]`, after its activation. */
  output: Value;
  /** The same before the activation, which a picture is synthesised for. */
  before: Value;
  convolution: Node | undefined;
  units: number;
  /** Places of the map. */
  height: number;
  width: number;
  /** What each place sees, gates left out: where patches are cut. */
  field: ReceptiveField;
  /** That along the picture's width, or along its height where only that is not seen from end to end. */
  figures: FieldFigures;
  /** Whether gates or norms let each place know of the whole picture. */
  gated: boolean;
  /** Whether each of its filters looks at one channel only. */
  depthwise: boolean;
}

/** The layers of a net from the picture on: one for each convolution's block. */
export function findLayers(net: InspectedNet): Layer[] {
  const outputs = Object.values(net.outputs);
  const nodes = orderedNodes(outputs);
  const readers = readersOf(nodes);
  const fields = fieldsOf(net, outputs);
  const found = new Map<Value, { node: Node; before: Value; name: string }>();
  for (const node of nodes) {
    if (node.operator !== Conv || !fields.exact.has(node.outputs[0]) || node.outputs[0].rank !== 4) continue;
    const { output, before } = findBlockEnd(node, readers);
    if (fields.exact.has(output) && isSized(output))
      found.set(output, { node, before, name: nameOfConvolution(node) });
  }
  if (found.size === 0) {
    throw new FoveaError(
      "no-convolution",
      `Model \`${net.name}\` has no convolution that looks at the picture: there are no maps to look at.`,
    );
  }
  const entries = [...found].sort(([a], [b]) => order(nodes, a) - order(nodes, b));
  const names = unique(withoutCommonStart(entries.map(([, { name }]) => name)));
  return entries.map(([output, { node, before }], i) => {
    return layerOf(net, { name: names[i], output, before, convolution: node }, fields);
  });
}

interface Fields {
  exact: ReadonlyMap<Value, ReceptiveField>;
  local: ReadonlyMap<Value, ReceptiveField>;
}

function fieldsOf({ picture, layout }: InspectedNet, outputs: readonly Value[]): Fields {
  const { channelsLast } = layout;
  const exact = receptiveFields(picture, outputs, { channelsLast });
  return { exact, local: receptiveFields(picture, outputs, { channelsLast, local: true }) };
}

function order(nodes: readonly Node[], { producer }: Value): number {
  return nodes.indexOf(producer!);
}

function layerOf(
  net: InspectedNet,
  named: Pick<Layer, "name" | "output" | "before" | "convolution">,
  fields: Fields,
): Layer {
  const { output, convolution } = named;
  const [, units, height, width] = output.dims;
  const groups = (convolution?.attributes.group as number | undefined) ?? 1;
  const depthwise = groups > 1 && groups === convolution?.inputs[0]?.dims[1];
  const field = fields.local.get(output)!;
  const figures = figuresOf(field, net.layout);
  const exact = figuresOf(fields.exact.get(output)!, net.layout);
  return { ...named, units, height, width, field, figures, gated: exact.whole && !figures.whole, depthwise };
}

/** A field in figures along the width, or along the height where only that is not seen from end to end. */
function figuresOf(field: ReceptiveField, { width, height }: InspectedNet["layout"]): FieldFigures {
  const [columns, rows] = [fieldFigures(field.columns, width), fieldFigures(field.rows, height)];
  return columns.whole && !rows.whole ? rows : columns;
}

/** Names of their own: a number behind those that occur twice. */
function unique(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}#${count}`;
  });
}

/** Layers that are shown where none are asked for. */
const USUAL_COUNT = 10;

/**
 * The layers that are asked for: "all", names, or by default some, evenly from the first to the last. Gates (maps of one
 * place) and depthwise halves of a convolution are left out of these.
 *
 * @param asked names of layers or of tensors `[N, C, H, W]` of the file
 * @throws FoveaError `layer-unknown`, with the nearest names
 */
export function chooseLayers(net: InspectedNet, asked?: "all" | readonly string[]): Layer[] {
  const layers = findLayers(net);
  if (asked === "all") return layers;
  if (asked) return asked.map((name) => layerByName(net, layers, name));
  const maps = layers.filter(({ width, height }) => width * height > 1);
  const main = maps.filter(({ depthwise }) => !depthwise);
  const usual = main.length > 0 ? main : maps.length > 0 ? maps : layers;
  if (usual.length <= USUAL_COUNT) return usual;
  const step = (usual.length - 1) / (USUAL_COUNT - 1);
  return Array.from({ length: USUAL_COUNT }, (_, i) => usual[Math.round(i * step)]);
}

/** A layer by its name, or by a tensor's name in the file. */
export function layerByName(net: InspectedNet, layers: readonly Layer[], name: string): Layer {
  const known = layers.find((layer) => layer.name === name || layer.output.name === name);
  if (known) return known;
  const outputs = Object.values(net.outputs);
  for (const node of orderedNodes(outputs)) {
    const output = node.outputs.find((value) => value.name === name);
    if (output?.rank !== 4 || !isSized(output)) continue;
    const fields = fieldsOf(net, [output]);
    const own = { name, output, before: output, convolution: undefined };
    if (fields.exact.has(output)) return layerOf(net, own, fields);
  }
  const names = layers.map((layer) => layer.name);
  const near = nearestNames(name, names)
    .map((other) => `"${other}"`)
    .join(", ");
  throw new FoveaError(
    "layer-unknown",
    `Model \`${net.name}\` has no layer "${name}": did you mean ${near}?`,
  );
}
