export {
  type CostRecipe,
  contentCost,
  costRecipes,
  gramMatrix,
  styleCost,
  totalVariation,
} from "./cost/index.ts";
export * from "./fast/index.ts";
export type { ChooseOptions } from "./net/choose-layers.ts";
export type { FeatureNetParts } from "./net/feature-net.ts";
export {
  chooseLayers,
  FeatureNet,
  type LayerChoice,
  type LayerWeight,
  openFeatureNet,
} from "./net/index.ts";
export type { Layer } from "./net/list-layers.ts";
export type { OpenNetOptions } from "./net/open-net.ts";
export type {
  CostOptions,
  PictureInput,
  StyleInput,
  StyleOptions,
  StyleProgress,
  StyleResult,
} from "./options.ts";
export { transferStyle } from "./transfer.ts";
