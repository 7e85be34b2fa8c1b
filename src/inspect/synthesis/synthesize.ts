import { FoveaError, Random, type Tensor, tensor } from "../../core/index.ts";
import { Graph, mul, reduceSum, reshape, slice, sub, type Value } from "../../graph/index.ts";
import { cropPicture, type Picture } from "../../image/index.ts";
import { adam, constant } from "../../nn/index.ts";
import { compile } from "../../runtime/index.ts";
import { TrainingStep } from "../../train/index.ts";
import { batchOrOne } from "../batch-or-one.ts";
import type { Layer } from "../layers/index.ts";
import { type InspectedNet, type PixelBox, toPixels } from "../net/index.ts";
import { fieldAt, receptiveFields } from "../receptive-field.ts";
import type { ColourSpace } from "./colour-space.ts";
import { cosineBasis } from "./cosine-basis.ts";
import { asNetInput, picturesOfWaves } from "./drawn-picture.ts";

/** How pictures are synthesised. */
export interface SynthesisOptions {
  colours: ColourSpace;
  /** Steps of gradient ascent; default 160. */
  steps?: number;
  /** Largest side of a synthesised picture in pixels; default 128. */
  side?: number;
  seed?: number;
  signal?: AbortSignal;
  /** Told after each step, of all units' steps. */
  onProgress?: (done: number, total: number) => void;
}

/** A unit that a picture is made for. */
export interface Wish {
  unit: number;
  /** Its activation by the patch of the data that moves it most: what is a strong answer; above 0. */
  reference: number;
}

/** What a unit wants to see. */
export interface Synthesised {
  unit: number;
  /** Cropped to the unit's receptive field. */
  picture: Picture;
  /** The unit's activation by it, before the layer's activation function. */
  activation: number;
}

const LEARNING_RATE = 0.05;
/**
 * What the waves' mean square over what the unit sees costs, in its answers to the best patch of the data. It keeps small
 * fields, which few waves fill, from the corners of the colour space: forms that photographs are rich in cost least.
 */
const RESTRAINT = 0.04;
/** Pixels of all pictures that are made at once, about. */
const BATCH_PIXELS = 150_000;

/**
 * Makes for each unit a picture that moves its middle place most, by gradient ascent (Erhan et al. 2009; Olah et al.
 * 2017). The picture is a sum of cosine waves whose amplitudes fall with frequency, in decorrelated colours, seen a
 * little shifted and zoomed at each step, so that what stays is form and not noise. Units are independent of each other
 * and made together as one batch.
 */
export async function synthesize(
  net: InspectedNet,
  layer: Layer,
  units: readonly Wish[],
  options: SynthesisOptions,
): Promise<Synthesised[]> {
  const { steps = 160, seed = 0, signal, onProgress } = options;
  const plan = planFor(net, layer, options.side ?? 128);
  const most = Math.max(1, Math.min(16, Math.floor(BATCH_PIXELS / (plan.width * plan.height))));
  const wanted = Math.min(most, units.length);
  const drawing = await batchOrOne(wanted, (count) =>
    Drawing.compile(net, layer, plan, count, options.colours),
  );
  const { batch } = drawing;
  const results: Synthesised[] = [];
  try {
    for (let from = 0; from < units.length && !signal?.aborted; from += batch) {
      const part = units.slice(from, from + batch);
      await drawing.start(part, seed);
      for (let step = 0; step < steps && !signal?.aborted; step++) {
        await drawing.step(step / steps, new Random(seed, from, step, 0x517));
        onProgress?.(from * steps + part.length * (step + 1), units.length * steps);
      }
      if (!signal?.aborted) results.push(...(await drawing.finish()));
    }
  } finally {
    await drawing.close();
  }
  return results;
}

/** The size of the pictures, and the place whose activation is raised. */
interface Plan {
  width: number;
  height: number;
  /** Side of what the place sees. */
  reach: number;
  row: number;
  column: number;
  box: PixelBox;
}

/** Sides are multiples of it, so that maps that are halved and doubled meet again. */
const STRIDE = 32;

/** Large enough that the middle place sees no border, where the net's own size allows that. */
function planFor(net: InspectedNet, layer: Layer, most: number): Plan {
  const { size, stride } = layer.figures;
  const wanted = Math.min(most, Math.ceil((size + 2 * stride) / STRIDE) * STRIDE);
  const own = { width: net.layout.width, height: net.layout.height };
  const sizes = [{ width: Math.min(wanted, own.width), height: Math.min(wanted, own.height) }, own];
  let refused: unknown;
  for (const { width, height } of sizes) {
    try {
      const graph = new Graph();
      const pictures = graph.input("pictures", net.shape(1, { width, height }));
      const { map } = net.rebuild({ map: layer.before }, pictures).outputs;
      const { channelsLast } = net.layout;
      const field = receptiveFields(pictures, [map], { channelsLast, local: true }).get(map)!;
      const [row, column] = [map.dims[2] >> 1, map.dims[3] >> 1];
      const box = fieldAt(field, row, column) ?? [0, 0, width, height];
      return { width, height, reach: Math.min(size, width, height), row, column, box };
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      refused = error;
    }
  }
  throw refused;
}

/** A batch of pictures on their way. */
class Drawing {
  readonly #step: TrainingStep;
  readonly #render: Awaited<ReturnType<typeof compile>>;
  readonly #plan: Plan;
  readonly batch: number;
  readonly #channels: number;
  #state: ReturnType<TrainingStep["start"]> | undefined;
  #chosen: Tensor;
  #units: readonly Wish[] = [];

  private constructor(
    step: TrainingStep,
    render: Awaited<ReturnType<typeof compile>>,
    plan: Plan,
    batch: number,
    channels: number,
  ) {
    this.#step = step;
    this.#render = render;
    this.#plan = plan;
    this.batch = batch;
    this.#channels = channels;
    this.#chosen = tensor(new Float32Array(batch * channels), [batch, channels]);
  }

  static async compile(
    net: InspectedNet,
    layer: Layer,
    plan: Plan,
    batch: number,
    colours: ColourSpace,
  ): Promise<Drawing> {
    const { width, height, row, column } = plan;
    const canvas = canvasOf(plan);
    const shape = [batch, 3, canvas.height, canvas.width];
    const build = (waves: Value) => {
      const { graph } = waves;
      const rows = graph.input("rows", [height, canvas.height]);
      const columns = graph.input("columns", [width, canvas.width]);
      const { pictures, strength } = picturesOfWaves(waves, rows, columns, colours);
      const { map } = net.rebuild({ map: layer.before }, asNetInput(pictures, net)).outputs;
      const place = slice(slice(map, 2, row, row + 1), 3, column, column + 1);
      const answers = reshape(place, [batch, layer.units]);
      const chosen = graph.input("chosen", [batch, layer.units]);
      const activations = reduceSum(mul(answers, chosen), [1], false); // [N]
      return { pictures, activations, strength };
    };
    const step = await TrainingStep.compile(
      (scope) => {
        const waves = scope.parameter("waves", shape, constant(0));
        const { activations, strength } = build(waves);
        const losses = sub(mul(strength, RESTRAINT / pixelsOf(plan.box)), activations);
        return { loss: reduceSum(losses, undefined, false) };
      },
      { optimizer: adam(), average: false, ...net.device },
    );
    try {
      const { pictures, activations } = build(new Graph().input("waves", shape));
      const render = await compile({ outputs: { pictures, activations }, ...net.device });
      return new Drawing(step, render, plan, batch, layer.units);
    } catch (error) {
      await step.release();
      throw error;
    }
  }

  async start(units: readonly Wish[], seed: number): Promise<void> {
    this.#units = units;
    const { height, width } = canvasOf(this.#plan);
    const shape = [this.batch, 3, height, width];
    const waves = new Float32Array(this.batch * 3 * height * width);
    for (const [i, { unit }] of units.entries()) {
      const random = new Random(seed, unit, 0x57a);
      for (let k = 0; k < 3 * height * width; k++) waves[i * 3 * height * width + k] = 0.02 * random.normal();
    }
    this.#state = this.#step.start(seed, new Map([["waves", tensor(waves, shape)]]));
    this.#chosen = tensor(new Float32Array(this.batch * this.#channels), [this.batch, this.#channels]);
    for (const [i, { unit, reference }] of units.entries()) {
      this.#chosen.data[i * this.#channels + unit] = 1 / reference;
    }
  }

  async step(share: number, random: Random): Promise<void> {
    const jitter = jitterOf(this.#plan);
    const zoom = 1 + (this.#plan.reach > 16 ? random.uniform(-0.06, 0.06) : 0);
    const placement = () => ({ shift: random.uniform(-jitter, jitter), zoom });
    const learningRate = LEARNING_RATE * (share < 0.6 ? 1 : Math.max(0.05, (1 - share) / 0.4));
    const feeds = { ...this.#bases(placement(), placement()), chosen: this.#chosen };
    await this.#step.run(this.#state!, feeds, { learningRate, averageDecay: 0 });
    this.#state!.advance();
  }

  async finish(): Promise<Synthesised[]> {
    const still = { shift: 0, zoom: 1 };
    const waves = this.#state!.parameters("value").get("waves")!;
    const results = await this.#render.run({ ...this.#bases(still, still), waves, chosen: this.#chosen });
    const { width, height, box } = this.#plan;
    const area = 3 * width * height;
    const all = results.pictures.data as Float32Array;
    return this.#units.map(({ unit, reference }, i) => {
      const data = all.subarray(i * area, (i + 1) * area).map((value) => value * 255);
      const layout = { channels: 3, width, height, channelsLast: false };
      const picture = toPixels({ dtype: "float32", shape: [], data }, layout);
      const activation = Number(results.activations.data[i]) * reference;
      return { unit, picture: cropPicture(picture, [...box]), activation };
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#step.release(), this.#render.release()]);
  }

  #bases(vertical: { shift: number; zoom: number }, horizontal: { shift: number; zoom: number }) {
    const { width, height } = this.#plan;
    const canvas = canvasOf(this.#plan);
    return {
      rows: cosineBasis(height, canvas.height, vertical),
      columns: cosineBasis(width, canvas.width, horizontal),
    };
  }
}

/** How far pictures are shifted at most: less than the smallest form that a unit can tell. */
function jitterOf({ reach }: Plan): number {
  return Math.min(8, reach / 16);
}

function pixelsOf([left, top, right, bottom]: PixelBox): number {
  return (right - left) * (bottom - top);
}

/** The picture's size with room for shifts. */
function canvasOf(plan: Plan): { width: number; height: number } {
  const room = 2 * Math.ceil(jitterOf(plan) + 0.03 * plan.width);
  return { width: plan.width + room, height: plan.height + room };
}
