import { grad } from "../../autodiff/index.ts";
import { type Tensor, tensor } from "../../core/index.ts";
import { Graph } from "../../graph/index.ts";
import { compile, type Program } from "../../runtime/index.ts";
import { costOfSums, names, pictureSums } from "./cost-graph.ts";
import { type CostPlan, styleLayers, type Targets } from "./cost-plan.ts";
import { LayerGeometry } from "./layer-geometry.ts";
import type { Evaluated, Objective } from "./objective.ts";

/** J and its gradient by the pixels of a picture that is computed in one go: one program. */
export async function wholePicture(plan: CostPlan, targets: Targets): Promise<Objective> {
  const { size, regions, content } = targets;
  const feeds: Record<string, Tensor> = {};
  const counts = new Map<string, number>();
  const layers = [...styleLayers(plan).keys()];
  const geometry = new LayerGeometry(plan, size, size, layers);
  for (const [region, { mask }] of regions.entries()) {
    for (const layer of layers) {
      const name = names.weights(region, layer);
      const { width, height } = geometry.whole.get(layer)!;
      counts.set(name, width * height);
      if (!mask) continue;
      const weights = geometry.layerMask(layer, mask);
      feeds[name] = tensor(weights, [1, 1, height, width]);
      counts.set(name, weights.reduce((a, b) => a + b, 0) || 1);
    }
  }
  for (const [layer, { data, channels, width, height }] of content)
    feeds[names.contentTarget(layer)] = { dtype: "float32", shape: [1, channels, height, width], data };
  const graph = new Graph();
  const pixels = graph.input("picture", [1, 3, size.height, size.width]);
  const sums = pictureSums(pixels, plan, targets, {
    weighted: (region) => regions[region].mask !== undefined,
    inParts: false,
  });
  const parts = costOfSums(sums, plan, targets, counts);
  const [gradient] = grad(parts.cost, [pixels]);
  const program = await compile({ outputs: { ...parts, gradient: gradient! }, ...plan.device });
  return new WholePicture(program, feeds, pixels.dims);
}

class WholePicture implements Objective {
  readonly #program: Program;
  readonly #feeds: Record<string, Tensor>;
  readonly #shape: readonly number[];
  #picture: Tensor | undefined;

  constructor(program: Program, feeds: Record<string, Tensor>, shape: readonly number[]) {
    this.#program = program;
    this.#feeds = feeds;
    this.#shape = shape;
  }

  async evaluate(data: Float32Array): Promise<Evaluated> {
    if (this.#picture?.data !== data) this.#picture = { dtype: "float32", shape: this.#shape, data };
    const results = await this.#program.run({ ...this.#feeds, picture: this.#picture });
    const number = (name: string) => Number(results[name].data[0]);
    return {
      cost: number("cost"),
      content: number("content"),
      style: number("style"),
      variation: number("variation"),
      gradient: results.gradient.data as Float32Array,
    };
  }

  release(): Promise<void> {
    return this.#program.release();
  }
}
