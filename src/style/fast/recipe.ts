import { FoveaError, requireRange, requireWhole } from "../../core/index.ts";
import { batchSizeOf } from "../../train/index.ts";
import type { CostRecipe } from "../cost/index.ts";
import type { LayerWeight } from "../net/index.ts";
import type { CostOptions } from "../options.ts";

/** Everything that decides how a painter is trained, but for the pictures. */
export interface PainterRecipe {
  /** File name of the style. */
  style: string;
  /** Channels at full resolution. */
  width: number;
  /** Side of the squares that it learns from, in pixels. */
  size: number;
  /** Longer side of the style, in pixels. */
  styleSize: number;
  batchSize: number;
  seed: number;
  learningRate: number;
  warmUpSteps: number;
  averageDecay: number;
  clipNorm: number;
  backbone: string;
  pixels?: string;
  cost: CostRecipe;
  /** What counts that light and dark stay in their places. */
  lightWeight: number;
  styleLayers: readonly LayerWeight[];
  contentLayers: readonly LayerWeight[];
}

/** What may be chosen. */
export interface PainterRecipeOptions extends CostOptions {
  /** Channels at full resolution; default 16, which paints 512 pixels in well under half a second. */
  width?: number;
  /** Side of the squares that it learns from; default 256. */
  size?: number;
  /** Strokes relative to the squares: 1 shows the style as large as these; default 1.5. */
  styleScale?: number;
  /** Default 1: many steps serve better than smooth ones. */
  batchSize?: number;
  /** Default 2e-3. */
  learningRate?: number;
  /** What counts that light and dark stay in their places, ≥ 0; default 0.4. */
  lightWeight?: number;
  seed?: number;
}

/** The net whose features are compared: it has seen larger pictures than ours, hence larger strokes. */
export const PAINTERS_BACKBONE = "coco";

/** The recipe for a style; throws `argument-range`. */
export function makePainterRecipe(
  style: string,
  cost: CostRecipe,
  layers: { style: readonly LayerWeight[]; content: readonly LayerWeight[] },
  options: PainterRecipeOptions,
): PainterRecipe {
  const { size = 256, width = 16, styleScale = 1.5, lightWeight = 0.4, seed = 0 } = options;
  const require = (name: string, value: number, fits: boolean, range: string) =>
    requireRange("trainStyle", name, value, fits, range);
  const isSize = Number.isInteger(size) && size >= 64 && size % 32 === 0;
  require("size", size, isSize, "a multiple of 32 and at least 64");
  requireWhole("trainStyle", "width", width, 1);
  require("styleScale", styleScale, styleScale >= 0.05 && styleScale <= 20, "a number from 0.05 to 20");
  require("lightWeight", lightWeight, lightWeight >= 0 && Number.isFinite(lightWeight), "0 or more");
  if (cost.comparison !== "relative") {
    throw new FoveaError(
      "argument-range",
      `trainStyle: a painter learns the relative cost only; leave the recipe "fovea", and change its weights.`,
    );
  }
  return {
    style,
    width,
    size,
    styleSize: Math.round(size * styleScale),
    batchSize: batchSizeOf(options, 1),
    seed,
    learningRate: options.learningRate ?? 2e-3,
    warmUpSteps: 50,
    averageDecay: 0.995,
    clipNorm: 10,
    backbone: options.backbone ?? PAINTERS_BACKBONE,
    ...(options.pixels !== undefined && { pixels: options.pixels }),
    cost,
    lightWeight,
    styleLayers: layers.style,
    contentLayers: layers.content,
  };
}
