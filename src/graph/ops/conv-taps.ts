import { sizeOf } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { ConvGeometry } from "./conv-geometry.ts";
import { matmul, transposeLast } from "./matmul.ts";
import { pad } from "./padding.ts";
import { reduceSum } from "./reduction.ts";
import { reshape, transpose } from "./reshape.ts";
import { concat, split } from "./slicing.ts";

/**
 * ∂loss/∂w of a convolution by matrix products: for each kernel position, dy times the part of x that this position
 * saw.
 *
 * @param shape The filters' shape `[M, C/groups, k…]`.
 */
export function filterGradientByTaps(
  x: Value,
  dy: Value,
  shape: readonly number[],
  geometry: ConvGeometry,
): Value {
  const [outChannels, inChannels] = shape;
  if (worthMerging(x, dy, shape)) return gradientOverBatch(x, dy, shape, geometry);
  const { groups, kernel } = geometry;
  const batch = x.dims[0];
  const flat = (view: Value) =>
    reshape(view, [batch, groups, view.dims[1] / groups, sizeOf(view.dims.slice(2))]);
  const rows = tapRows(x, dy, geometry);
  const taps = rows[0].seen.length;
  if (inChannels < FEW_CHANNELS) {
    const products = rows.map(({ upper, seen }) => {
      const columns = concat(seen.map(flat), 2); // [N, g, taps·C/g, P]
      const product = matmul(flat(upper), transposeLast(columns)); // [N, g, M/g, taps·C/g]
      return reshape(reduceSum(product, [0], false), [1, outChannels, taps, inChannels]);
    });
    return reshape(transpose(concat(products, 0), [1, 3, 0, 2]), [outChannels, inChannels, ...kernel]);
  }
  const products = rows.flatMap(({ upper, seen }) =>
    seen.map((view) => {
      const product = matmul(flat(upper), transposeLast(flat(view))); // [N, g, M/g, C/g]
      return reshape(reduceSum(product, [0], false), [outChannels, inChannels, 1]);
    }),
  );
  return reshape(concat(products, 2), [outChannels, inChannels, ...kernel]);
}

/**
 * The same with channels before pictures: the products then sum over the batch, too, instead of leaving one
 * product a picture to be added up.
 */
function gradientOverBatch(x: Value, dy: Value, shape: readonly number[], geometry: ConvGeometry): Value {
  const { groups } = geometry;
  const flat = (view: Value) => reshape(view, [groups, view.dims[0] / groups, -1]); // [g, C/g, N·P]
  const rows = tapRows(channelsFirst(x), channelsFirst(dy), geometry);
  const products = rows.flatMap(({ upper, seen }) =>
    seen.map((view) => reshape(matmul(flat(upper), transposeLast(flat(view))), [...shape.slice(0, 2), 1])),
  );
  return reshape(concat(products, 2), shape);
}

/** Whether changing the order of two maps costs less than adding up a product for each picture. */
function worthMerging(x: Value, dy: Value, shape: readonly number[]): boolean {
  const [batch, channels, ...size] = x.dims;
  const moved = channels * sizeOf(size) + sizeOf(dy.dims.slice(1));
  return batch > 1 && channels >= FEW_CHANNELS && moved <= 2 * sizeOf(shape);
}

/** `[N, C, …]` as `[C, N, …]`. */
function channelsFirst(x: Value): Value {
  return transpose(x, [1, 0, ...x.dims.slice(2).map((_, i) => i + 2)]);
}

/** Below so many input channels, a kernel row's positions share one matrix product. */
const FEW_CHANNELS = 16;

/**
 * For each kernel position along the first spatial dimension: dy, and the elements of x that the positions
 * of this row saw. Along the first dimension dy is shifted, along the others x: their combinations make all
 * positions out of few copies.
 */
function tapRows(x: Value, dy: Value, geometry: ConvGeometry): { upper: Value; seen: Value[] }[] {
  const { kernel, strides, dilations, begin } = geometry;
  const { pieces, counts } = stridePhases(x, strides);
  const size = dy.dims.slice(2);
  const place = (tap: number, i: number) => {
    const at = tap * dilations[i] - begin[i];
    const shift = Math.floor(at / strides[i]);
    return { phase: at - shift * strides[i], shift };
  };
  const views = new Map<string, Value>();
  const uppers = new Map<number, Value>();
  return Array.from({ length: kernel[0] }, (_, row) => {
    const { phase, shift } = place(row, 0);
    if (!uppers.has(shift)) {
      uppers.set(
        shift,
        pad(
          dy,
          [0, 0, shift, ...kernel.slice(1).map(() => 0)],
          [0, 0, counts[0] - size[0] - shift, ...kernel.slice(1).map(() => 0)],
        ),
      );
    }
    const seen = positionsOf(kernel.slice(1)).map((position) => {
      const places = position.map((tap, i) => place(tap, i + 1));
      const key = [phase, ...places.flatMap((p) => [p.phase, p.shift])].join();
      if (!views.has(key)) {
        const piece =
          pieces[[phase, ...places.map((p) => p.phase)].reduce((index, at, i) => index * strides[i] + at, 0)];
        const before = places.map((p) => 0 - p.shift);
        const after = places.map((p, i) => size[i + 1] - counts[i + 1] + p.shift);
        views.set(key, pad(piece, [0, 0, 0, ...before], [0, 0, 0, ...after]));
      }
      return views.get(key)!;
    });
    return { upper: uppers.get(shift)!, seen };
  });
}

/** All index tuples below `sizes`, the last index running fastest. */
function positionsOf(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (all, size) => all.flatMap((head) => Array.from({ length: size }, (_, i) => [...head, i])),
    [[]],
  );
}

/** Every `strides`-th element of x from each possible start, in row-major order of the starts. */
function stridePhases(x: Value, strides: readonly number[]): { pieces: readonly Value[]; counts: number[] } {
  const [batch, channels, ...size] = x.dims;
  const counts = size.map((dim, i) => Math.ceil(dim / strides[i]));
  const missing = size.map((dim, i) => counts[i] * strides[i] - dim);
  let apart = pad(
    x,
    x.dims.map(() => 0),
    [0, 0, ...missing],
  );
  const total = sizeOf(strides);
  if (total === 1) return { pieces: [apart], counts };
  const elements = sizeOf(apart.dims);
  for (let i = size.length - 1; i >= 0; i--) {
    if (strides[i] === 1) continue;
    const inner = sizeOf(counts.slice(i + 1));
    const lines = reshape(apart, [elements / strides[i] / inner, strides[i], inner]);
    apart = transpose(lines, [1, 0, 2]);
  }
  const stacked = reshape(apart, [total * batch, channels, ...counts]);
  return {
    pieces: split(
      stacked,
      0,
      Array.from({ length: total }, () => batch),
    ),
    counts,
  };
}
