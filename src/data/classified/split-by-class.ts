import type { SplitName } from "../dataset.ts";
import { rankOf } from "../splits.ts";

/**
 * Puts examples into splits. Declared ones stay; where no `val` is declared it is drawn from `train`, from each
 * class its share (stratified), at least one where a class has two. Who is drawn depends on the seed and the ids.
 */
export function splitByClass<E extends { id: string; classIndex: number }>(
  examples: readonly (E & { split?: SplitName })[],
  { seed, valFraction }: { seed: number; valFraction: number },
): { splits: Record<SplitName, E[]>; drawn: boolean } {
  const of = (split: SplitName) => examples.filter((example) => (example.split ?? "train") === split);
  const splits: Record<SplitName, E[]> = { train: of("train"), val: of("val"), test: of("test") };
  if (splits.val.length > 0 || valFraction === 0) return { splits, drawn: false };
  const byClass = new Map<number, E[]>();
  for (const example of splits.train) {
    const members = byClass.get(example.classIndex);
    if (members) members.push(example);
    else byClass.set(example.classIndex, [example]);
  }
  const val = new Set(
    [...byClass.values()].flatMap((members) => {
      const count = Math.min(members.length - 1, Math.max(1, Math.round(members.length * valFraction)));
      const ranked = members.map((member) => ({ member, rank: rankOf(member.id, seed) }));
      ranked.sort((a, b) => a.rank - b.rank || (a.member.id < b.member.id ? -1 : 1));
      return ranked.slice(0, count).map(({ member }) => member);
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
