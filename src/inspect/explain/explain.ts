import { join } from "node:path";
import { keepInputs, requireWhole, writeOutput } from "../../core/index.ts";
import { contactSheet, decodePicture, encodePicture, type Picture } from "../../image/index.ts";
import { htmlReport, type Report, type ReportSection } from "../../report/index.ts";
import { enlargeSquares } from "../enlarge-squares.ts";
import { findLayers, type Layer, layerByName } from "../layers/index.ts";
import { InspectedNet, type NetOptions, type View } from "../net/index.ts";
import { activationPictures, activationsOf } from "./activations.ts";
import { baselineValues } from "./baseline.ts";
import { gradCam } from "./grad-cam.ts";
import { enlargeMap, forPeople, overlayHeat, overlaySigned, smooth, sumChannels } from "./heat.ts";
import { integratedGradients } from "./integrated-gradients.ts";
import { layerBefore } from "./layer-before.ts";
import { occlusionMap } from "./occlusion.ts";
import { type Asked, findTarget, type Target } from "./target.ts";

/** Ways to explain an answer. */
export type ExplainMethod = "grad-cam" | "gradients" | "occlusion" | "activations";

export const explainMethods: readonly ExplainMethod[] = ["grad-cam", "gradients", "occlusion", "activations"];

export interface ExplainOptions extends NetOptions, Asked {
  /** The .onnx file, or its address. */
  model: string;
  /** Path of the picture. */
  picture: string;
  /** Folder for `explain.html`, `explain.json` and a PNG for each method. */
  out: string;
  methods?: readonly ExplainMethod[];
  /** The layer of Grad-CAM and of the activations; default: the last with more than one place. */
  layer?: string;
  /** What integrated gradients begin at: a black picture, or one of mean grey; default "black". */
  baseline?: "black" | "grey";
  /** Most steps of integrated gradients; default 512. */
  steps?: number;
  /** Side of the square that covers the picture, in pixels of the net's input. */
  side?: number;
  signal?: AbortSignal;
  onProgress?: (method: ExplainMethod, done: number, total: number) => void;
}

/** What an explanation says in figures. */
export interface Explanation {
  model: string;
  picture: string;
  target: { name: string; kind: string; value: number; classIndex?: number };
  gradCam?: { layer: string };
  integratedGradients?: { steps: number; baseline: string; baselineValue: number; completenessError: number };
  occlusion?: { side: number; stride: number; largestLoss: number };
  activations?: { layer: string; units: number };
  /** Where each picture lies. */
  files: string[];
  report: string;
}

/**
 * Explains what a net says of a picture: where its answer comes from, by Grad-CAM, integrated gradients and occlusion, and
 * what the units of a layer answer.
 *
 * @throws FoveaError what opening the model and the picture throws; `class-unknown`, `no-classes`, `layer-unknown`,
 *   `unit-range`, `no-gradient`, `argument-range`; `output-is-input` where the picture or the model would be written over
 */
export async function explain(options: ExplainOptions): Promise<Explanation> {
  const { model, picture, out, methods = explainMethods, steps = 1, side = 1 } = options;
  for (const [name, value] of Object.entries({ steps, side })) requireWhole("explain", name, value, 1);
  for (const file of filesOf(methods, out))
    keepInputs(file, [picture, model], "by the explanation; name another folder with --out.");
  const net = await InspectedNet.open(model, options);
  try {
    const view = await net.view(await decodePicture(picture));
    const target = await findTarget(net, view, options);
    const layer =
      options.layer === undefined
        ? await layerBefore(net, target, view.values)
        : layerByName(net, findLayers(net), options.layer);
    const drawn: Drawn = { sections: [], pictures: [], figures: {} };
    const context: Context = { net, view, target, layer, options, drawn };
    for (const method of explainMethods) {
      if (methods.includes(method) && !options.signal?.aborted) await METHODS[method](context);
    }
    return await write(context, out);
  } finally {
    await net.close();
  }
}

interface Drawn {
  sections: ReportSection[];
  pictures: { name: string; picture: Picture }[];
  figures: Partial<Explanation>;
}

interface Context {
  net: InspectedNet;
  view: View;
  target: Target;
  layer: Layer;
  options: ExplainOptions;
  drawn: Drawn;
}

const METHODS: Record<ExplainMethod, (context: Context) => Promise<void>> = {
  "grad-cam": drawGradCam,
  gradients: drawGradients,
  occlusion: drawOcclusion,
  activations: drawActivations,
};

/** The names of the methods' pictures, and that of the picture itself. */
const NAMES: Record<ExplainMethod, string> = {
  "grad-cam": "grad-cam",
  gradients: "integrated-gradients",
  occlusion: "occlusion",
  activations: "activations",
};
const PICTURE = "picture";
const FIGURES = "explain.json";
const REPORT = "explain.html";

/** All that is written. */
function filesOf(methods: readonly ExplainMethod[], out: string): string[] {
  const pictures = [PICTURE, ...methods.map((method) => NAMES[method])].map((name) => `${name}.png`);
  return [...pictures, FIGURES, REPORT].map((name) => join(out, name));
}

async function drawGradCam({ net, view, target, layer, drawn }: Context): Promise<void> {
  const { map, height, width } = await gradCam(net, layer, target, view.values);
  const heat = enlargeMap(map, { width, height }, view.pixels);
  drawn.figures.gradCam = { layer: layer.name };
  await add(drawn, NAMES["grad-cam"], "Grad-CAM", overlayHeat(view.pixels, heat), view, [
    `Light: the places of layer ${layer.name} (${width}×${height}) whose units speak for ${target.name}. Each unit's map is weighed by how much the answer grows with it.`,
  ]);
}

async function drawGradients({ net, view, target, options, drawn }: Context): Promise<void> {
  const baseline = options.baseline ?? "black";
  const { onProgress, signal } = options;
  const result = await integratedGradients(net, target, view.values, baselineValues(net, view, baseline), {
    mostSteps: options.steps ?? 512,
    signal,
    onProgress: (done, total) => onProgress?.("gradients", done, total),
  });
  if (!result) return;
  const { steps, baselineValue, completenessError } = result;
  drawn.figures.integratedGradients = { steps, baseline, baselineValue, completenessError };
  const map = smooth(sumChannels(result.attributions, net.layout), net.layout);
  await add(drawn, NAMES.gradients, "Integrated gradients", overlaySigned(view.pixels, map), view, [
    `Red pixels add to ${target.name}, blue ones take from it, on the way from a ${baseline} picture (${round(baselineValue)}) to this one (${round(result.value)}). The pixels' shares (drawn as means over small squares) add up to the difference within ${(100 * completenessError).toFixed(2)} % (${steps} steps).`,
  ]);
}

async function drawOcclusion({ net, view, target, options, drawn }: Context): Promise<void> {
  const { onProgress, signal, side: asked } = options;
  const found = await occlusionMap(net, target, view.values, view.content, {
    side: asked,
    signal,
    onProgress: (done, total) => onProgress?.("occlusion", done, total),
  });
  if (!found) return;
  const { map, side, stride } = found;
  const largestLoss = map.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  drawn.figures.occlusion = { side, stride, largestLoss };
  await add(drawn, NAMES.occlusion, "Occlusion", overlaySigned(view.pixels, map), view, [
    `A square of ${side} pixels in the picture's mean colour was moved over it. Red: ${target.name} falls where it covers (by ${round(largestLoss)} at most). Blue: it rises.`,
  ]);
}

/** Units that a grid shows at most. */
const GRID_UNITS = 256;

async function drawActivations({ net, view, layer, drawn }: Context): Promise<void> {
  const map = await activationsOf(net, layer, view.values);
  const pictures = activationPictures(map, layer).slice(0, GRID_UNITS);
  const side = Math.min(96, Math.max(64, layer.width, layer.height));
  const tiles = pictures.map((picture, unit) => ({
    picture: enlargePlaces(picture, side),
    caption: `${unit}`,
  }));
  const sheet = await contactSheet(tiles, { tileWidth: side, tileHeight: side });
  drawn.figures.activations = { layer: layer.name, units: layer.units };
  drawn.pictures.push({ name: NAMES.activations, picture: sheet });
  const jpeg = await encodePicture(sheet, "jpeg", { quality: 85 });
  const caption = `The map of each of ${pictures.length === layer.units ? "the" : `the first ${GRID_UNITS} of`} ${layer.units} units of ${layer.name}: white where the unit answers most, each scaled by its own largest answer.`;
  drawn.sections.push({
    title: "Activations",
    figures: [{ title: `Layer ${layer.name}`, caption, jpeg, wide: true }],
  });
}

/** Whole squares for each place. */
function enlargePlaces(picture: Picture, side: number): Picture {
  const scale = Math.max(1, Math.floor(side / Math.max(picture.width, picture.height)));
  return enlargeSquares(picture, picture.width * scale, picture.height * scale);
}

async function add(
  drawn: Drawn,
  name: string,
  title: string,
  overlaid: Picture,
  { content }: View,
  [caption]: readonly [string],
): Promise<void> {
  const picture = await forPeople(overlaid, content);
  drawn.pictures.push({ name, picture });
  const jpeg = await encodePicture(picture, "jpeg", { quality: 90 });
  drawn.sections.push({ title, figures: [{ title, caption, jpeg }] });
}

async function write({ net, view, target, options, drawn }: Context, out: string): Promise<Explanation> {
  const seen = await forPeople(view.pixels, view.content);
  const pictures = [{ name: PICTURE, picture: seen }, ...drawn.pictures];
  const files: string[] = [];
  for (const { name, picture } of pictures) {
    const path = join(out, `${name}.png`);
    await writeOutput(path, await encodePicture(picture, "png"));
    files.push(path);
  }
  const jpeg = await encodePicture(seen, "jpeg", { quality: 90 });
  const first = { title: "The picture", caption: `As the net sees it: ${net.preparation}.`, jpeg };
  const small = drawn.sections
    .filter(({ title }) => title !== "Activations")
    .flatMap(({ figures = [] }) => figures);
  const sections: ReportSection[] = [
    { title: `Where the answer for ${target.name} comes from`, figures: [first, ...small] },
    ...drawn.sections.filter(({ title }) => title === "Activations"),
  ];
  const head: Omit<Report, "sections"> = {
    title: `Why ${net.name} says ${target.name}`,
    subtitle: options.picture,
    summary: [
      { label: `${target.name}, ${target.kind}`, value: target.value },
      ...(drawn.figures.gradCam ? [{ label: "layer of Grad-CAM", value: drawn.figures.gradCam.layer }] : []),
    ],
  };
  const report = join(out, REPORT);
  await writeOutput(report, htmlReport({ ...head, sections }));
  const { name, kind, value, classIndex } = target;
  const explanation: Explanation = {
    model: net.name,
    picture: options.picture,
    target: { name, kind, value, ...(classIndex !== undefined && { classIndex }) },
    ...drawn.figures,
    files,
    report,
  };
  await writeOutput(join(out, FIGURES), `${JSON.stringify(explanation, null, 2)}\n`);
  return explanation;
}

function round(value: number): string {
  return value.toPrecision(3);
}
