import { FoveaError, mean, median, type Random, requireWhole } from "../core/index.ts";
import { type BoxShape, shapeIou } from "./iou.ts";

/** Anchor shapes chosen for a data set. */
export interface AnchorClusters {
  /** k shapes by ascending area, in the unit of the given shapes. */
  anchors: BoxShape[];
  /** Mean over the shapes of the IoU with their best anchor, in [0, 1]: the figure to compare choices by. */
  meanBestIou: number;
  /** Index of each shape's best anchor, [N]. */
  assignments: Int32Array;
}

/** How k-means searches. */
export interface AnchorOptions {
  /** Draws the seeds. */
  random: Random;
  /** Number of independent searches, of which the best counts. Default 5. */
  restarts?: number;
  /** Most iterations of one search. Default 100. */
  maxIterations?: number;
}

/**
 * Chooses k anchor shapes by k-means over box shapes with distance 1 − IoU (Redmon & Farhadi 2017). Seeds
 * are drawn as in k-means++ (Arthur & Vassilvitskii 2007); each restart is run with the mean and with the
 * median of a cluster as its centre, because neither is the true minimiser of 1 − IoU, and the anchors with
 * the highest mean best IoU of all are returned.
 *
 * @param shapes widths and heights > 0 in any unit, [N]
 * @throws FoveaError `anchor-count` if k is no whole number ≥ 1 or exceeds the number of distinct shapes,
 *   `shape-not-positive`, `argument-range`
 */
export function kMeansAnchors(
  shapes: readonly BoxShape[],
  k: number,
  options: AnchorOptions,
): AnchorClusters {
  const { random, restarts = 5, maxIterations = 100 } = options;
  requireShapes(shapes, k);
  requireWhole("kMeansAnchors", "restarts", restarts, 1);
  requireWhole("kMeansAnchors", "maxIterations", maxIterations, 0);
  let best: Clustering | undefined;
  for (let restart = 0; restart < restarts; restart++) {
    const seeds = drawSeeds(shapes, k, random);
    for (const centre of [mean, median]) {
      const found = cluster(shapes, seeds, centre, maxIterations);
      if (best === undefined || found.meanBestIou > best.meanBestIou) best = found;
    }
  }
  const anchors = best!.anchors.toSorted((a, b) => a[0] * a[1] - b[0] * b[1] || a[0] - b[0]);
  return { anchors, ...assign(shapes, anchors) };
}

/**
 * Index of the anchor whose shape has the highest IoU with the given one; of equal ones the first.
 *
 * @throws FoveaError `anchor-count` if there are no anchors
 */
export function assignAnchor(shape: BoxShape, anchors: readonly BoxShape[]): number {
  if (anchors.length === 0) {
    throw new FoveaError("anchor-count", "assignAnchor: `anchors` is empty; give at least one shape.");
  }
  let best = 0;
  let bestIou = -1;
  for (let i = 0; i < anchors.length; i++) {
    const overlap = shapeIou(shape, anchors[i]);
    if (overlap > bestIou) {
      best = i;
      bestIou = overlap;
    }
  }
  return best;
}

interface Assignment {
  assignments: Int32Array;
  meanBestIou: number;
}

interface Clustering extends Assignment {
  anchors: readonly BoxShape[];
}

/** Lloyd's iteration. IoU is no metric that a mean minimises, so the best round counts, not the last. */
function cluster(
  shapes: readonly BoxShape[],
  seeds: readonly BoxShape[],
  centre: (values: Float64Array) => number,
  maxIterations: number,
): Clustering {
  let current: Clustering = { anchors: seeds, ...assign(shapes, seeds) };
  let best = current;
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const anchors = moveAnchors(shapes, current, centre);
    const next = { anchors, ...assign(shapes, anchors) };
    if (next.meanBestIou > best.meanBestIou) best = next;
    if (next.assignments.every((anchor, i) => anchor === current.assignments[i])) break;
    current = next;
  }
  return best;
}

/** Gives every shape its best anchor. */
function assign(shapes: readonly BoxShape[], anchors: readonly BoxShape[]): Assignment {
  const assignments = new Int32Array(shapes.length);
  let sum = 0;
  for (let i = 0; i < shapes.length; i++) {
    assignments[i] = assignAnchor(shapes[i], anchors);
    sum += shapeIou(shapes[i], anchors[assignments[i]]);
  }
  return { assignments, meanBestIou: sum / shapes.length };
}

/** Moves every anchor to the centre of its shapes; one without any goes to the worst covered shape. */
function moveAnchors(
  shapes: readonly BoxShape[],
  { anchors, assignments }: Clustering,
  centre: (values: Float64Array) => number,
): BoxShape[] {
  const members: BoxShape[][] = anchors.map(() => []);
  for (let i = 0; i < shapes.length; i++) members[assignments[i]].push(shapes[i]);
  return members.map((cluster) =>
    cluster.length === 0
      ? worstCovered(shapes, anchors)
      : [
          centre(Float64Array.from(cluster, ([width]) => width)),
          centre(Float64Array.from(cluster, ([, height]) => height)),
        ],
  );
}

/** The shape whose best anchor fits worst. */
function worstCovered(shapes: readonly BoxShape[], anchors: readonly BoxShape[]): BoxShape {
  let worst = shapes[0];
  let worstIou = Number.POSITIVE_INFINITY;
  for (const shape of shapes) {
    const overlap = shapeIou(shape, anchors[assignAnchor(shape, anchors)]);
    if (overlap < worstIou) {
      worst = shape;
      worstIou = overlap;
    }
  }
  return worst;
}

/** The first seed is any shape; each further one is drawn in proportion to its squared distance 1 − IoU. */
function drawSeeds(shapes: readonly BoxShape[], k: number, random: Random): BoxShape[] {
  const seeds = [random.pick(shapes)];
  const distances = Float64Array.from(shapes, () => 1);
  while (seeds.length < k) {
    const newest = seeds[seeds.length - 1];
    let total = 0;
    for (let i = 0; i < shapes.length; i++) {
      distances[i] = Math.min(distances[i], 1 - shapeIou(shapes[i], newest));
      total += distances[i] ** 2;
    }
    seeds.push(shapes[drawIndex(distances, random.next() * total)]);
  }
  return seeds;
}

/** Where the running sum of squares passes `target`; never an entry that is zero. */
function drawIndex(distances: Float64Array, target: number): number {
  let sum = 0;
  let last = 0;
  for (let i = 0; i < distances.length; i++) {
    if (distances[i] === 0) continue;
    last = i;
    sum += distances[i] ** 2;
    if (sum > target) break;
  }
  return last;
}

function requireShapes(shapes: readonly BoxShape[], k: number): void {
  for (let i = 0; i < shapes.length; i++) {
    const [width, height] = shapes[i];
    if (width > 0 && height > 0 && Number.isFinite(width * height)) continue;
    throw new FoveaError(
      "shape-not-positive",
      `kMeansAnchors: shape ${i} is ${width} × ${height}; widths and heights must be positive numbers.`,
    );
  }
  const distinct = new Set(shapes.map(([width, height]) => `${width} ${height}`)).size;
  if (Number.isInteger(k) && k >= 1 && k <= distinct) return;
  throw new FoveaError(
    "anchor-count",
    `kMeansAnchors: \`k\` (=${k}) must be a whole number from 1 to the number of distinct shapes (=${distinct}).`,
  );
}
