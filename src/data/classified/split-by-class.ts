import { groupBy } from "../../core/index.ts";
import type { SplitName } from "../dataset.ts";
import { drawShare, leadersOf } from "../splits.ts";

/** How `val` is drawn. */
export interface SplitByClassOptions {
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
  { seed, valFraction, together }: SplitByClassOptions,
): { splits: Record<SplitName, E[]>; drawn: boolean } {
  const of = (split: SplitName) => examples.filter((example) => (example.split ?? "train") === split);
  const splits: Record<SplitName, E[]> = { train: of("train"), val: of("val"), test: of("test") };
  if (splits.val.length > 0 || valFraction === 0) return { splits, drawn: false };
  const leaders = leadersOf(together);
  const val = new Set(
    groupBy(splits.train, ({ classIndex }) => classIndex).flatMap((members) =>
      drawShare(members, { leaders, seed, share: valFraction }),
    ),
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
