import { grad } from "../../autodiff/index.ts";
import { FoveaError, type Tensor } from "../../core/index.ts";
import { Graph, reduceSum, reshape, slice, type Value } from "../../graph/index.ts";
import { compile } from "../../runtime/index.ts";
import { findLayers, type Layer, layerByName } from "../layers/index.ts";
import { classIndexOf, type InspectedNet, type View } from "../net/index.ts";
import { type ClassScores, findClassScores } from "./class-scores.ts";

/** What an explanation is of: one number that the net computes of a picture. */
export interface Target {
  /** In words, such as `class "cat"`. */
  name: string;
  /** What its value is: "logit", "score", "activation". */
  kind: string;
  /** `[1, channels, …]`. */
  tensor: Value;
  channel: number;
  /** Which of the places (or boxes) behind the channel. */
  place: number;
  /** Its value for the picture. */
  value: number;
  classIndex?: number;
}

/** What of a view a target depends on. */
export type Shown = Pick<View, "values" | "content">;

/** What is asked for: a class, a unit, or (neither) the class that the net is surest of. */
export interface Asked {
  /** Name of a class, or its number, also where it has a name. */
  class?: string;
  /** `layer/unit`, for example `stage3.1/17`. */
  unit?: string;
}

/**
 * The target that is asked for, at the place where it is largest in the picture.
 *
 * @throws FoveaError `class-unknown`, `no-classes`, `layer-unknown`, `unit-range`, `no-gradient`
 */
export async function findTarget(net: InspectedNet, view: Shown, asked: Asked): Promise<Target> {
  const { values } = view;
  if (asked.unit !== undefined) return unitTarget(net, view, asked.unit);
  const { scores, classes, kind } = differentiable(net, findClassScores(net));
  const wanted = asked.class === undefined ? undefined : classIndexOf(asked.class, net.classes, classes);
  const { channel, place, value } = await largest(net, scores, values, wanted);
  const label = net.classes?.[channel] ?? `${channel}`;
  return { name: `class "${label}"`, kind, tensor: scores, channel, place, value, classIndex: channel };
}

async function unitTarget(net: InspectedNet, view: Shown, text: string): Promise<Target> {
  const at = text.lastIndexOf("/");
  const unit = Number(text.slice(at + 1));
  const layer = layerByName(net, findLayers(net), text.slice(0, Math.max(0, at)));
  if (!/^\d+$/.test(text.slice(at + 1)) || unit >= layer.units) {
    throw new FoveaError(
      "unit-range",
      `Layer "${layer.name}" has no unit "${text.slice(at + 1)}": its ${layer.units} units are numbered from 0 to ${layer.units - 1}.`,
    );
  }
  const isShown = placesShown(net, layer, view);
  const { place, value } = await largest(net, layer.output, view.values, unit, isShown);
  return {
    name: `unit ${unit} of ${layer.name}`,
    kind: "activation",
    tensor: layer.output,
    channel: unit,
    place,
    value,
  };
}

/** Which places of a layer's map show the picture and no margin, as in the search for patches; all where none does. */
function placesShown(net: InspectedNet, layer: Layer, { content }: Shown): (place: number) => boolean {
  const [left, top, right, bottom] = content;
  const isInside = (place: number) => {
    const x = (((place % layer.width) + 0.5) * net.layout.width) / layer.width;
    const y = ((Math.floor(place / layer.width) + 0.5) * net.layout.height) / layer.height;
    return x >= left && x < right && y >= top && y < bottom;
  };
  const places = Array.from({ length: layer.width * layer.height }, (_, place) => place);
  return places.some(isInside) ? isInside : () => true;
}

/** The first of the candidates that the picture can be differentiated by. */
function differentiable(net: InspectedNet, candidates: readonly ClassScores[]): ClassScores {
  let refused: unknown;
  for (const candidate of candidates) {
    try {
      const graph = new Graph();
      const pictures = graph.input("pictures", net.shape(1));
      const { scores } = net.rebuild({ scores: candidate.scores }, pictures).outputs;
      if (grad(reduceSum(scores, undefined, false), [pictures])[0]) return candidate;
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      refused = error;
    }
  }
  throw refused;
}

/** The largest element of a tensor, or of one of its channels. */
async function largest(
  net: InspectedNet,
  tensor: Value,
  values: Float32Array,
  channel: number | undefined,
  counts: (place: number) => boolean = () => true,
): Promise<{ channel: number; place: number; value: number }> {
  const graph = new Graph();
  const pictures = graph.input("pictures", net.shape(1));
  const { outputs } = net.rebuild({ tensor }, pictures);
  const program = await compile({ outputs, ...net.device });
  try {
    const feed: Tensor = { dtype: "float32", shape: net.shape(1), data: values };
    const { data, shape } = (await program.run({ pictures: feed })).tensor;
    const places = data.length / shape[1];
    const [from, to] = channel === undefined ? [0, data.length] : [channel * places, (channel + 1) * places];
    let best = from;
    for (let i = from; i < to; i++) {
      if (!counts(i % places)) continue;
      if (!counts(best % places) || Number(data[i]) > Number(data[best])) best = i;
    }
    return { channel: Math.floor(best / places), place: best % places, value: Number(data[best]) };
  } finally {
    await program.release();
  }
}

/** The target's value for each picture of a batch, `[N]`, of the target's tensor for these pictures. */
export function targetValues(tensor: Value, { channel, place }: Target): Value {
  const [batch, channels] = tensor.dims;
  const flat = reshape(tensor, [batch, channels, -1]);
  const own = slice(flat, 1, channel, channel + 1);
  return reshape(slice(own, 2, place, place + 1), [batch]);
}
