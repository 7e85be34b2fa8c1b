import { PairQueue } from "./pair-queue.ts";
import type { RegionFeatures } from "./region-features.ts";
import { comparison, type Similarity, unite } from "./similarity.ts";

/** Regions of a picture from segments to the whole. */
export interface RegionTree {
  /** Number of segments n; there are 2n − 1 regions, segments first, then each union after its parts. */
  readonly segments: number;
  /** Corners in pixels `[2n − 1, 4]`. */
  readonly boxes: Int32Array;
  /** Pixels of each region `[2n − 1]`. */
  readonly sizes: Int32Array;
  /** The two parts of each union `[n − 1, 2]`. */
  readonly parts: Int32Array;
}

/**
 * Hierarchical grouping (Uijlings et al. 2013, algorithm 1): the two most alike neighbours become one region, until
 * the whole picture is one.
 *
 * @param features of the segments; what grouping adds is written behind them
 * @param neighbours pairs of segments `[a, b, …]`; all must hang together
 */
export function groupRegions(
  features: RegionFeatures,
  neighbours: Int32Array,
  pixels: number,
  similarities: readonly Similarity[],
): RegionTree {
  const { count, sizes, boxes } = features;
  const compare = comparison(features, pixels, similarities);
  const histograms = similarities.includes("colour") || similarities.includes("texture");
  const total = 2 * count - 1;
  const lists = neighbourLists(count, neighbours);
  const owners = Int32Array.from({ length: total }, (_, i) => i); // the union that a region went into
  const seen = new Int32Array(total).fill(-1);
  const parts = new Int32Array(2 * (count - 1));
  const queue = new PairQueue();
  for (let i = 0; i < neighbours.length; i += 2) {
    queue.push(neighbours[i], neighbours[i + 1], compare(neighbours[i], neighbours[i + 1]));
  }
  for (let made = count; made < total; ) {
    const [a, b] = queue.pop()!;
    if (owners[a] !== a || owners[b] !== b) continue; // one of them is part of a larger region by now
    owners[a] = made;
    owners[b] = made;
    parts.set([a, b], 2 * (made - count));
    unite(features, a, b, made, histograms);
    const around: number[] = [];
    seen[made] = made;
    for (const list of [lists[a], lists[b]]) {
      for (const member of list) {
        const neighbour = ownerOf(owners, member);
        if (seen[neighbour] === made) continue;
        seen[neighbour] = made;
        around.push(neighbour);
        queue.push(neighbour, made, compare(neighbour, made));
      }
    }
    lists[a] = lists[b] = nobody;
    lists[made++] = around;
  }
  return { segments: count, boxes: boxes.slice(), sizes: sizes.slice(), parts };
}

const nobody: readonly number[] = [];

function neighbourLists(count: number, pairs: Int32Array): (readonly number[])[] {
  const lists = Array.from({ length: count }, (): number[] => []);
  for (let i = 0; i < pairs.length; i += 2) {
    lists[pairs[i]].push(pairs[i + 1]);
    lists[pairs[i + 1]].push(pairs[i]);
  }
  return lists;
}

/** The largest region that a region is part of by now. */
function ownerOf(owners: Int32Array, start: number): number {
  let region = start;
  while (owners[region] !== region) {
    owners[region] = owners[owners[region]];
    region = owners[region];
  }
  return region;
}
