import { sizeOf } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { conv as Conv, convTranspose as ConvTranspose } from "./conv.ts";
import { type ConvGeometry, turnedGeometry } from "./conv-geometry.ts";
import { gather } from "./gather.ts";
import { reduceSum } from "./reduction.ts";
import { reshape, transpose } from "./reshape.ts";
import { cropTo } from "./slicing.ts";

/**
 * ∂loss/∂x of a convolution. Stride 1: a convolution of dy with the filters turned round and transposed,
 * which runs at the forward pass's speed. Otherwise ONNX's ConvTranspose, which is that gradient by
 * definition.
 *
 * @param shape The shape of x.
 */
export function inputGradientByConv(
  dy: Value,
  w: Value,
  shape: readonly number[],
  geometry: ConvGeometry,
  conv: typeof Conv,
  convTranspose: typeof ConvTranspose,
): Value {
  const { kernel, strides, dilations, begin, end, groups } = geometry;
  const reach = kernel.map((size, i) => dilations[i] * (size - 1));
  const back = turnedGeometry(geometry);
  if (back) {
    const { begin: padding, end: paddingEnd } = back;
    return conv(dy, turned(w, groups), undefined, { padding, paddingEnd, dilation: dilations, groups });
  }
  const outputPadding = kernel.map(
    (_, i) => shape[i + 2] + begin[i] + end[i] - ((dy.dims[i + 2] - 1) * strides[i] + reach[i] + 1),
  );
  return convTranspose(dy, w, undefined, {
    stride: strides,
    dilation: dilations,
    padding: begin,
    paddingEnd: end,
    groups,
    outputPadding,
  });
}

/** Filters `[M, C/g, k…]` as `[C, M/g, k…]`, each turned by 180°. */
function turned(w: Value, groups: number): Value {
  const [outChannels, inChannels, ...kernel] = w.dims;
  const taps = sizeOf(kernel);
  if (taps === 1) {
    const swapped = transpose(reshape(w, [groups, outChannels / groups, inChannels]), [0, 2, 1]);
    return reshape(swapped, [inChannels * groups, outChannels / groups, ...kernel]);
  }
  const byTap = transpose(reshape(w, [outChannels * inChannels, taps]), [1, 0]); // whole rows are gathered
  const backwards = w.graph.integers(Array.from({ length: taps }, (_, i) => taps - 1 - i));
  const grouped = reshape(gather(byTap, backwards, 0), [taps, groups, outChannels / groups, inChannels]);
  const swapped = transpose(grouped, [1, 3, 2, 0]);
  return reshape(swapped, [inChannels * groups, outChannels / groups, ...kernel]);
}

/**
 * ∂loss/∂w of a depthwise convolution. One channel on either side leaves nothing for a matrix product; a convolution
 * of x with dy as the filter, all pictures and channels as groups, is faster.
 */
export function depthwiseFilterGradient(
  x: Value,
  dy: Value,
  shape: readonly number[],
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
  const taps = cropTo(filters, [1, maps, ...kernel]);
  return reshape(reduceSum(reshape(taps, [batch, channels, ...kernel]), [0], false), shape);
}
