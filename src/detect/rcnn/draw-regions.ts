import { tensor } from "../../core/index.ts";
import {
  add,
  and,
  argMax,
  cast,
  concat,
  div,
  gather,
  greater,
  greaterOrEqual,
  less,
  maximum,
  minimum,
  mul,
  reduceMax,
  reduceSum,
  relu,
  reshape,
  slice,
  sub,
  topK,
  transpose,
  type Value,
  where,
} from "../../graph/index.ts";
import { encodeInGraph, headWeights } from "./box-coder.ts";
import { headMatching } from "./match.ts";
import { headSampling } from "./sample.ts";
import type { Regions } from "./select-regions.ts";

/** A picture's objects; rows of zeros fill up. */
export interface PictureObjects {
  /** Corners in input pixels `[G, 4]`. */
  boxes: Value;
  /** One-hot `[G, 1 + classes]`, the background first. */
  labels: Value;
}

/** Regions of a picture that the heads learn from; always as many. */
export interface DrawnRegions {
  /** `[R, 4]`. */
  boxes: Value;
  /** One-hot `[R, 1 + classes]`; rows of zeros only fill up. */
  labels: Value;
  /** Codes of the objects `[R, 4]`; 0 where a region is background. */
  targets: Value;
}

/**
 * Matches proposals with objects and draws those that learn, as nodes: `matchBoxes` and `sampleBoxes` of what exists
 * only inside of a step. The objects themselves are candidates, too (torchvision does the same): at first, no proposal
 * meets one. Where positives are missing, their places stay empty.
 *
 * @param random `[P + G]`, uniform in [0, 1)
 */
export function drawRegions(regions: Regions, objects: PictureObjects, random: Value): DrawnRegions {
  const { graph } = random;
  const candidates = concat([regions.boxes, objects.boxes], 0); // [M, 4]
  const present = reduceSum(objects.labels, [1], false); // [G]
  const valid = greater(concat([regions.valid, present], 0), 0);
  const overlaps = iouOf(candidates, objects.boxes); // [M, G]
  const best = reduceMax(overlaps, [1], false);
  const owners = argMax(overlaps, 1);
  const positive = and(valid, greaterOrEqual(best, headMatching.high));
  const negative = and(valid, less(best, headMatching.low));
  const positives = Math.floor(headSampling.count * headSampling.positiveShare);
  const [first, second] = [
    draw(positive, random, positives),
    draw(negative, random, headSampling.count - positives),
  ];
  const indices = concat([first.indices, second.indices], 0);
  const drawn = (list: Value) => reshape(list, [-1, 1]);
  const boxes = gather(candidates, indices, 0);
  const own = (x: Value) => gather(x, gather(owners, indices, 0), 0);
  const isPositive = concat([first.drawn, mul(second.drawn, 0)], 0); // [R]
  const background = graph.constant(oneHotBackground(objects.labels.dims[1]));
  const labels = add(
    mul(own(objects.labels), drawn(isPositive)),
    mul(background, drawn(concat([mul(first.drawn, 0), second.drawn], 0))),
  );
  const codes = encodeInGraph(own(objects.boxes), boxes, headWeights);
  return { boxes, labels, targets: where(greater(drawn(isPositive), 0), codes, 0) };
}

/** So many of the fitting ones at random, or all candidates where there are fewer; `drawn` is 0 where too few fit. */
function draw(fits: Value, random: Value, count: number): { indices: Value; drawn: Value } {
  const ranks = where(fits, add(random, 1), 0);
  const most = Math.min(count, fits.dims[0]);
  const { values, indices } = topK(ranks, random.graph.integers([most]), 0);
  return { indices, drawn: cast(greater(values, 0), "float32") };
}

function oneHotBackground(size: number) {
  return tensor(
    Array.from({ length: size }, (_, i) => (i === 0 ? 1 : 0)),
    [1, size],
  );
}

/** IoU of boxes `[M, 4]` and `[G, 4]`, `[M, G]`; 0 with boxes of no size. */
function iouOf(a: Value, b: Value): Value {
  const column = (at: number) => slice(a, 1, at, at + 1); // [M, 1]
  const row = (at: number) => transpose(slice(b, 1, at, at + 1), [1, 0]); // [1, G]
  const area = (of: (at: number) => Value) => mul(sub(of(2), of(0)), sub(of(3), of(1)));
  const shared = (low: number, high: number) =>
    relu(sub(minimum(column(high), row(high)), maximum(column(low), row(low))));
  const intersection = mul(shared(0, 2), shared(1, 3));
  return div(intersection, maximum(sub(add(area(column), area(row)), intersection), 1e-6));
}
