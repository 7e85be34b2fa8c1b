import { posix } from "node:path";
import { FoveaError } from "../../core/index.ts";

/** How many groups names must make, and the share of the pictures that one may have, to be believed. */
const [LEAST_GROUPS, LARGEST_SHARE] = [5, 0.5];

/**
 * Whose picture each is: by the given pattern's first group in brackets, else by the name without its last number
 * (`Ada_Lovelace_12` is Ada_Lovelace's), where such names make groups; else each is its own.
 *
 * @param ids names of the pictures
 * @throws FoveaError `points-description` for a pattern that is none, or finds nothing
 */
export function groupsOf(ids: readonly string[], pattern?: string): string[] {
  if (pattern !== undefined) return ids.map((id) => matched(id, compiled(pattern)));
  const stems = ids.map((id) => posix.basename(id).replace(/[ _.-]*\d+$/, "") || id);
  const sizes = new Map<string, number>();
  for (const stem of stems) sizes.set(stem, (sizes.get(stem) ?? 0) + 1);
  const largest = [...sizes.values()].reduce((most, size) => Math.max(most, size), 0);
  const makesGroups =
    sizes.size >= LEAST_GROUPS && sizes.size < ids.length && largest <= LARGEST_SHARE * ids.length;
  return makesGroups ? stems : [...ids];
}

function compiled(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch {
    throw new FoveaError("points-description", `\`group\` (=${pattern}) is no regular expression: mend it.`);
  }
}

function matched(id: string, pattern: RegExp): string {
  const found = pattern.exec(id) ?? pattern.exec(posix.basename(id));
  if (found) return found[1] ?? found[0];
  throw new FoveaError(
    "points-description",
    `\`group\` (=${pattern.source}) finds nothing in the name \`${id}\`: it must tell whose picture each is.`,
  );
}
