import { FoveaError } from "../core/index.ts";

/** How well groups that were made fit those that are. Each in [0, 1]; NaN without items. */
export interface BCubed {
  /** Mean over the items of the share of their group that is of their kind. */
  precision: number;
  /** Mean over the items of the share of their kind that is in their group. */
  recall: number;
  /** Harmonic mean of both. */
  f1: number;
}

/**
 * B-cubed precision and recall of a grouping (Bagga & Baldwin 1998). Each item counts alike, so that a large group that
 * mixes two people weighs more than a small one (Amigó et al. 2009 compare it with other measures).
 *
 * @param groups the group that each item was put into, by any name
 * @param kinds what each item is
 * @throws FoveaError `groups-length`
 */
export function bCubed(groups: ArrayLike<number | string>, kinds: ArrayLike<number | string>): BCubed {
  if (groups.length !== kinds.length) {
    throw new FoveaError(
      "groups-length",
      `bCubed: \`groups\` has ${groups.length} items, \`kinds\` ${kinds.length}; give both for each item.`,
    );
  }
  const count = groups.length;
  const groupSizes = new Map<number | string, number>();
  const kindSizes = new Map<number | string, number>();
  const together = new Map<number | string, Map<number | string, number>>();
  const addTo = <K>(counts: Map<K, number>, key: K) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (let i = 0; i < count; i++) {
    addTo(groupSizes, groups[i]);
    addTo(kindSizes, kinds[i]);
    if (!together.has(groups[i])) together.set(groups[i], new Map());
    addTo(together.get(groups[i])!, kinds[i]);
  }
  let [precision, recall] = [0, 0];
  for (const [group, shares] of together) {
    for (const [kind, n] of shares) {
      precision += (n * n) / groupSizes.get(group)!;
      recall += (n * n) / kindSizes.get(kind)!;
    }
  }
  precision /= count;
  recall /= count;
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) };
}
