import { FoveaError, nearestNames } from "../../core/index.ts";

/**
 * The index of a class by its name, or by its number where the net has no names.
 * @throws FoveaError `class-unknown`, with the nearest names
 */
export function classIndexOf(asked: string, classes: readonly string[] | undefined, count: number): number {
  const names = classes ?? [];
  const exact = names.indexOf(asked);
  if (exact >= 0) return exact;
  const loose = names.findIndex((name) => name.toLowerCase().split(", ").includes(asked.toLowerCase()));
  if (loose >= 0) return loose;
  const number = Number(asked);
  if (/^\d+$/.test(asked) && number < count) return number;
  const remedy = names.length
    ? `did you mean ${nearestNames(asked, names)
        .map((name) => `"${name}"`)
        .join(", ")}?`
    : `the net has no names for its classes; give a number from 0 to ${count - 1}.`;
  throw new FoveaError("class-unknown", `The net knows no class "${asked}": ${remedy}`);
}
