import { FoveaError, nearestNames } from "../../core/index.ts";

/**
 * The index of a class by its name, else by its number: a class that is called "1" goes before the class of that number.
 * @throws FoveaError `class-unknown`, with the nearest names, or the numbers that there are
 */
export function classIndexOf(asked: string, classes: readonly string[] | undefined, count: number): number {
  const names = classes ?? [];
  const exact = names.indexOf(asked);
  if (exact >= 0) return exact;
  const loose = names.findIndex((name) => name.toLowerCase().split(", ").includes(asked.toLowerCase()));
  if (loose >= 0) return loose;
  const isNumber = /^\d+$/.test(asked);
  if (isNumber && Number(asked) < count) return Number(asked);
  const numbers = `give a number from 0 to ${count - 1}.`;
  const near = nearestNames(asked, names).map((name) => `"${name}"`);
  const byName =
    names.length > 0 ? `did you mean ${near.join(", ")}?` : `its classes have no names; ${numbers}`;
  const remedy = isNumber ? numbers : byName;
  throw new FoveaError("class-unknown", `The net knows no class "${asked}": ${remedy}`);
}
