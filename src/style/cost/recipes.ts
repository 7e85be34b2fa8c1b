import { FoveaError } from "../../core/index.ts";

/** How the parts of the cost are made and weighed. */
export interface CostRecipe {
  /**
   * How a layer's statistics are compared: "relative", by the target's own size, of centred Gram matrices and means;
   * "textbook", by equations 1 and 4 of Gatys et al. (2016), Gram matrices per position.
   */
  comparison: "relative" | "textbook";
  /** α. */
  contentWeight: number;
  /** β. */
  styleWeight: number;
  /** Weight of the mean squared difference between neighbouring pixels. */
  tvWeight: number;
  /** Weight, as one more style layer, of the pixels' own statistics, which hold the palette. */
  paletteWeight: number;
  /** Gives the content the style's mean and deviation of each colour before anything else. */
  matchColors: boolean;
  /** Means in place of maxima between the net's stages: smoother, and strokes join to larger shapes. */
  averagePooling: boolean;
}

/** The recipes by name. */
export const costRecipes: Readonly<Record<string, CostRecipe>> = {
  fovea: {
    comparison: "relative",
    contentWeight: 0.05,
    styleWeight: 1,
    tvWeight: 6,
    paletteWeight: 1,
    matchColors: true,
    averagePooling: true,
  },
  gatys: {
    comparison: "textbook",
    contentWeight: 1,
    styleWeight: 1e8,
    tvWeight: 0,
    paletteWeight: 0,
    matchColors: false,
    averagePooling: false,
  },
};

/** A recipe by its name; throws `recipe-unknown`. */
export function recipeNamed(name: string): CostRecipe {
  if (Object.hasOwn(costRecipes, name)) return costRecipes[name];
  throw new FoveaError(
    "recipe-unknown",
    `Recipe "${name}" is not known; choose one of ${Object.keys(costRecipes).join(", ")}.`,
  );
}
