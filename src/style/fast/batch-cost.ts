import { tensor } from "../../core/index.ts";
import {
  add,
  div,
  matmul,
  mul,
  reduceMean,
  reduceSumSquare,
  reshape,
  sub,
  transposeLast,
  type Value,
} from "../../graph/index.ts";
import { statisticsSizes, totalVariation } from "../cost/index.ts";
import {
  type CostPlan,
  contentLayers,
  featureMaps,
  type MeasuredStatistics,
  styleLayers,
} from "../optimize/index.ts";

/** J of a batch, and its parts, scalars: means over the pictures. */
export interface BatchCost {
  cost: Value;
  content: Value;
  style: Value;
  variation: Value;
}

/**
 * The relative cost of a batch of pictures, each with its own statistics.
 *
 * @param painted,content `[N, 3, H, W]` in 0…1: what was made, and what it shall show
 * @param targets the style's statistics by layer
 */
export function batchCost(
  plan: CostPlan,
  painted: Value,
  content: Value,
  targets: ReadonlyMap<string, MeasuredStatistics>,
): BatchCost {
  const { graph } = painted;
  const { recipe } = plan;
  const style = styleLayers(plan);
  const shown = contentLayers(plan);
  const maps = featureMaps(plan, painted, new Set([...style.keys(), ...shown.keys()]));
  const wanted = featureMaps(plan, content, shown.keys());
  const [count] = painted.dims;
  const sum = (terms: readonly Value[], weight: number) =>
    terms.length > 0 ? mul(terms.reduce(add), weight) : graph.scalar(0);
  const styleTerms = [...style].map(([layer, weight]) =>
    mul(styleTerm(maps.get(layer)!, targets.get(layer)!), weight / count),
  );
  const contentTerms = [...shown].map(([layer, weight]) =>
    mul(contentTerm(maps.get(layer)!, wanted.get(layer)!), weight),
  );
  const parts = {
    content: sum(contentTerms, recipe.contentWeight),
    style: sum(styleTerms, recipe.styleWeight),
    variation:
      recipe.tvWeight > 0
        ? mul(totalVariation(painted), recipe.tvWeight / painted.dims.reduce((a, b) => a * b, 1))
        : graph.scalar(0),
  };
  return { cost: add(add(parts.content, parts.style), parts.variation), ...parts };
}

/** Σ over pictures of ‖ΔG‖² / ‖G‖² + ‖Δμ‖² / ‖μ‖². */
function styleTerm(map: Value, { channels, gram, mean }: MeasuredStatistics): Value {
  const { graph } = map;
  const [count, , height, width] = map.dims;
  const rows = reshape(map, [count, channels, height * width]);
  const means = reduceMean(rows, [2]);
  const products = mul(matmul(rows, transposeLast(rows)), 1 / (height * width));
  const covariance = sub(products, matmul(means, transposeLast(means)));
  const sizes = statisticsSizes(gram, mean);
  const relative = (found: Value, target: Float32Array, shape: readonly number[], size: number) => {
    const difference = sub(found, graph.constant(tensor(target, shape)));
    return mul(reduceSumSquare(difference, undefined, false), 1 / size);
  };
  return add(
    relative(covariance, gram, [1, channels, channels], sizes.gram),
    relative(means, mean, [1, channels, 1], sizes.mean),
  );
}

/** Mean squared difference by the content's own variance. */
function contentTerm(map: Value, target: Value): Value {
  const size = map.dims.reduce((a, b) => a * b, 1);
  const means = reduceMean(target, [2, 3]);
  const variance = mul(reduceSumSquare(sub(target, means), undefined, false), 1 / size);
  const difference = mul(reduceSumSquare(sub(map, target), undefined, false), 1 / size);
  return div(difference, add(variance, 1e-8));
}
