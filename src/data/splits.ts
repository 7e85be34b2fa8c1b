import { groupBy, Random } from "../core/index.ts";
import type { DetectionDataset, SplitName } from "./dataset.ts";

/** What has a name that is unique in its data set. */
interface Named {
  readonly id: string;
}

export interface SplitOptions {
  /** Splits that the data set's files define. */
  declared: ReadonlySet<SplitName>;
  /** The split that files put a sample in, by id. */
  splitOf: ReadonlyMap<string, SplitName>;
  /** Groups of samples that must not be torn apart by chance; a sample may be in several. */
  together: readonly (readonly Named[])[];
  seed: number;
  /** Share of the drawn samples that goes to `val`, in [0, 1). */
  valFraction: number;
}

/**
 * Puts samples into splits, each sorted by id.
 *
 * Files come first; what they leave open is settled so: where they define neither `train` nor `val`, the
 * samples that are not in `test` are drawn into both; where they define `train` but not `val`, `val` is drawn
 * from `train` and `test` stays untouched; where they define `val` but not `train`, `train` is the rest.
 *
 * Who is drawn depends on the seed and the ids, not on the order of files, and hardly on the other samples:
 * each id has a rank by the seed, and the lowest ranks go to `val`.
 */
export function assignSplits<Sample extends Named>(
  samples: readonly Sample[],
  options: SplitOptions,
): { splits: Record<SplitName, Sample[]>; splitSource: DetectionDataset["splitSource"] } {
  const { declared, splitOf, seed, valFraction } = options;
  const sorted = [...samples].sort((a, b) => (a.id < b.id ? -1 : 1));
  const of = (split: SplitName) => sorted.filter(({ id }) => (splitOf.get(id) ?? "train") === split);
  const splits = { train: of("train"), val: of("val"), test: of("test") };
  if (declared.has("val")) return { splits, splitSource: "files" };

  const pool = sorted.filter(({ id }) => splitOf.get(id) !== "test");
  if (pool.length === 0) return { splits, splitSource: "files" };
  const drawn = drawVal(pool, options);
  return {
    splits: {
      train: pool.filter(({ id }) => !drawn.has(id)),
      val: pool.filter(({ id }) => drawn.has(id)),
      test: splits.test,
    },
    splitSource: { seed, valFraction },
  };
}

/** The ids of the samples drawn for `val`. */
function drawVal(pool: readonly Named[], { together, seed, valFraction }: SplitOptions): Set<string> {
  return new Set(
    drawShare(pool, { leaders: leadersOf(together), seed, share: valFraction }).map(({ id }) => id),
  );
}

/** How a share is drawn. */
export interface ShareOptions {
  /** What the groups of members are called that are drawn together, by member (see {@link leadersOf}). */
  leaders: ReadonlyMap<string, string>;
  seed: number;
  /** In [0, 1). */
  share: number;
}

/**
 * Draws a share of members, at least one unless it is 0, and never all: whole groups, those of the lowest ranks that there
 * is room for. Where none fits, it is the smallest group, unless it is the only one.
 */
export function drawShare<Member extends Named>(
  members: readonly Member[],
  { leaders, seed, share }: ShareOptions,
): Member[] {
  const wanted = share === 0 ? 0 : Math.max(1, Math.round(members.length * share));
  const count = Math.min(members.length - 1, wanted);
  const nameOf = ({ id }: Named) => leaders.get(id) ?? id;
  const ranked = groupBy(members, nameOf).map((group) => ({ group, rank: rankOf(nameOf(group[0]), seed) }));
  ranked.sort((a, b) => a.rank - b.rank || (a.group[0].id < b.group[0].id ? -1 : 1));
  const drawn: Member[] = [];
  for (const { group } of ranked) {
    if (drawn.length + group.length <= count) for (const member of group) drawn.push(member);
  }
  if (drawn.length > 0 || count === 0 || ranked.length < 2) return drawn;
  return ranked.reduce((least, other) => (other.group.length < least.group.length ? other : least)).group;
}

/** For each id in a group the least one of its group; groups that share an id are one. */
export function leadersOf(groups: readonly (readonly Named[])[]): Map<string, string> {
  const above = new Map<string, string>();
  const topOf = (id: string) => {
    let top = id;
    for (let next = above.get(top); next !== undefined && next !== top; next = above.get(top)) top = next;
    return top;
  };
  for (const group of groups) {
    const tops = [...new Set(group.map(({ id }) => topOf(id)))].sort();
    for (const top of tops) above.set(top, tops[0]);
  }
  return new Map([...above.keys()].map((id) => [id, topOf(id)]));
}

/** A number in [0, 1) that a seed gives to a name. */
function rankOf(name: string, seed: number): number {
  return new Random(seed, ...Array.from(name, (character) => character.codePointAt(0)!)).next();
}
