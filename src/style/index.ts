export {
  type CostRecipe,
  contentCost,
  costRecipes,
  gramMatrix,
  styleCost,
  totalVariation,
} from "./cost/index.ts";
export * from "./fast/index.ts";
export {
  chooseLayers,
  FeatureNet,
  type LayerChoice,
  type LayerWeight,
  openFeatureNet,
} from "./net/index.ts";
export type { PictureInput, StyleInput, StyleOptions, StyleProgress, StyleResult } from "./options.ts";
export { transferStyle } from "./transfer.ts";
