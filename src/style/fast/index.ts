export type { PainterCard } from "./card.ts";
export { Painter, type PaintOptions } from "./painter.ts";
export type { PainterRecipe, PainterRecipeOptions } from "./recipe.ts";
export { type StyleRun, type TrainStyleOptions, trainStyle } from "./train.ts";
