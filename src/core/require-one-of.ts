import { FoveaError } from "./errors.ts";

/**
 * Throws `argument-range` unless a name is one of those that there are.
 * @param what how the message calls the thing that is named, for example "Loss"
 */
export function requireOneOf(what: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  throw new FoveaError(
    "argument-range",
    `${what} "${name}" is not known; choose one of ${names.join(", ")}.`,
  );
}
