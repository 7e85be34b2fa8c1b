import type { Value } from "../graph.ts";
import type { conv as Conv, convTranspose as ConvTranspose } from "./conv.ts";
import type { ConvGeometry } from "./conv-geometry.ts";
import { gather } from "./gather.ts";
import { matmul, transposeLast } from "./matmul.ts";
import { reduceSum } from "./reduction.ts";
import { reshape, transpose } from "./reshape.ts";
import { concat, pad, slice, split } from "./slicing.ts";

/**
 * ∂loss/∂x of a convolution. Stride 1: a convolution of dy with the filters turned round and transposed,
 * which runs at the forward pass's speed. Otherwise ONNX's ConvTranspose, which is that gradient by
 * definition.
 */
export function inputGradient(
  x: Value,
  w: Value,
  dy: Value,
  geometry: ConvGeometry,
  conv: typeof Conv,
  convTranspose: typeof ConvTranspose,
): Value {
  const { kernel, strides, dilations, begin, end, groups } = geometry;
  const reach = kernel.map((size, i) => dilations[i] * (size - 1));
  const padding = reach.map((n, i) => n - begin[i]);
  const paddingEnd = reach.map((n, i) => n - end[i]);
  if (strides.every((s) => s === 1) && [...padding, ...paddingEnd].every((n) => n >= 0)) {
    return conv(dy, turned(w, groups), undefined, { padding, paddingEnd, dilation: dilations, groups });
  }
  const outputPadding = kernel.map(
    (_, i) => x.dims[i + 2] + begin[i] + end[i] - ((dy.dims[i + 2] - 1) * strides[i] + reach[i] + 1),
  );
  if (outputPadding.some((n, i) => n >= Math.max(strides[i], dilations[i]))) {
    // ONNX wants output padding below the stride: compute what the filters reach, then add the zeros.
    const reached = convTranspose(dy, w, undefined, { stride: strides, dilation: dilations, groups });
    return cropOrPad(reached, x, begin);
  }
  return convTranspose(dy, w, undefined, {
    stride: strides,
    dilation: dilations,
    padding: begin,
    paddingEnd: end,
    groups,
    outputPadding,
  });
}

/** Takes a map that starts `begin` before x and makes it x's size. */
function cropOrPad(full: Value, x: Value, begin: readonly number[]): Value {
  let result = full;
  for (const [i, offset] of begin.entries()) {
    const axis = i + 2;
    const size = x.dims[axis];
    const have = Math.min(result.dims[axis], offset + size);
    result = slice(result, axis, offset, have);
    const missing = size - (have - offset);
    result = pad(
      result,
      x.shape.map(() => 0),
      x.shape.map((_, j) => (j === axis ? missing : 0)),
    );
  }
  return result;
}

/** Filters `[M, C/g, k…]` as `[C, M/g, k…]`, each turned by 180°. */
function turned(w: Value, groups: number): Value {
  const [outChannels, inChannels, ...kernel] = w.dims;
  const taps = kernel.reduce((a, b) => a * b, 1);
  const grouped = reshape(w, [groups, outChannels / groups, inChannels, taps]);
  let swapped = transpose(grouped, [0, 2, 1, 3]);
  if (taps > 1) {
    const backwards = w.graph.integers(Array.from({ length: taps }, (_, i) => taps - 1 - i));
    swapped = gather(swapped, backwards, 3);
  }
  return reshape(swapped, [inChannels * groups, outChannels / groups, ...kernel]);
}

/**
 * ∂loss/∂w of a convolution: for each kernel position, the product of dy with the part of x that this
 * position saw. Depthwise filters have one channel on either side, which leaves nothing for a matrix
 * product: there a convolution of x with dy as the filter, all pictures and channels as groups, is faster.
 */
export function weightGradient(
  x: Value,
  w: Value,
  dy: Value,
  geometry: ConvGeometry,
  conv: typeof Conv,
): Value {
  const [outChannels, inChannels] = w.dims;
  if (inChannels === 1 && outChannels === geometry.groups && geometry.groups > 1) {
    return depthwiseWeightGradient(x, w, dy, geometry, conv);
  }
  const { groups, kernel } = geometry;
  const batch = x.dims[0];
  const positions = dy.dims.slice(2).reduce((a, b) => a * b, 1);
  const upper = reshape(dy, [batch, groups, outChannels / groups, positions]);
  const seen = kernelViews(x, dy, geometry).map((view) =>
    reshape(view, [batch, groups, inChannels, positions]),
  );
  const taps = seen.length;
  if (inChannels * taps <= 64) {
    const columns = concat(seen, 2); // [N, g, taps·C/g, P]
    const product = matmul(upper, transposeLast(columns)); // [N, g, M/g, taps·C/g]
    const summed = reshape(reduceSum(product, [0], false), [outChannels, taps, inChannels]);
    return reshape(transpose(summed, [0, 2, 1]), [outChannels, inChannels, ...kernel]);
  }
  const products = seen.map((view) => {
    const product = matmul(upper, transposeLast(view)); // [N, g, M/g, C/g]
    return reshape(reduceSum(product, [0], false), [outChannels, inChannels, 1]);
  });
  return reshape(concat(products, 2), [outChannels, inChannels, ...kernel]);
}

/** For each kernel position in row-major order, the elements of x under it: `[N, C, …size of dy]`. */
function kernelViews(x: Value, dy: Value, geometry: ConvGeometry): Value[] {
  const { kernel, strides, dilations, begin, end } = geometry;
  const size = dy.dims.slice(2);
  const phases = stridePhases(pad(x, [0, 0, ...begin], [0, 0, ...end]), strides);
  return positionsOf(kernel).map((position) => {
    const offset = position.map((tap, i) => tap * dilations[i]);
    let view = phases(offset.map((at, i) => at % strides[i]));
    for (const [i, at] of offset.entries()) {
      const start = Math.floor(at / strides[i]);
      if (start > 0 || view.dims[i + 2] !== size[i]) view = slice(view, i + 2, start, start + size[i]);
    }
    return view;
  });
}

/** All index tuples below `sizes`, the last index running fastest. */
function positionsOf(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (all, size) => all.flatMap((head) => Array.from({ length: size }, (_, i) => [...head, i])),
    [[]],
  );
}

/**
 * Every `strides`-th element of x from each possible start: one transposition instead of a strided slice,
 * element by element, for every kernel position.
 */
function stridePhases(x: Value, strides: readonly number[]): (start: readonly number[]) => Value {
  if (strides.every((stride) => stride === 1)) return () => x;
  const [batch, channels, ...size] = x.dims;
  const missing = size.map((dim, i) => (strides[i] - (dim % strides[i])) % strides[i]);
  const none = x.dims.map(() => 0);
  const even = pad(x, none, [0, 0, ...missing]);
  const counts = size.map((dim, i) => (dim + missing[i]) / strides[i]);
  const apart = reshape(even, [batch, channels, ...counts.flatMap((count, i) => [count, strides[i]])]);
  const inner = strides.map((_, i) => 2 * i + 3);
  const order = [...inner, 0, 1, ...strides.map((_, i) => 2 * i + 2)];
  const total = strides.reduce((a, b) => a * b, 1);
  const stacked = reshape(transpose(apart, order), [total * batch, channels, ...counts]);
  const pieces = split(
    stacked,
    0,
    Array.from({ length: total }, () => batch),
  );
  return (start) => pieces[start.reduce((index, at, i) => index * strides[i] + at, 0)];
}

function depthwiseWeightGradient(
  x: Value,
  w: Value,
  dy: Value,
  geometry: ConvGeometry,
  conv: typeof Conv,
): Value {
  const { kernel, strides, dilations, begin, end } = geometry;
  const [batch, channels] = x.dims;
  const maps = batch * channels;
  const filters = conv(
    reshape(x, [1, maps, ...x.dims.slice(2)]),
    reshape(dy, [maps, 1, ...dy.dims.slice(2)]),
    undefined,
    { stride: dilations, dilation: strides, padding: begin, paddingEnd: end, groups: maps },
  );
  let taps = filters;
  for (const [i, size] of kernel.entries()) {
    if (taps.dims[i + 2] > size) taps = slice(taps, i + 2, 0, size);
  }
  return reshape(reduceSum(reshape(taps, [batch, channels, ...kernel]), [0], false), w.dims);
}
