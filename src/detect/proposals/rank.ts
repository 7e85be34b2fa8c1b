import { Random } from "../../core/index.ts";
import type { RegionTree } from "./group.ts";

/** Which of the ranked boxes are kept. */
export interface RankOptions {
  seed: number;
  /** At most so many. */
  most: number;
  /** Boxes with a shorter side, in pixels, are left out. */
  leastSide: number;
}

/**
 * The boxes of all regions, each once, best first (Uijlings et al. 2013, §3.3): the i-th largest region of a tree has
 * the rank i times a random number, so that large regions come early, but not those of all trees before the rest.
 * Of equal boxes the best rank counts: what many groupings find comes early.
 *
 * @returns corners in pixels `[N, 4]`
 */
export function rankBoxes(trees: readonly RegionTree[], options: RankOptions): Float32Array {
  const { seed, most, leastSide } = options;
  const ranks = trees.map(({ sizes }, tree) => {
    const random = new Random(seed, tree);
    return Float64Array.from(sizes, (_, region) => (sizes.length - region) * random.next());
  });
  const entries = trees.flatMap(({ sizes }, tree) =>
    Array.from(sizes, (_, region) => ({ tree, region, rank: ranks[tree][region] })),
  );
  entries.sort((a, b) => a.rank - b.rank);
  const kept: number[] = [];
  const seen = new Set<string>();
  for (const { tree, region } of entries) {
    if (kept.length >= 4 * most) break;
    const box = trees[tree].boxes.subarray(4 * region, 4 * region + 4);
    const [x1, y1, x2, y2] = box;
    if (x2 - x1 < leastSide || y2 - y1 < leastSide) continue;
    const key = box.join();
    if (seen.has(key)) continue;
    seen.add(key);
    kept.push(x1, y1, x2, y2);
  }
  return Float32Array.from(kept);
}
