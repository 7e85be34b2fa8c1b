import { FoveaError } from "../../core/index.ts";
import type { Layer } from "./layers.ts";

/** Which units of a layer: so many, spread over it; a list; or all. */
export type UnitChoice = number | readonly number[] | "all";

/**
 * The units of a layer that are shown.
 * @param alive whether a unit answers to anything; of a number of units only such are taken, where there are enough
 * @throws FoveaError `unit-range`
 */
export function chooseUnits(
  { name, units }: Pick<Layer, "name" | "units">,
  choice: UnitChoice,
  alive: (unit: number) => boolean = () => true,
): number[] {
  const all = Array.from({ length: units }, (_, i) => i);
  if (choice === "all") return all;
  const isSome = typeof choice === "number" ? Number.isInteger(choice) && choice > 0 : choice.length > 0;
  if (!isSome) {
    throw new FoveaError(
      "unit-range",
      `Of layer "${name}" no unit would be shown with \`units\` (=${typeof choice === "number" ? choice : "[]"}); give a whole number of at least 1, a list of some, or "all".`,
    );
  }
  if (typeof choice === "number") {
    const living = all.filter(alive);
    const from = living.length >= Math.min(choice, units) ? living : all;
    if (choice >= from.length) return from;
    return Array.from({ length: choice }, (_, i) => from[Math.floor(((i + 0.5) * from.length) / choice)]);
  }
  const outside = choice.find((unit) => !Number.isInteger(unit) || unit < 0 || unit >= units);
  if (outside === undefined) return [...new Set(choice)];
  throw new FoveaError(
    "unit-range",
    `Layer "${name}" has no unit ${outside}: its ${units} units are numbered from 0 to ${units - 1}.`,
  );
}
