import { FoveaError } from "../../core/index.ts";

/** A closed range `[low, high]` that a value is drawn from. */
export type FactorRange = readonly [low: number, high: number];

/** The defaults, with the given values in their place; `undefined` counts as not given. */
export function fillIn<Options extends object>(defaults: Options, given: Partial<Options>): Options {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(set) };
}

/** Throws `augment-invalid` unless low ≤ value ≤ high. */
export function requireWithin(name: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high) return;
  throw new FoveaError(
    "augment-invalid",
    `Augmentation: \`${name}\` (=${value}) must be within ${low} … ${high}.`,
  );
}

/** Throws `augment-invalid` unless smallest ≤ low ≤ high ≤ largest. */
export function requireRange(name: string, range: FactorRange, smallest: number, largest: number): void {
  const [low, high] = range;
  if (low >= smallest && low <= high && high <= largest) return;
  throw new FoveaError(
    "augment-invalid",
    `Augmentation: \`${name}\` (=[${range}]) must be a range [low, high] within ${smallest} … ${largest}.`,
  );
}

/** Throws `augment-invalid` unless the value is one of the choices. */
export function requireChoice(name: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  throw new FoveaError(
    "augment-invalid",
    `Augmentation: \`${name}\` (="${value}") must be one of ${choices.map((choice) => `"${choice}"`).join(", ")}.`,
  );
}
