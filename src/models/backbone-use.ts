import { FoveaError, type Tensor } from "../core/index.ts";
import { Backbone, shippedBackbones } from "./backbone.ts";
import { backboneTrunks } from "./backbones.ts";
import type { Trunk } from "./trunks/index.ts";

/** How a net learns on from a trained trunk. */
export interface BackboneUse {
  /** Name of a shipped backbone, or a file. */
  source: string;
  /** Factor on the trunk's learning rate; not 1, by which the trunk is told from the new parts. */
  rate: number;
  /** Share of the training, at its beginning, in which only the new parts learn. */
  frozenShare: number;
}

/**
 * What worked best on small sets (docs/RESULTS.md). A trunk without norms is soon spoilt by large steps, and by those
 * that a new head asks for.
 */
export function usualBackboneUse({ family }: Trunk): Omit<BackboneUse, "source"> {
  return family === "mobile" ? { rate: 0.05, frozenShare: 0.08 } : { rate: 0.5, frozenShare: 0.03 };
}

/** What says that a net shall learn from nothing. */
export const NO_BACKBONE = "none";

/**
 * The backbone to start from: the one that is named, or the one that ships for the net, where learning on from it is
 * measurably better (docs/RESULTS.md); undefined for none.
 *
 * @param model the net's name, where one was named; "nano" otherwise
 */
export async function chosenBackbone(
  backbone: string | undefined,
  model: string = "nano",
): Promise<string | undefined> {
  if (backbone !== undefined) return backbone === NO_BACKBONE ? undefined : backbone;
  const shipped = `fovea-${model}`;
  return (await shippedBackbones()).includes(shipped) ? shipped : undefined;
}

/** Name of the trunk that a backbone was trained as, see {@link backboneTrunks}; undefined for one of another make. */
export async function trunkNameOf(source: string): Promise<string | undefined> {
  const { trunk } = await Backbone.load(source);
  return Object.keys(backboneTrunks).find((name) => isSameTrunk(backboneTrunks[name], trunk));
}

/**
 * The backbone to start from, see {@link chosenBackbone}, and the net to train: the one that is named, or the one that the
 * backbone was trained as.
 */
export async function chosenStart(choice: {
  backbone?: string;
  model?: string;
}): Promise<{ backbone: string | undefined; model: string | undefined }> {
  const backbone = await chosenBackbone(choice.backbone, choice.model);
  return { backbone, model: choice.model ?? (backbone && (await trunkNameOf(backbone))) };
}

/**
 * Refuses to train a trunk from nothing whose norms are folded.
 * @throws FoveaError `backbone-required`
 */
export function requireTrainable(
  model: string,
  trunk: Trunk | undefined,
  backbone: string | undefined,
): void {
  if (trunk?.family !== "mobile" || backbone) return;
  throw new FoveaError(
    "backbone-required",
    `Model "${model}" has no norms, so it cannot learn from nothing: give --backbone coco, or choose another model.`,
  );
}

function isSameTrunk(a: Trunk, b: Trunk): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * A backbone's values under the names that they have in a net whose trunk stands at `path`, and what widens its last
 * map at `wideningPath`, where there is one.
 * @throws FoveaError `backbone-differs` where the net has another trunk; what {@link Backbone.load} throws
 */
export async function trunkValues(
  source: string,
  trunk: Trunk,
  path: string,
  wideningPath?: string,
): Promise<Map<string, Tensor>> {
  const backbone = await Backbone.load(source);
  if (!isSameTrunk(backbone.trunk, trunk)) {
    throw new FoveaError(
      "backbone-differs",
      `Backbone "${backbone.name}" has another trunk than the net; choose the --model that it was trained as.`,
    );
  }
  const values = backbone.valuesAt(path);
  if (wideningPath)
    for (const [name, value] of backbone.widening) values.set(`${wideningPath}.${name}`, value);
  return values;
}
