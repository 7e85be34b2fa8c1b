import { grad } from "../../autodiff/index.ts";
import { type Tensor, tensor } from "../../core/index.ts";
import { add, Graph, mul, reduceSum, type Value } from "../../graph/index.ts";
import { compile, type Program } from "../../runtime/index.ts";
import { addPlanes, cutPlanes, type Window, type WindowPlan } from "../tiles/index.ts";
import { costOfSums, names, pictureSums } from "./cost-graph.ts";
import { type CostPlan, PIXELS, styleLayers, type Targets } from "./cost-plan.ts";
import { LayerGeometry } from "./layer-geometry.ts";
import { addTo, pictureTensor } from "./measure.ts";
import type { Evaluated, Objective } from "./objective.ts";

/** Prefix of what flows back into a sum. */
const BACK = "back/";

/**
 * J and its gradient of a picture that is computed window by window, in the memory of one. J depends on the
 * pixels through sums over positions only: where windows show all that features of their cores see (`areExact`), nothing
 * differs from the whole picture's. A first pass adds these up over all windows; a small program computes from
 * them J and what flows back into each sum; a second pass carries that back to each window's pixels.
 */
export async function tiledPicture(
  plan: CostPlan,
  targets: Targets,
  windowsAt: (evaluation: number) => WindowPlan,
): Promise<Objective> {
  const { size } = windowsAt(0);
  const forward = windowSums(plan, targets, size);
  const backward = windowSums(plan, targets, size);
  const carried = Object.entries(backward.sums).map(([name, sum]) => {
    return reduceSum(mul(sum, backward.graph.input(BACK + name, sum.dims)), undefined, false);
  });
  const [gradient] = grad(carried.reduce(add), [backward.pixels]);
  const layers = new Set([...styleLayers(plan).keys(), ...targets.content.keys(), PIXELS]);
  const geometry = new LayerGeometry(plan, targets.size, size, layers);
  const masks = layerMasks(plan, targets, geometry);
  const open: Program[] = [];
  const opened = async (compiled: Promise<Program>) => {
    const program = await compiled;
    open.push(program);
    return program;
  };
  try {
    const sums = await opened(compile({ outputs: forward.sums, ...plan.device }));
    const gradients = await opened(compile({ outputs: { gradient: gradient! }, ...plan.device }));
    const cost = await opened(costProgram(plan, targets, masks, forward.sums));
    return new TiledPicture({ plan, targets, windowsAt, geometry, sums, cost, gradients, masks });
  } catch (cause) {
    await Promise.all(open.map((program) => program.release()));
    throw cause;
  }
}

/** The sums of a window as a graph. */
function windowSums(plan: CostPlan, targets: Targets, size: { width: number; height: number }) {
  const graph = new Graph();
  const pixels = graph.input("picture", [1, 3, size.height, size.width]);
  return { graph, pixels, sums: pictureSums(pixels, plan, targets, { weighted: () => true, inParts: true }) };
}

/** J, its parts and its gradient by the whole picture's sums. */
function costProgram(
  plan: CostPlan,
  targets: Targets,
  masks: ReadonlyMap<string, Float32Array>,
  like: Readonly<Record<string, Value>>,
): Promise<Program> {
  const graph = new Graph();
  const sums = Object.fromEntries(
    Object.entries(like).map(([name, { dims }]) => [name, graph.input(name, dims)]),
  );
  const counts = new Map<string, number>();
  for (const [name, mask] of masks) counts.set(name, mask.reduce((a, b) => a + b, 0) || 1);
  const parts = costOfSums(sums, plan, targets, counts);
  const back = grad(parts.cost, Object.values(sums));
  const outputs = Object.fromEntries(
    Object.entries(sums).map(([name, sum], i) => [BACK + name, back[i] ?? mul(sum, 0)]),
  );
  return compile({ outputs: { ...parts, ...outputs }, ...plan.device });
}

/** Each region's mask at each layer's size, ones where it has none. */
function layerMasks(
  plan: CostPlan,
  { size, regions }: Targets,
  geometry: LayerGeometry,
): Map<string, Float32Array> {
  const everywhere = new Float32Array(size.width * size.height).fill(1);
  return new Map(
    regions.flatMap(({ mask = everywhere }, region) =>
      [...styleLayers(plan).keys()].map((layer): [string, Float32Array] => [
        names.weights(region, layer),
        geometry.layerMask(layer, mask),
      ]),
    ),
  );
}

interface Parts {
  plan: CostPlan;
  targets: Targets;
  windowsAt: (evaluation: number) => WindowPlan;
  geometry: LayerGeometry;
  sums: Program;
  cost: Program;
  gradients: Program;
  masks: ReadonlyMap<string, Float32Array>;
}

class TiledPicture implements Objective {
  readonly #parts: Parts;
  readonly #picture: Tensor;
  readonly #gradient: Float32Array;
  #evaluations = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#picture = pictureTensor(parts.windowsAt(0).size);
    this.#gradient = new Float32Array(3 * parts.targets.size.width * parts.targets.size.height);
  }

  async evaluate(data: Float32Array): Promise<Evaluated> {
    const { sums, cost, gradients, targets } = this.#parts;
    const { size } = targets;
    const plan = this.#parts.windowsAt(this.#evaluations++);
    const totals = new Map<string, { sum: Float64Array; shape: readonly number[] }>();
    for (const window of plan.windows) {
      const results = await sums.run(this.#feeds(data, plan, window));
      for (const [name, result] of Object.entries(results)) {
        const total = totals.get(name) ?? { sum: new Float64Array(result.data.length), shape: result.shape };
        addTo(total.sum, result);
        totals.set(name, total);
      }
    }
    const whole = Object.fromEntries([...totals].map(([name, { sum, shape }]) => [name, tensor(sum, shape)]));
    const judged = await cost.run(whole);
    const back = Object.fromEntries(Object.entries(judged).filter(([name]) => name.startsWith(BACK)));
    this.#gradient.fill(0);
    for (const window of plan.windows) {
      const { gradient } = await gradients.run({ ...this.#feeds(data, plan, window), ...back });
      addPlanes(gradient.data as Float32Array, plan.size, window, size, this.#gradient);
    }
    const number = (name: string) => Number(judged[name].data[0]);
    return {
      cost: number("cost"),
      content: number("content"),
      style: number("style"),
      variation: number("variation"),
      gradient: this.#gradient,
    };
  }

  /** A window's pixels, weights and content targets. */
  #feeds(data: Float32Array, windows: WindowPlan, window: Window): Record<string, Tensor> {
    const { plan, targets, masks, geometry } = this.#parts;
    const { size, regions, content } = targets;
    cutPlanes(data, size, window, windows.size, this.#picture.data as Float32Array);
    const feeds: Record<string, Tensor> = {
      picture: this.#picture,
      [names.pixelCore]: geometry.coreWeights(PIXELS, window),
    };
    for (const region of regions.keys()) {
      for (const layer of styleLayers(plan).keys()) {
        const name = names.weights(region, layer);
        feeds[name] = geometry.coreWeights(layer, window, masks.get(name));
      }
    }
    for (const [layer, target] of content) {
      const { channels, width, height } = geometry.part.get(layer)!;
      const part = new Float32Array(channels * width * height);
      cutPlanes(target.data, target, geometry.placeOf(layer, window), { width, height }, part);
      feeds[names.contentCore(layer)] = geometry.coreWeights(layer, window);
      feeds[names.contentTarget(layer)] = tensor(part, [1, channels, height, width]);
    }
    return feeds;
  }

  async release(): Promise<void> {
    const { sums, cost, gradients } = this.#parts;
    await Promise.all([sums.release(), cost.release(), gradients.release()]);
  }
}
