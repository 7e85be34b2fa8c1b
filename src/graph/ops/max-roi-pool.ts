import { FoveaError, tensor } from "../../core/index.ts";
import type { Graph, Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { requireRank } from "../shape.ts";
import { add, div, mul, neg, sub } from "./arithmetic.ts";
import { and, greater, less, where } from "./comparison.ts";
import { gatherElements, scatterElements } from "./elements.ts";
import { clip, maximum, minimum } from "./extremum.ts";
import { gather } from "./gather.ts";
import { zeros } from "./reduction.ts";
import { reshape, transpose } from "./reshape.ts";
import { argMax } from "./selection.ts";
import { concat, slice } from "./slicing.ts";
import { abs, cast, floor, sign } from "./unary.ts";

/** What stands where a bin has no element: less than any that is one. */
const NOTHING = -3.4e38;

/**
 * RoIPool (Girshick 2015). Inputs: x `[N, C, H, W]`, regions `[R, 5]` (picture, corners). Output `[R, C, rows, columns]`
 * by `pooled_shape`: the largest element of each bin, 0 where a bin is empty. Corners are rounded to elements and both
 * count as inside. Bins overlap where a region's size is no multiple of theirs.
 */
export const MaxRoiPool: Operator = {
  opType: "MaxRoiPool",
  floats: ["spatial_scale"],
  infer({ inputs: [x, regions], attributes }) {
    requireRank("MaxRoiPool", "x", x!.shape, 4);
    requireRank("MaxRoiPool", "regions", regions!.shape, 2);
    const pooled = attributes.pooled_shape as readonly number[];
    return [{ dtype: x!.dtype, shape: [regions!.shape[0], x!.shape[1], ...pooled] }];
  },
  /**
   * What flows back goes to the first of a bin's largest elements. Regions must lie within x: where one reaches so far
   * beyond it that its bins are larger than those of all of x, the gradient is NaN.
   */
  gradient({ node, inputs: [x, regions], cotangents: [dy], wanted }) {
    if (wanted[1]) {
      throw new FoveaError(
        "no-gradient",
        `MaxRoiPool \`${node.name}\`: only its first input has a gradient; regions are rounded.`,
      );
    }
    const { graph } = x;
    const [n, channels, height, width] = x.dims;
    const [count, , rows, columns] = dy!.dims;
    const scale = Number(node.attributes.spatial_scale ?? 1);
    const down = binsAlong(regions, 2, { bins: rows, size: height, scale });
    const across = binsAlong(regions, 1, { bins: columns, size: width, scale });
    const [tall, wide] = [down.reach, across.reach];
    const spreadRows = (v: Value) => reshape(v, [count, rows, 1, tall, 1]);
    const spreadColumns = (v: Value) => reshape(v, [count, 1, columns, 1, wide]);
    const picture = reshape(slice(regions, 1, 0, 1), [count, 1, 1, 1, 1]);
    const row = add(mul(picture, height), spreadRows(down.elements));
    const place = add(mul(row, width), spreadColumns(across.elements)); // [R, rows, columns, tall, wide]
    const inside = and(spreadRows(down.inside), spreadColumns(across.inside));
    const bins = [count, rows, columns];
    const places = reshape(cast(place, "int64"), [...bins, tall * wide]);

    const elements = reshape(transpose(x, [0, 2, 3, 1]), [n * height * width, channels]);
    const candidates = where(
      reshape(inside, [...bins, tall * wide, 1]),
      gather(elements, places, 0), // [R, rows, columns, tall × wide, C]
      NOTHING,
    );
    const chosen = gatherElements(places, argMax(candidates, 3), 3); // [R, rows, columns, C]
    const targets = add(mul(chosen, graph.integers([channels])), channelNumbers(graph, channels));
    const along = (v: Value, axis: 1 | 2) =>
      reshape(v, axis === 1 ? [count, rows, 1, 1] : [count, 1, columns, 1]);
    const filled = and(along(greater(down.count, 0), 1), along(greater(across.count, 0), 2));
    const tooTall = along(greater(down.count, tall), 1);
    const tooWide = along(greater(across.count, wide), 2);
    const known = where(filled, transpose(dy!, [0, 2, 3, 1]), 0);
    const flowing = where(tooTall, Number.NaN, where(tooWide, Number.NaN, known));
    const empty = zeros(graph, [n * height * width * channels], x.dtype);
    const summed = scatterElements(empty, reshape(targets, [-1]), reshape(flowing, [-1]), 0, "add");
    return [transpose(reshape(summed, [n, height, width, channels]), [0, 3, 1, 2]), undefined];
  },
};

function channelNumbers(graph: Graph, channels: number): Value {
  return graph.integers(Array.from({ length: channels }, (_, i) => i));
}

interface Bins {
  /** Most elements of a bin of a region within x. */
  reach: number;
  /** Elements of each bin, `[R, bins]`. */
  count: Value;
  /** Their positions, `[R, bins, reach]`. */
  elements: Value;
  /** Which of these are there. */
  inside: Value;
}

/** The elements along one axis that each bin of a region covers. */
function binsAlong(
  regions: Value,
  column: 1 | 2,
  { bins, size, scale }: { bins: number; size: number; scale: number },
): Bins {
  const { graph } = regions;
  const numbers = (length: number, shape: readonly number[], offset = 0) =>
    graph.constant(
      tensor(
        Array.from({ length }, (_, i) => i + offset),
        shape,
        regions.dtype,
      ),
    );
  const corner = (at: number) => roundAway(mul(slice(regions, 1, at, at + 1), scale)); // [R, 1]
  const start = corner(column);
  const length = maximum(add(sub(corner(column + 2), start), 1), 1);
  const bin = div(length, bins);
  const edge = (from: Value) => clip(add(from, start), 0, size); // [R, bins]
  const first = edge(floor(mul(bin, numbers(bins, [1, bins]))));
  const last = edge(neg(floor(neg(mul(bin, numbers(bins, [1, bins], 1))))));
  const count = sub(last, first);
  const reach = Math.min(size, Math.ceil((size + 1) / bins) + 1);
  const steps = numbers(reach, [1, 1, reach]);
  const regionBins = [regions.dims[0], bins, 1];
  return {
    reach,
    count,
    elements: minimum(add(reshape(first, regionBins), steps), size - 1),
    inside: less(steps, reshape(count, regionBins)),
  };
}

/** Rounds halves away from zero, as C does; ONNX's own Round goes to the even number. */
function roundAway(x: Value): Value {
  return mul(sign(x), floor(add(abs(x), 0.5)));
}

/** How regions are pooled. */
export interface RoiPoolOptions {
  outputHeight: number;
  outputWidth: number;
  /** Elements of x per unit of the regions. Default 1. */
  spatialScale?: number;
}

/** Largest elements of x `[N, C, H, W]` in the bins of regions `[R, 4]` (corners) of the pictures `[R]` (int64). */
export function roiPool(x: Value, regions: Value, pictures: Value, options: RoiPoolOptions): Value {
  const attributes = {
    pooled_shape: [options.outputHeight, options.outputWidth],
    spatial_scale: options.spatialScale ?? 1,
  };
  const picture = reshape(cast(pictures, regions.dtype), [regions.shape[0], 1]);
  return x.graph.apply(MaxRoiPool, [x, concat([picture, regions], 1)], attributes)[0];
}
