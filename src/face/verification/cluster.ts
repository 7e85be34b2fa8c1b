import { FoveaError } from "../../core/index.ts";
import { encodingDistance } from "../encoder.ts";

/** Most faces that are grouped at once: their distances take 800 MB. */
export const MOST_CLUSTERED = 20_000;

/**
 * Groups encodings by person: average-linkage agglomerative clustering. At first each face is a group of its own; the two
 * groups with the least mean distance of their faces are joined, again and again, as long as that is at most the cut. Found
 * by chains of nearest neighbours (Murtagh 1983) in O(n²) time, with the means updated by Lance & Williams' formula; the
 * same input gives the same groups.
 *
 * @param encodings all of one length
 * @param cut mean distance up to which groups are joined
 * @returns the group of each encoding, 0 …: the largest group is 0, of equally large ones that of the earlier face first
 * @throws FoveaError `faces-too-many` for more than {@link MOST_CLUSTERED}, `argument-range`
 */
export function clusterEncodings(encodings: readonly Float32Array[], cut: number): number[] {
  requireClusterable(encodings.length);
  if (!(cut >= 0)) {
    throw new FoveaError(
      "argument-range",
      `clusterEncodings: \`cut\` (=${cut}) must be a distance of at least 0.`,
    );
  }
  const groups = new Groups(encodings);
  const chain: number[] = [];
  for (let start = groups.nextOpen(0); start >= 0; start = groups.nextOpen(start)) {
    chain.push(start);
    while (chain.length > 0) {
      const last = chain[chain.length - 1];
      const before = chain[chain.length - 2];
      const nearest = groups.nearestOf(last, before);
      if (nearest === undefined || groups.distance(last, nearest) > cut) {
        // Distances only grow by joining others: nobody will ever be near enough.
        groups.close(last);
        chain.pop();
      } else if (nearest === before) {
        chain.length -= 2;
        groups.join(before, last);
      } else {
        chain.push(nearest);
      }
    }
  }
  return bySize(groups.owners());
}

/**
 * Refuses more faces than memory holds the distances of; those who collect them ask early.
 * @throws FoveaError `faces-too-many`
 */
export function requireClusterable(count: number): void {
  if (count <= MOST_CLUSTERED) return;
  const [given, most] = [count, MOST_CLUSTERED].map((n) => n.toLocaleString("en-US"));
  throw new FoveaError(
    "faces-too-many",
    `${given} faces or more are too many to be grouped at once: group at most ${most}, for example folder by folder.`,
  );
}

/** Groups under construction. Each is called by one of its faces. */
class Groups {
  readonly #count: number;
  /** Mean distances of two groups, the strict lower triangle row by row. */
  readonly #distances: Float32Array;
  readonly #sizes: Float64Array;
  readonly #open: Uint8Array;
  /** The face whose group each face's joined. */
  readonly #parents: Int32Array;

  constructor(encodings: readonly Float32Array[]) {
    const n = encodings.length;
    this.#count = n;
    this.#distances = new Float32Array((n * (n - 1)) / 2);
    this.#sizes = new Float64Array(n).fill(1);
    this.#open = new Uint8Array(n).fill(1);
    this.#parents = Int32Array.from({ length: n }, (_, i) => i);
    let at = 0;
    for (let i = 1; i < n; i++) {
      for (let j = 0; j < i; j++) this.#distances[at++] = encodingDistance(encodings[i], encodings[j]);
    }
  }

  /** The first group that may still grow, from a face on; −1 where there is none. */
  nextOpen(from: number): number {
    return this.#open.indexOf(1, from);
  }

  distance(a: number, b: number): number {
    return this.#distances[place(a, b)];
  }

  /** The nearest open group; of equally near ones `preferred`, so that chains end, else the first. */
  nearestOf(group: number, preferred: number | undefined): number | undefined {
    let best = preferred;
    let least = preferred === undefined ? Number.POSITIVE_INFINITY : this.distance(group, preferred);
    for (let other = 0; other < this.#count; other++) {
      if (this.#open[other] === 0 || other === group) continue;
      const distance = this.distance(group, other);
      if (distance >= least) continue;
      least = distance;
      best = other;
    }
    return best;
  }

  /** Takes a group as it is out of the search. */
  close(group: number): void {
    this.#open[group] = 0;
  }

  /** Joins the second group to the first. */
  join(a: number, b: number): void {
    const [sizeA, sizeB] = [this.#sizes[a], this.#sizes[b]];
    this.close(b);
    this.#parents[b] = a;
    this.#sizes[a] = sizeA + sizeB;
    for (let other = 0; other < this.#count; other++) {
      if (this.#open[other] === 0 || other === a) continue;
      const mean = (sizeA * this.distance(a, other) + sizeB * this.distance(b, other)) / (sizeA + sizeB);
      this.#distances[place(a, other)] = mean;
    }
  }

  /** For each face the one that its group is called by. */
  owners(): number[] {
    return Array.from(this.#parents, (parent) => {
      let owner = parent;
      while (this.#parents[owner] !== owner) owner = this.#parents[owner];
      return owner;
    });
  }
}

function place(a: number, b: number): number {
  return a > b ? (a * (a - 1)) / 2 + b : (b * (b - 1)) / 2 + a;
}

/** Numbers groups by falling size. */
function bySize(owners: readonly number[]): number[] {
  const sizes = new Map<number, number>();
  for (const owner of owners) sizes.set(owner, (sizes.get(owner) ?? 0) + 1);
  // Maps keep the order of insertion, sorts that of equals: of equally large groups the earlier face's comes first.
  const order = [...sizes.keys()].sort((a, b) => sizes.get(b)! - sizes.get(a)!);
  const numbers = new Map(order.map((owner, i) => [owner, i]));
  return owners.map((owner) => numbers.get(owner)!);
}
