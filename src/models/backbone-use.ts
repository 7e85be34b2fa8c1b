import { FoveaError, type Tensor } from "../core/index.ts";
import { Backbone } from "./backbone.ts";
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

/** What worked best on small sets (docs/RESULTS.md). */
export const usualBackboneUse: Omit<BackboneUse, "source"> = { rate: 0.5, frozenShare: 0.03 };

/**
 * A backbone's values under the names that they have in a net whose trunk stands at `path`.
 * @throws FoveaError `backbone-differs` where the net has another trunk; what {@link Backbone.load} throws
 */
export async function trunkValues(source: string, path: string, trunk: Trunk): Promise<Map<string, Tensor>> {
  const backbone = await Backbone.load(source);
  if (JSON.stringify(backbone.trunk) !== JSON.stringify(trunk)) {
    throw new FoveaError(
      "backbone-differs",
      `Backbone "${backbone.name}" has another trunk than the net; choose the --model that it was trained as.`,
    );
  }
  return backbone.valuesAt(path);
}
