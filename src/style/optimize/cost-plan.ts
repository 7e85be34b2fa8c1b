import type { Value } from "../../graph/index.ts";
import type { PictureSize } from "../../image/index.ts";
import type { DeviceOptions } from "../../runtime/index.ts";
import type { CostRecipe } from "../cost/index.ts";
import type { FeatureNet, LayerChoice } from "../net/index.ts";

/** What a cost is made of, whatever the picture. */
export interface CostPlan {
  net: FeatureNet;
  recipe: CostRecipe;
  layers: LayerChoice;
  device: DeviceOptions;
}

/** A part of the picture that follows a style, or a blend of styles. */
export interface Region {
  /** Share of the style cost; those of all regions add up to 1. */
  share: number;
  /** The statistics to reach, by layer. */
  targets: ReadonlyMap<string, MeasuredStatistics>;
  /** How much each pixel belongs to it, 0…1, `[height, width]`; everything where left out. */
  mask?: Float32Array;
}

/** Means over positions of a layer's channels, and of their products. */
export interface MeasuredStatistics {
  channels: number;
  /** `[channels, channels]`. */
  gram: Float32Array;
  /** `[channels]`. */
  mean: Float32Array;
}

/** A feature map of the content, which the picture shall have too. */
export interface ContentTarget extends PictureSize {
  /** `[1, channels, height, width]`. */
  data: Float32Array;
  channels: number;
  /** Mean over channels of their variance over positions. */
  variance: number;
}

/** What a picture of one size is to come near to. */
export interface Targets {
  size: PictureSize;
  regions: readonly Region[];
  content: ReadonlyMap<string, ContentTarget>;
}

/** Name of the pseudo-layer of style that is the pixels themselves. */
export const PIXELS = "pixels";

/** Style layers and their λ, with the pixels where the recipe counts them; shares that add up to 1. */
export function styleLayers({ recipe, layers }: Pick<CostPlan, "recipe" | "layers">): Map<string, number> {
  const all = layers.style.map(({ name, weight }): [string, number] => [name, weight]);
  if (recipe.paletteWeight > 0) all.push([PIXELS, recipe.paletteWeight]);
  return shares(all);
}

/** Content layers and their shares; none where the content does not count. */
export function contentLayers({ recipe, layers }: Pick<CostPlan, "recipe" | "layers">): Map<string, number> {
  if (recipe.contentWeight === 0) return new Map();
  return shares(layers.content.map(({ name, weight }): [string, number] => [name, weight]));
}

/** Weights above 0 as shares of their sum, by name; a layer that is named twice has both of its weights. */
function shares(weights: readonly [string, number][]): Map<string, number> {
  const counted = new Map<string, number>();
  for (const [name, weight] of weights) if (weight > 0) counted.set(name, (counted.get(name) ?? 0) + weight);
  const total = [...counted.values()].reduce((sum, weight) => sum + weight, 0);
  return new Map([...counted].map(([name, weight]) => [name, weight / total]));
}

/** The feature maps of a picture `[1, 3, H, W]` in 0…1 by layer names, pixels included. */
export function featureMaps(plan: CostPlan, picture: Value, names: Iterable<string>): Map<string, Value> {
  const wanted = [...names];
  const ofNet = wanted.filter((name) => name !== PIXELS);
  const maps = plan.net.maps(picture, ofNet, plan.recipe.averagePooling);
  if (wanted.includes(PIXELS)) maps.set(PIXELS, picture);
  return maps;
}
