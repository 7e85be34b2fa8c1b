import { type CostRecipe, recipeNamed } from "./cost/index.ts";
import { openFeatureNet } from "./net/index.ts";
import type { CostPlan } from "./optimize/index.ts";
import type { CostOptions } from "./options.ts";

/**
 * The net, and what of it is compared how.
 * @throws FoveaError `backbone-unknown`, `backbone-no-convolution`, `layer-unknown`, `recipe-unknown`, …
 */
export async function planCost(options: CostOptions): Promise<CostPlan> {
  const recipe: CostRecipe = { ...recipeNamed(options.recipe ?? "fovea") };
  for (const key of Object.keys(recipe) as (keyof CostRecipe)[]) {
    if (options[key] !== undefined) Object.assign(recipe, { [key]: options[key] });
  }
  const net = await openFeatureNet(options.backbone ?? "fovea-plain", options);
  const usual = net.usualLayers(recipe.comparison === "textbook" ? 1 : 2);
  const { styleLayers = usual.style, contentLayers = usual.content } = options;
  for (const { name } of [...styleLayers, ...contentLayers]) net.find(name); // tells of a wrong name before any work
  const { device, threads } = options;
  return {
    net,
    recipe,
    layers: { style: styleLayers, content: contentLayers },
    device: { device, threads },
  };
}
