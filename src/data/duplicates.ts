import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { DetectionSample, Problem, SplitName } from "./dataset.ts";
import { mapParallel } from "./parallel.ts";
import { SPLIT_NAMES, SPLIT_PRECEDENCE } from "./split-names.ts";

/**
 * Groups of samples whose picture files are the same byte for byte, each of at least two. Only files of
 * equal length are read.
 */
export async function findCopies(samples: readonly DetectionSample[]): Promise<DetectionSample[][]> {
  const lengths = await mapParallel(samples, async ({ path }) => (await stat(path)).size);
  const suspects = groupBy(samples, (_, i) => lengths[i]).flat();
  const hashes = await mapParallel(suspects, async ({ path }) =>
    createHash("sha256")
      .update(await readFile(path))
      .digest("hex"),
  );
  return groupBy(suspects, (_, i) => hashes[i]);
}

/**
 * A `duplicate` problem for every picture that stands in one split and, byte for byte, in another that takes
 * precedence: what is measured on such a picture says nothing, because it was learnt by heart.
 */
export function reportLeaks(
  splits: Record<SplitName, readonly DetectionSample[]>,
  copies: readonly (readonly DetectionSample[])[],
): Problem[] {
  const splitOf = new Map(
    SPLIT_NAMES.flatMap((split) => splits[split].map(({ id }) => [id, split] as const)),
  );
  return copies.flatMap((group) => {
    const placed = group.flatMap((sample) => {
      const split = splitOf.get(sample.id);
      return split ? [{ sample, split }] : [];
    });
    const kept = SPLIT_PRECEDENCE.map((split) => placed.find((copy) => copy.split === split)).find(Boolean);
    return placed
      .filter(({ split }) => split !== kept?.split)
      .map(({ sample, split }): Problem => {
        const detail = `Picture \`${sample.id}\` of ${split} is, byte for byte, \`${kept!.sample.id}\` of ${kept!.split}: kept, but it leaks.`;
        return { kind: "duplicate", file: sample.path, detail };
      });
  });
}

function groupBy<T>(items: readonly T[], key: (item: T, index: number) => unknown): T[][] {
  const groups = new Map<unknown, T[]>();
  items.forEach((item, i) => {
    const group = groups.get(key(item, i));
    if (group) group.push(item);
    else groups.set(key(item, i), [item]);
  });
  return [...groups.values()].filter((group) => group.length > 1);
}
