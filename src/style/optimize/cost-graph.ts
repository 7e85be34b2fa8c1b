import { tensor } from "../../core/index.ts";
import { add, type Graph, mul, type Value } from "../../graph/index.ts";
import {
  type LayerSums,
  layerStatistics,
  layerSums,
  relativeStyleCost,
  squaredDifference,
  statisticsSizes,
  styleCost,
  totalVariation,
} from "../cost/index.ts";
import {
  type CostPlan,
  contentLayers,
  featureMaps,
  type MeasuredStatistics,
  styleLayers,
  type Targets,
} from "./cost-plan.ts";

/** Names of a cost's inputs and sums. */
export const names = {
  weights: (region: number, layer: string): string => `weights/${region}/${layer}`,
  products: (region: number, layer: string): string => `products/${region}/${layer}`,
  totals: (region: number, layer: string): string => `totals/${region}/${layer}`,
  contentTarget: (layer: string): string => `content/target/${layer}`,
  contentCore: (layer: string): string => `content/core/${layer}`,
  content: (layer: string): string => `content/${layer}`,
  pixelCore: "pixels/core",
  tv: "pixels/variation",
} as const;

/** Which positions are summed. */
export interface SumOptions {
  /** Whether a region's positions have weights. */
  weighted: (region: number) => boolean;
  /** Whether only the positions of a window's core count, for content and variation. */
  inParts: boolean;
}

/**
 * All sums over a picture's positions that its cost is made of, as nodes of its graph. They are additive: of a picture
 * cut into windows they may be computed one window at a time. Weights and content targets become inputs.
 */
export function pictureSums(
  picture: Value,
  plan: CostPlan,
  { regions, content }: Pick<Targets, "regions" | "content">,
  { weighted, inParts }: SumOptions,
): Record<string, Value> {
  const { graph } = picture;
  const style = styleLayers(plan);
  const maps = featureMaps(plan, picture, new Set([...style.keys(), ...content.keys()]));
  const sums: Record<string, Value> = {};
  for (const region of regions.keys()) {
    for (const layer of style.keys()) {
      const map = maps.get(layer)!;
      const weights = weighted(region) ? mapInput(graph, names.weights(region, layer), map) : undefined;
      const { products, totals } = layerSums(map, weights);
      sums[names.products(region, layer)] = products;
      sums[names.totals(region, layer)] = totals;
    }
  }
  for (const layer of content.keys()) {
    const map = maps.get(layer)!;
    const target = graph.input(names.contentTarget(layer), map.dims);
    const core = inParts ? mapInput(graph, names.contentCore(layer), map) : undefined;
    sums[names.content(layer)] = squaredDifference(map, target, core);
  }
  if (plan.recipe.tvWeight > 0) {
    const core = inParts ? mapInput(graph, names.pixelCore, picture) : undefined;
    sums[names.tv] = totalVariation(picture, core);
  }
  return sums;
}

/** A weight for each position of a map. */
function mapInput(graph: Graph, name: string, { dims: [, , height, width] }: Value): Value {
  return graph.input(name, [1, 1, height, width]);
}

/** J and its parts, each with its weight in it. */
export interface CostParts<T> {
  cost: T;
  content: T;
  style: T;
  variation: T;
}

/**
 * J = α·J_content + β·J_style + variation from a picture's sums.
 *
 * @param counts Σ of the weights of each region's positions, by {@link names.weights}
 */
export function costOfSums(
  sums: Readonly<Record<string, Value>>,
  plan: CostPlan,
  targets: Targets,
  counts: ReadonlyMap<string, number>,
): CostParts<Value> {
  const [{ graph }] = Object.values(sums);
  const { recipe } = plan;
  const isTextbook = recipe.comparison === "textbook";
  const total = (terms: readonly Value[], weight: number) =>
    terms.length > 0 && weight > 0 ? mul(terms.reduce(add), weight) : graph.scalar(0);
  const styleTerms = targets.regions.flatMap(({ share, targets: wanted }, region) =>
    [...styleLayers(plan)].map(([layer, weight]) => {
      const ofLayer: LayerSums = {
        products: sums[names.products(region, layer)],
        totals: sums[names.totals(region, layer)],
      };
      const found = layerStatistics(ofLayer, counts.get(names.weights(region, layer))!, !isTextbook);
      const { gram, mean } = wanted.get(layer)!;
      const target = constants(graph, wanted.get(layer)!);
      const cost = isTextbook
        ? styleCost(found.gram, target.gram, 1)
        : relativeStyleCost(found, target, statisticsSizes(gram, mean));
      return mul(cost, weight * share);
    }),
  );
  const contentTerms = [...contentLayers(plan)].map(([layer, weight]) => {
    const { data, variance } = targets.content.get(layer)!;
    const factor = isTextbook ? 0.5 : 1 / (data.length * variance);
    return mul(sums[names.content(layer)], weight * factor);
  });
  const content = total(contentTerms, recipe.contentWeight);
  const style = total(styleTerms, recipe.styleWeight);
  const tv = sums[names.tv];
  const pixels = 3 * targets.size.width * targets.size.height;
  const variation = total(tv ? [tv] : [], recipe.tvWeight / pixels);
  return { cost: add(add(content, style), variation), content, style, variation };
}

function constants(graph: Graph, { channels, gram, mean }: MeasuredStatistics) {
  return {
    gram: graph.constant(tensor(gram, [channels, channels])),
    mean: graph.constant(tensor(mean, [channels, 1])),
  };
}
