import { requireRange } from "../../core/index.ts";
import { type Picture, type PictureSize, requirePicture } from "../../image/index.ts";
import { type ColourSpace, toPlanes } from "./colour-spaces.ts";
import { smooth } from "./gaussian.ts";
import { type PixelEdges, sortedEdges } from "./pixel-edges.ts";

/** How a picture is segmented. */
export interface SegmentOptions {
  /** Scale of observation, > 0: a larger one makes larger segments. Default 100. */
  k?: number;
  /** Smoothing before, in pixels, ≥ 0. Default 0.8. */
  sigma?: number;
  /** Segments of fewer pixels are joined to a neighbour. Default: k, rounded. */
  minSize?: number;
  /** Default "rgb". */
  space?: ColourSpace;
}

/** A picture cut into connected segments. */
export interface Segmentation {
  readonly width: number;
  readonly height: number;
  /** Number of segments. */
  readonly count: number;
  /** The segment of each pixel, `[height × width]`; numbered from 0 in the order of their first pixels. */
  readonly labels: Int32Array;
  /** Pairs of neighbouring segments `[a, b, a, b, …]`, a < b, each once. */
  readonly neighbours: Int32Array;
}

/** The smoothing of Felzenszwalb & Huttenlocher, §4: invisible, and enough against digitisation artefacts. */
export const SIGMA = 0.8;

/**
 * Graph-based segmentation (Felzenszwalb & Huttenlocher 2004): pixels are nodes, edges to the 8 neighbours weigh as
 * much as their colours differ. By rising weight, an edge joins two components if it weighs no more than the
 * largest edge within either plus k over its number of pixels (their eqs. 3 and 4).
 *
 * @throws FoveaError `argument-range` where an option is out of its range, `picture-size`
 */
export function segmentPicture(picture: Picture, options: SegmentOptions = {}): Segmentation {
  requirePicture(picture);
  const { k = 100, sigma = SIGMA, space = "rgb" } = options;
  const { minSize = Math.round(k) } = options;
  requireRange("segmentPicture", "k", k, k > 0 && Number.isFinite(k), "a number > 0");
  requireRange("segmentPicture", "sigma", sigma, sigma >= 0 && sigma <= 100, "a number from 0 to 100");
  requireRange("segmentPicture", "minSize", minSize, minSize >= 0, "a number ≥ 0");
  const edges = sortedEdges(smooth(toPlanes(picture, space), sigma));
  return segmentEdges(edges, picture, k, minSize);
}

/** The segmentation of a picture whose edges are known. */
export function segmentEdges(
  edges: PixelEdges,
  { width, height }: PictureSize,
  k: number,
  minSize: number,
): Segmentation {
  const { from, to, weights } = edges;
  const pixels = width * height;
  const parents = new Int32Array(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) parents[pixel] = pixel;
  const sizes = new Int32Array(pixels).fill(1);
  const limits = new Float64Array(pixels).fill(k); // Int(C) + k / |C|
  const apart = new Int32Array(from.length); // edges that joined nothing
  let count = 0;
  for (let e = 0; e < from.length; e++) {
    if (parents[from[e]] === parents[to[e]]) continue; // mostly, and cheaper than finding the roots
    const a = find(parents, from[e]);
    const b = find(parents, to[e]);
    if (a === b) continue;
    const weight = weights[e];
    if (weight <= limits[a] && weight <= limits[b]) {
      const root = join(parents, sizes, a, b);
      limits[root] = weight + k / sizes[root];
    } else {
      apart[count++] = e;
    }
  }
  const remaining = apart.subarray(0, count);
  for (const e of remaining) {
    const a = find(parents, from[e]);
    const b = find(parents, to[e]);
    if (a !== b && (sizes[a] < minSize || sizes[b] < minSize)) join(parents, sizes, a, b);
  }
  const segments = numberSegments(parents);
  return { width, height, ...segments, neighbours: pairsOf(segments, edges, remaining) };
}

/** The root of a pixel's component; the way there is halved for the next time. */
function find(parents: Int32Array, start: number): number {
  let pixel = start;
  while (parents[pixel] !== pixel) {
    parents[pixel] = parents[parents[pixel]];
    pixel = parents[pixel];
  }
  return pixel;
}

/** Joins two components; the larger one's root stays. */
function join(parents: Int32Array, sizes: Int32Array, a: number, b: number): number {
  const [root, child] = sizes[a] >= sizes[b] ? [a, b] : [b, a];
  parents[child] = root;
  sizes[root] += sizes[child];
  return root;
}

/** The components, numbered by their first pixels. */
function numberSegments(parents: Int32Array): { labels: Int32Array; count: number } {
  const labels = new Int32Array(parents.length);
  const numbers = new Int32Array(labels.length).fill(-1);
  let count = 0;
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const root = find(parents, pixel);
    if (numbers[root] < 0) numbers[root] = count++;
    labels[pixel] = numbers[root];
  }
  return { labels, count };
}

/** The pairs of segments that edges lead between, each once. */
function pairsOf(
  { labels, count }: Pick<Segmentation, "labels" | "count">,
  { from, to }: PixelEdges,
  edges: Int32Array,
): Int32Array {
  const starts = new Int32Array(count + 1); // pairs by their lower segment, lists end to end
  const between = edges.filter((e) => labels[from[e]] !== labels[to[e]]);
  for (const e of between) starts[Math.min(labels[from[e]], labels[to[e]]) + 1]++;
  for (let i = 0; i < count; i++) starts[i + 1] += starts[i];
  const uppers = new Int32Array(between.length);
  const next = starts.slice();
  for (const e of between) {
    const [a, b] = [labels[from[e]], labels[to[e]]];
    uppers[next[Math.min(a, b)]++] = Math.max(a, b);
  }
  const seen = new Int32Array(count).fill(-1);
  const pairs: number[] = [];
  for (let a = 0; a < count; a++) {
    for (let i = starts[a]; i < starts[a + 1]; i++) {
      const b = uppers[i];
      if (seen[b] === a) continue;
      seen[b] = a;
      pairs.push(a, b);
    }
  }
  return Int32Array.from(pairs);
}
