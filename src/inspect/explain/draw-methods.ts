import { contactSheet, type Picture } from "../../image/index.ts";
import { enlargeSquares } from "../enlarge-squares.ts";
import type { Layer } from "../layers/index.ts";
import type { InspectedNet, View } from "../net/index.ts";
import { activationPictures, activationsOf } from "./activations.ts";
import { baselineValues } from "./baseline.ts";
import type { ExplainMethod, MethodFigures } from "./explanation.ts";
import { gradCam } from "./grad-cam.ts";
import { enlargeMap, forPeople, overlayHeat, overlaySigned, smooth, sumChannels } from "./heat.ts";
import { integratedGradients } from "./integrated-gradients.ts";
import { occlusionMap } from "./occlusion.ts";
import type { Target } from "./target.ts";

/** How the methods explain. */
export interface MethodOptions {
  /** What integrated gradients begin at: a black picture, or one of mean grey; default "black". */
  baseline?: "black" | "grey";
  /** Most steps of integrated gradients; default 512. */
  steps?: number;
  /** Side of the square that covers the picture, in pixels of the net's input. */
  side?: number;
  signal?: AbortSignal;
  onProgress?: (method: ExplainMethod, done: number, total: number) => void;
}

/** What is to be explained. */
export interface MethodContext {
  net: InspectedNet;
  view: View;
  target: Target;
  /** Of Grad-CAM and of the activations. */
  layer: Layer;
  options: MethodOptions;
}

/** What a method says, for people. */
export interface DrawnMethod {
  method: ExplainMethod;
  title: string;
  caption: string;
  picture: Picture;
  figures: MethodFigures;
}

/** Explains by a method; undefined where the signal asked to stop before it had anything to say. */
export function drawMethod(method: ExplainMethod, context: MethodContext): Promise<DrawnMethod | undefined> {
  return METHODS[method](context);
}

const METHODS: Record<ExplainMethod, (context: MethodContext) => Promise<DrawnMethod | undefined>> = {
  "grad-cam": drawGradCam,
  gradients: drawGradients,
  occlusion: drawOcclusion,
  activations: drawActivations,
};

async function drawGradCam({ net, view, target, layer }: MethodContext): Promise<DrawnMethod> {
  const { map, height, width } = await gradCam(net, layer, target, view.values);
  const heat = enlargeMap(map, { width, height }, view.pixels);
  return {
    method: "grad-cam",
    title: "Grad-CAM",
    caption: `Light: the places of layer ${layer.name} (${width}×${height}) whose units speak for ${target.name}. Each unit's map is weighed by how much the answer grows with it.`,
    picture: await forPeople(overlayHeat(view.pixels, heat), view.content),
    figures: { gradCam: { layer: layer.name } },
  };
}

async function drawGradients({
  net,
  view,
  target,
  options,
}: MethodContext): Promise<DrawnMethod | undefined> {
  const { baseline = "black", onProgress, signal } = options;
  const result = await integratedGradients(net, target, view.values, baselineValues(net, view, baseline), {
    mostSteps: options.steps ?? 512,
    signal,
    onProgress: (done, total) => onProgress?.("gradients", done, total),
  });
  if (!result) return undefined;
  const { steps, baselineValue, completenessError } = result;
  const map = smooth(sumChannels(result.attributions, net.layout), net.layout);
  return {
    method: "gradients",
    title: "Integrated gradients",
    caption: `Red pixels add to ${target.name}, blue ones take from it, on the way from a ${baseline} picture (${round(baselineValue)}) to this one (${round(result.value)}). The pixels' shares (drawn as means over small squares) add up to the difference within ${(100 * completenessError).toFixed(2)} % (${steps} steps).`,
    picture: await forPeople(overlaySigned(view.pixels, map), view.content),
    figures: { integratedGradients: { steps, baseline, baselineValue, completenessError } },
  };
}

async function drawOcclusion({
  net,
  view,
  target,
  options,
}: MethodContext): Promise<DrawnMethod | undefined> {
  const { onProgress, signal, side: asked } = options;
  const found = await occlusionMap(net, target, view.values, view.content, {
    side: asked,
    signal,
    onProgress: (done, total) => onProgress?.("occlusion", done, total),
  });
  if (!found) return undefined;
  const { map, side, stride } = found;
  const largestLoss = map.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return {
    method: "occlusion",
    title: "Occlusion",
    caption: `A square of ${side} pixels in the picture's mean colour was moved over it. Red: ${target.name} falls where it covers (by ${round(largestLoss)} at most). Blue: it rises.`,
    picture: await forPeople(overlaySigned(view.pixels, map), view.content),
    figures: { occlusion: { side, stride, largestLoss } },
  };
}

/** Units that a grid shows at most. */
const GRID_UNITS = 256;

async function drawActivations({ net, view, layer }: MethodContext): Promise<DrawnMethod> {
  const map = await activationsOf(net, layer, view.values);
  const pictures = activationPictures(map, layer).slice(0, GRID_UNITS);
  const side = Math.min(96, Math.max(64, layer.width, layer.height));
  const tiles = pictures.map((picture, unit) => ({
    picture: enlargePlaces(picture, side),
    caption: `${unit}`,
  }));
  const which = pictures.length === layer.units ? "the" : `the first ${GRID_UNITS} of`;
  return {
    method: "activations",
    title: `Layer ${layer.name}`,
    caption: `The map of each of ${which} ${layer.units} units of ${layer.name}: white where the unit answers most, each scaled by its own largest answer.`,
    picture: await contactSheet(tiles, { tileWidth: side, tileHeight: side }),
    figures: { activations: { layer: layer.name, units: layer.units } },
  };
}

/** Whole squares for each place. */
function enlargePlaces(picture: Picture, side: number): Picture {
  const scale = Math.max(1, Math.floor(side / Math.max(picture.width, picture.height)));
  return enlargeSquares(picture, picture.width * scale, picture.height * scale);
}

function round(value: number): string {
  return value.toPrecision(3);
}
