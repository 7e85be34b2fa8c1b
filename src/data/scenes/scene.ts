import { FoveaError } from "../../core/index.ts";
import type { Picture } from "../../image/index.ts";
import type { LabelledBox } from "../dataset.ts";
import { composeScene, type SceneOptions } from "./compose.ts";
import { photograph } from "./photograph.ts";
import { sceneSvg } from "./render.ts";

/** A generated picture and what is in it. */
export interface Scene {
  picture: Picture;
  /** Boxes of all objects; `classIndex` counts in `sceneClasses`. */
  boxes: LabelledBox[];
}

/**
 * Draws a street scene with pedestrians, cars and motorcycles, and exact boxes.
 *
 * A box is the tight box of the object's part in the picture, including what nearer things hide. A rider belongs
 * to his motorcycle, a hat or bag to its pedestrian; shadows and the glow of lamps belong to nothing. At
 * least 30 % of every object's surface is visible.
 *
 * A scene depends on `options` and `index` only: index 7 is the same whether or not 0–6 were made, and
 * whatever fonts the machine has.
 *
 * @param index Whole number ≥ 0.
 * @throws `scene-option`
 */
export function generateScene(index: number, options: SceneOptions = {}): Scene {
  const composition = composeScene(index, completeOptions(index, options));
  const picture = photograph(sceneSvg(composition), composition.random);
  return { picture, boxes: composition.boxes };
}

/** Fills in the defaults and checks the ranges. */
export function completeOptions(index: number, options: SceneOptions): Required<SceneOptions> {
  const { seed = 0, width = 320, height = 256, maxObjects = 8, minHeight = 0, emptyShare = 0.05 } = options;
  requireWhole("index", index, 0);
  requireWhole("seed", seed, 0);
  requireWhole("width", width, 64, 8192);
  requireWhole("height", height, 64, 8192);
  requireWhole("maxObjects", maxObjects, 0);
  requireShare("emptyShare", emptyShare, 1);
  requireShare("minHeight", minHeight, 0.5);
  return { seed, width, height, maxObjects, minHeight, emptyShare };
}

function requireShare(name: string, value: number, most: number): void {
  if (value >= 0 && value <= most) return;
  throw new FoveaError(
    "scene-option",
    `generateScene: \`${name}\` (=${value}) must be between 0 and ${most}.`,
  );
}

function requireWhole(name: string, value: number, least: number, most = 2 ** 31 - 1): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new FoveaError(
    "scene-option",
    `generateScene: \`${name}\` (=${value}) must be a whole number from ${least} to ${most}.`,
  );
}
