export { contentCost, squaredDifference } from "./content-cost.ts";
export {
  gramMatrix,
  type LayerStatistics,
  type LayerSums,
  layerStatistics,
  layerSums,
} from "./gram-matrix.ts";
export { type CostRecipe, costRecipes, recipeNamed } from "./recipes.ts";
export { relativeStyleCost, type StatisticsSizes, statisticsSizes, styleCost } from "./style-cost.ts";
export { totalVariation } from "./total-variation.ts";
