import { FoveaError, requireRange } from "../core/index.ts";
import { type CostRecipe, recipeNamed } from "./cost/index.ts";
import { openFeatureNet } from "./net/index.ts";
import { type CostPlan, contentLayers, styleLayers } from "./optimize/index.ts";
import type { CostOptions } from "./options.ts";

/**
 * The net, and what of it is compared how.
 * @throws FoveaError `backbone-unknown`, `backbone-no-convolution`, `layer-unknown`, `recipe-unknown`, `argument-range`, …
 */
export async function planCost(options: CostOptions): Promise<CostPlan> {
  const recipe: CostRecipe = { ...recipeNamed(options.recipe ?? "fovea") };
  for (const key of Object.keys(recipe) as (keyof CostRecipe)[]) {
    if (options[key] !== undefined) Object.assign(recipe, { [key]: options[key] });
  }
  for (const key of ["contentWeight", "styleWeight", "tvWeight", "paletteWeight"] as const)
    requireWeight(key, recipe[key]);
  const net = await openFeatureNet(options.backbone ?? "fovea-plain", options);
  const usual = net.usualLayers(recipe.comparison === "textbook" ? 1 : 2);
  const layers = {
    style: options.styleLayers ?? usual.style,
    content: options.contentLayers ?? usual.content,
  };
  for (const { name, weight } of [...layers.style, ...layers.content]) {
    net.find(name); // tells of a wrong name before any work
    requireWeight(`weight of ${name}`, weight);
  }
  requirePart({ recipe, layers });
  const { device, threads } = options;
  return { net, recipe, layers, device: { device, threads } };
}

function requireWeight(name: string, weight: number): void {
  requireRange("Style", name, weight, weight >= 0 && weight <= 1e12, "a number from 0 to 1e12");
}

/** Refuses a cost that is the same for every picture. */
function requirePart(plan: Pick<CostPlan, "recipe" | "layers">): void {
  const { contentWeight, styleWeight, tvWeight } = plan.recipe;
  const counts =
    (contentWeight > 0 && contentLayers(plan).size > 0) ||
    (styleWeight > 0 && styleLayers(plan).size > 0) ||
    tvWeight > 0;
  if (counts) return;
  throw new FoveaError(
    "argument-range",
    "Style: any picture is as good as another, for content, style and variation each have weight 0 or only layers of weight 0; give one of them a weight above 0.",
  );
}
