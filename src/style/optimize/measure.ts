import { type Tensor, tensor } from "../../core/index.ts";
import { Graph } from "../../graph/index.ts";
import type { PictureSize } from "../../image/index.ts";
import { compile } from "../../runtime/index.ts";
import { layerSums } from "../cost/index.ts";
import type { Planes } from "../planes/index.ts";
import { cutPlanes, type WindowPlan } from "../tiles/index.ts";
import {
  type ContentTarget,
  type CostPlan,
  contentLayers,
  featureMaps,
  type MeasuredStatistics,
  styleLayers,
} from "./cost-plan.ts";
import { LayerGeometry } from "./layer-geometry.ts";

/** The statistics of a style's layers, means over all its positions, measured window by window. */
export async function measureStyle(
  plan: CostPlan,
  style: Planes,
  windows: WindowPlan,
): Promise<Map<string, MeasuredStatistics>> {
  const layers = [...styleLayers(plan).keys()];
  if (layers.length === 0) return new Map();
  const graph = new Graph();
  const picture = graph.input("picture", [1, 3, windows.size.height, windows.size.width]);
  const maps = featureMaps(plan, picture, layers);
  const outputs = Object.fromEntries(
    layers.flatMap((layer, i) => {
      const map = maps.get(layer)!;
      const { products, totals } = layerSums(map, graph.input(`weights/${i}`, [1, 1, ...map.dims.slice(2)]));
      return [
        [`products/${i}`, products],
        [`totals/${i}`, totals],
      ];
    }),
  );
  const geometry = new LayerGeometry(plan, style, windows.size, layers);
  const sums = layers.map((layer) => {
    const { channels } = geometry.whole.get(layer)!;
    return { gram: new Float64Array(channels * channels), mean: new Float64Array(channels), count: 0 };
  });
  const cut = pictureTensor(windows.size);
  const program = await compile({ outputs, ...plan.device });
  try {
    for (const window of windows.windows) {
      cutPlanes(style.data, style, window, windows.size, cut.data as Float32Array);
      const weights = layers.map((layer) => geometry.coreWeights(layer, window));
      const feeds = Object.fromEntries(weights.map((weight, i) => [`weights/${i}`, weight]));
      const results = await program.run({ picture: cut, ...feeds });
      for (const [i, sum] of sums.entries()) {
        addTo(sum.gram, results[`products/${i}`]);
        addTo(sum.mean, results[`totals/${i}`]);
        sum.count += (weights[i].data as Float32Array).reduce((a, b) => a + b, 0);
      }
    }
  } finally {
    await program.release();
  }
  return new Map(
    layers.map((layer, i) => {
      const { gram, mean, count } = sums[i];
      return [layer, statisticsOf(gram, mean, count, plan.recipe.comparison === "relative")];
    }),
  );
}

function statisticsOf(
  products: Float64Array,
  totals: Float64Array,
  count: number,
  centred: boolean,
): MeasuredStatistics {
  const channels = totals.length;
  const mean = Float32Array.from(totals, (total) => total / count);
  const gram = Float32Array.from(products, (product, k) => {
    const raw = product / count;
    if (!centred) return raw;
    return raw - (totals[Math.floor(k / channels)] / count) * (totals[k % channels] / count);
  });
  return { channels, gram, mean };
}

/** The content's feature maps, measured window by window. */
export async function measureContent(
  plan: CostPlan,
  content: Planes,
  windows: WindowPlan,
): Promise<Map<string, ContentTarget>> {
  const layers = [...contentLayers(plan).keys()];
  if (layers.length === 0) return new Map();
  const graph = new Graph();
  const picture = graph.input("picture", [1, 3, windows.size.height, windows.size.width]);
  const maps = featureMaps(plan, picture, layers);
  const geometry = new LayerGeometry(plan, content, windows.size, layers);
  const targets = new Map(
    [...geometry.whole].map(([layer, { channels, width, height }]) => [
      layer,
      { channels, width, height, data: new Float32Array(channels * width * height) },
    ]),
  );
  const cut = pictureTensor(windows.size);
  const program = await compile({ outputs: Object.fromEntries(maps), ...plan.device });
  try {
    for (const window of windows.windows) {
      cutPlanes(content.data, content, window, windows.size, cut.data as Float32Array);
      const results = await program.run({ picture: cut });
      for (const [layer, target] of targets) {
        pasteCore(
          results[layer],
          geometry.coreWeights(layer, window),
          geometry.placeOf(layer, window),
          target,
        );
      }
    }
  } finally {
    await program.release();
  }
  return new Map(
    [...targets].map(([layer, target]) => [layer, { ...target, variance: meanVariance(target) }]),
  );
}

/** Copies the elements of a window's map for which the window answers. */
function pasteCore(
  map: Tensor,
  core: Tensor,
  place: { x: number; y: number },
  target: PictureSize & { channels: number; data: Float32Array },
): void {
  const [, channels, height, width] = map.shape;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!core.data[y * width + x]) continue;
      const to = (place.y + y) * target.width + place.x + x;
      for (let c = 0; c < channels; c++)
        target.data[c * target.width * target.height + to] = Number(map.data[(c * height + y) * width + x]);
    }
  }
}

function meanVariance({ channels, data }: { channels: number; data: Float32Array }): number {
  const size = data.length / channels;
  let variances = 0;
  for (let c = 0; c < channels; c++) {
    let [sum, squares] = [0, 0];
    for (let i = c * size; i < (c + 1) * size; i++) {
      sum += data[i];
      squares += data[i] * data[i];
    }
    variances += Math.max(0, squares / size - (sum / size) ** 2);
  }
  return Math.max(1e-8, variances / channels);
}

/** Room for a window's pixels. */
export function pictureTensor({ width, height }: PictureSize): Tensor {
  return tensor(new Float32Array(3 * width * height), [1, 3, height, width]);
}

/** Adds a result to a sum of results. */
export function addTo(sum: Float64Array, { data }: Tensor): void {
  for (let i = 0; i < sum.length; i++) sum[i] += Number(data[i]);
}
