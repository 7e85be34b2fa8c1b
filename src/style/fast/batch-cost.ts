import { sizeOf, tensor } from "../../core/index.ts";
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
import { halved } from "../net/index.ts";
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
  light: Value;
}

/** So many times smaller are the pictures whose light is compared. */
const LIGHT_REDUCTION = 8;

/**
 * The relative cost of a batch of pictures, each with its own statistics, and how far light and dark have moved.
 *
 * Without the latter a net soon finds out that one blazing disc gives a whole picture a starry night's variance.
 *
 * @param painted,content `[N, 3, H, W]` in 0…1: what was made, and what it shall show
 * @param targets the style's statistics by layer
 * @param lightWeight what the mean squared difference of both, {@link LIGHT_REDUCTION} times smaller, counts, in
 *   units of the content's variance
 */
export function batchCost(
  plan: CostPlan,
  painted: Value,
  content: Value,
  targets: ReadonlyMap<string, MeasuredStatistics>,
  lightWeight: number,
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
        ? mul(totalVariation(painted), recipe.tvWeight / sizeOf(painted.dims))
        : graph.scalar(0),
    light: mul(lightTerm(painted, content), lightWeight),
  };
  return { cost: sum(Object.values(parts), 1), ...parts };
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

/** Mean squared difference of both without what is smaller than some pixels, by the content's own variance. */
function lightTerm(painted: Value, content: Value): Value {
  return div(meanSquare(sub(reduced(painted), reduced(content))), add(variance(content), 1e-4));
}

function reduced(pictures: Value): Value {
  let small = pictures;
  for (let by = 1; by < LIGHT_REDUCTION; by *= 2) small = halved(small);
  return small;
}

/** Mean squared difference by the content's own variance. */
function contentTerm(map: Value, target: Value): Value {
  return div(meanSquare(sub(map, target)), add(variance(target), 1e-8));
}

/** Mean over pictures and channels of the variance over positions. */
function variance(maps: Value): Value {
  return meanSquare(sub(maps, reduceMean(maps, [2, 3])));
}

function meanSquare(x: Value): Value {
  return mul(reduceSumSquare(x, undefined, false), 1 / sizeOf(x.dims));
}
