import { groupBy } from "../../core/index.ts";
import type { SplitName } from "../dataset.ts";
import { leadersOf, rankOf } from "../splits.ts";

/** How `val` is drawn. */
export interface DrawOptions {
  seed: number;
  /** Share of each class, in [0, 1). */
  valFraction: number;
  /** Groups of examples of which those of one class must not be torn apart by chance. */
  together: readonly (readonly { id: string }[])[];
}

/**
 * Puts examples into splits. Declared ones stay; where no `val` is declared it is drawn from `train`, from each
 * class its share (stratified), at least one where a class has two. Who is drawn depends on the seed and the ids.
 */
export function splitByClass<E extends { id: string; classIndex: number }>(
  examples: readonly (E & { split?: SplitName })[],
  { seed, valFraction, together }: DrawOptions,
): { splits: Record<SplitName, E[]>; drawn: boolean } {
  const of = (split: SplitName) => examples.filter((example) => (example.split ?? "train") === split);
  const splits: Record<SplitName, E[]> = { train: of("train"), val: of("val"), test: of("test") };
  if (splits.val.length > 0 || valFraction === 0) return { splits, drawn: false };
  const leaders = leadersOf(together);
  const val = new Set(
    groupBy(splits.train, ({ classIndex }) => classIndex).flatMap((members) => {
      const count = Math.min(members.length - 1, Math.max(1, Math.round(members.length * valFraction)));
      const groups = groupBy(members, ({ id }) => leaders.get(id) ?? id);
      return draw(groups, count, ([{ id }]) => rankOf(leaders.get(id) ?? id, seed));
    }),
  );
  return {
    splits: {
      train: splits.train.filter((example) => !val.has(example)),
      val: splits.train.filter((example) => val.has(example)),
      test: splits.test,
    },
    drawn: true,
  };
}

/**
 * The members of whole groups, those of the lowest ranks that `count` has room for. Where none fits, it is the smallest
 * group, unless it is the only one.
 */
function draw<E extends { id: string }>(
  groups: readonly E[][],
  count: number,
  rankOfGroup: (group: E[]) => number,
): E[] {
  const ranked = groups.map((members) => ({ members, rank: rankOfGroup(members) }));
  ranked.sort((a, b) => a.rank - b.rank || (a.members[0].id < b.members[0].id ? -1 : 1));
  const drawn: E[] = [];
  for (const { members } of ranked) {
    if (drawn.length + members.length <= count) for (const member of members) drawn.push(member);
  }
  if (drawn.length > 0 || count === 0 || ranked.length < 2) return drawn;
  return ranked.reduce((least, group) => (group.members.length < least.members.length ? group : least))
    .members;
}
