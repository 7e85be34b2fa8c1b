import { posix } from "node:path";
import { FoveaError } from "../../core/index.ts";

/** How many groups names must make, and the share of the pictures that one may have, to be believed. */
const [LEAST_GROUPS, LARGEST_SHARE] = [5, 0.5];

/**
 * Whose picture each is: by the given pattern's first group in brackets, else by the name without its last number
 * (`Ada_Lovelace_12` is Ada_Lovelace's), where such names make groups; else each is its own.
 *
 * @param names of the pictures; one that stands there several times is one picture
 * @throws FoveaError `points-description` for a pattern that is none, or finds nothing
 */
export function groupsOf(names: readonly string[], pattern?: string): string[] {
  if (pattern !== undefined) return names.map((name) => matched(name, compiled(pattern)));
  const stemOf = (name: string) => posix.basename(name).replace(/[ _.-]*\d+$/, "") || name;
  const pictures = [...new Set(names)];
  const sizes = new Map<string, number>();
  for (const stem of pictures.map(stemOf)) sizes.set(stem, (sizes.get(stem) ?? 0) + 1);
  const largest = [...sizes.values()].reduce((most, size) => Math.max(most, size), 0);
  const makesGroups =
    sizes.size >= LEAST_GROUPS && sizes.size < pictures.length && largest <= LARGEST_SHARE * pictures.length;
  return makesGroups ? names.map(stemOf) : [...names];
}

function compiled(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch {
    throw new FoveaError("points-description", `\`group\` (=${pattern}) is no regular expression: mend it.`);
  }
}

function matched(name: string, pattern: RegExp): string {
  const found = pattern.exec(name) ?? pattern.exec(posix.basename(name));
  if (found) return found[1] ?? found[0];
  throw new FoveaError(
    "points-description",
    `\`group\` (=${pattern.source}) finds nothing in the name \`${name}\`: it must tell whose picture each is.`,
  );
}
