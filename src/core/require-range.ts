import { FoveaError } from "./errors.ts";

/**
 * Throws `argument-range` unless an option's value fits.
 *
 * @param caller how the message begins, for example "nms"
 * @param range what the value must be, for example "a whole number ≥ 1"
 */
export function requireRange(
  caller: string,
  name: string,
  value: unknown,
  fits: boolean,
  range: string,
): void {
  if (fits) return;
  throw new FoveaError("argument-range", `${caller}: \`${name}\` (=${value}) must be ${range}.`);
}

/** Throws `argument-range` unless a number is whole and at least `least`. */
export function requireWhole(caller: string, name: string, value: number, least: number): void {
  requireRange(
    caller,
    name,
    value,
    Number.isInteger(value) && value >= least,
    `a whole number of at least ${least}`,
  );
}
