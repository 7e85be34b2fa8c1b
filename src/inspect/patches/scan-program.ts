import { sizeOf, type Tensor } from "../../core/index.ts";
import { add, argMax, Graph, reduceMax, reshape, type Value } from "../../graph/index.ts";
import { compile, type Program, type Tensors } from "../../runtime/index.ts";
import { batchOrOne } from "../batch-or-one.ts";
import type { Layer } from "../layers/index.ts";
import type { InspectedNet, PixelBox, View } from "../net/index.ts";

/** Pixels that one batch holds about. */
const BATCH_PIXELS = 200_000;
const MOST_AT_ONCE = 32;

/** Added to what must not be the largest. */
const NEVER = -1e30;

/**
 * The largest activation of each unit of some layers in each picture of a batch (`most0`, `most1`, … `[N, units]`), and
 * where it stands (`places0`, … `[N, units]`). Places that show only what was put around a picture do not count.
 */
export class ScanProgram {
  readonly batch: number;
  readonly #program: Program;
  readonly #net: InspectedNet;
  readonly #layers: readonly Layer[];
  readonly #feeds: Record<string, Tensor>;

  private constructor(program: Program, net: InspectedNet, layers: readonly Layer[], batch: number) {
    this.#program = program;
    this.#net = net;
    this.#layers = layers;
    this.batch = batch;
    this.#feeds = { pictures: zeros(net.shape(batch)) };
    for (const [i, { height, width }] of net.pads ? layers.entries() : []) {
      this.#feeds[`rows${i}`] = zeros([batch, 1, height, 1]);
      this.#feeds[`columns${i}`] = zeros([batch, 1, 1, width]);
    }
  }

  static async compile(net: InspectedNet, layers: readonly Layer[]): Promise<ScanProgram> {
    const { width, height } = net.layout;
    const wanted = Math.max(1, Math.min(MOST_AT_ONCE, Math.round(BATCH_PIXELS / (width * height))));
    const { batch, outputs } = await batchOrOne(wanted, (batch) => {
      return { batch, outputs: buildScan(net, layers, batch) };
    });
    return new ScanProgram(await compile({ outputs, ...net.device }), net, layers, batch);
  }

  /** Puts a view into the next batch. */
  put(at: number, { values, content }: Pick<View, "values" | "content">): void {
    const { pictures } = this.#feeds;
    (pictures.data as Float32Array).set(values, at * (sizeOf(pictures.shape) / this.batch));
    if (!this.#net.pads) return;
    const { width, height } = this.#net.layout;
    const [left, top, right, bottom] = content as PixelBox;
    for (const i of this.#layers.keys()) {
      maskOutside(this.#feeds[`rows${i}`], at, height, top, bottom);
      maskOutside(this.#feeds[`columns${i}`], at, width, left, right);
    }
  }

  run(): Promise<Tensors> {
    return this.#program.run(this.#feeds);
  }

  close(): Promise<void> {
    return this.#program.release();
  }
}

function zeros(shape: readonly number[]): Tensor {
  return { dtype: "float32", shape, data: new Float32Array(sizeOf(shape)) };
}

function buildScan(net: InspectedNet, layers: readonly Layer[], batch: number): Record<string, Value> {
  const graph = new Graph();
  const pictures = graph.input("pictures", net.shape(batch));
  const maps = Object.fromEntries(layers.map(({ output }, i) => [`${i}`, output]));
  const copy = net.rebuild(maps, pictures);
  const outputs: Record<string, Value> = {};
  for (const [i, { units, height, width }] of layers.entries()) {
    let map = copy.outputs[`${i}`];
    if (net.pads) {
      map = add(map, graph.input(`rows${i}`, [batch, 1, height, 1]));
      map = add(map, graph.input(`columns${i}`, [batch, 1, 1, width]));
    }
    const flat = reshape(map, [batch, units, -1]);
    outputs[`most${i}`] = reshape(reduceMax(flat, [2]), [batch, units]);
    outputs[`places${i}`] = argMax(flat, 2);
  }
  return outputs;
}

/** Marks the places of a map along one direction whose middles lie outside of a stretch of pixels. */
function maskOutside({ data, shape }: Tensor, at: number, pixels: number, from: number, to: number): void {
  const places = sizeOf(shape) / shape[0];
  const middle = (place: number) => ((place + 0.5) * pixels) / places;
  const inside = (place: number) => middle(place) >= from && middle(place) < to;
  const any = Array.from({ length: places }, (_, place) => place).some(inside);
  for (let place = 0; place < places; place++) {
    data[at * places + place] = any && !inside(place) ? NEVER : 0;
  }
}
