import {
  type Attributes,
  type ConvGeometry,
  foldDepth,
  foldFilterDepth,
  gather,
  geometryInPlane,
  pad,
  reshape,
  transpose,
  unfoldDepth,
  type Value,
} from "../graph/index.ts";
import { BlockedConv, ReorderInput, ReorderOutput } from "./blocked-operators.ts";

/** A convolution to be computed: what goes in, and the shape that comes out. */
export interface Convolution {
  x: Value;
  w: Value;
  bias: Value | undefined;
  geometry: ConvGeometry;
  outputShape: readonly number[];
}

/**
 * A convolution by ONNX Runtime's kernels for channels in blocks. ONNX Runtime takes them by itself where filters
 * are constants; here they are what is learned, so their blocks are laid in the graph. A sequence is a picture of
 * one row; a volume is a picture for each depth, with the planes that the kernel sees as channels.
 *
 * @param block Channels of a block, 8 or 16.
 * @returns undefined where the kernels do not apply or would not pay.
 */
export function convolveBlocked(convolution: Convolution, block: number): Value | undefined {
  const { x, w, bias, geometry, outputShape } = convolution;
  if (!suits(convolution, block)) return undefined;
  if (x.rank === 3) {
    const [flat, filters] = [x, w].map((map) => reshape(map, map.dims.toSpliced(2, 0, 1)));
    const y = convolvePlanes(flat, filters, bias, asPicture(geometry), outputShape.toSpliced(2, 0, 1), block);
    return reshape(y, outputShape);
  }
  if (x.rank === 5) {
    const [batch, channels, depth, ...size] = outputShape;
    const planes = foldDepth(x, depth, geometry);
    const inPlane = [batch * depth, channels, ...size];
    const y = convolvePlanes(planes, foldFilterDepth(w), bias, geometryInPlane(geometry), inPlane, block);
    return unfoldDepth(y, batch);
  }
  return convolvePlanes(x, w, bias, geometry, outputShape, block);
}

/** Positions of all pictures together from which on laying filters in blocks pays. */
const ENOUGH_POSITIONS = 1500;

function suits({ x, w, geometry: { groups, kernel }, outputShape }: Convolution, block: number): boolean {
  if (x.dtype !== "float32" || x.rank > 5) return false;
  const [outChannels, perGroup] = w.dims;
  const planes = x.rank === 5 ? kernel[0] : 1;
  if (outChannels % block !== 0 || (x.dims[1] * planes) % block !== 0) return false;
  if (groups > 1) return x.rank < 5 && perGroup === 1 && groups === outChannels && groups === x.dims[1];
  const [batch, , ...size] = outputShape;
  return size.reduce((a, b) => a * b, batch) >= ENOUGH_POSITIONS;
}

/**
 * A depthwise ConvTranspose with a stride, the gradient of a depthwise convolution by its input: zeros between the
 * elements (in blocks these are whole rows), then a convolution with turned filters. ONNX Runtime's own goes channel by
 * channel.
 *
 * @returns undefined where it does not apply
 */
export function convolveTransposedBlocked(convolution: Convolution, block: number): Value | undefined {
  const { x, w, bias, geometry, outputShape } = convolution;
  const { kernel, strides, dilations, begin, groups } = geometry;
  const [channels, perGroup] = w.dims;
  if (x.dtype !== "float32" || x.rank !== 4 || bias || perGroup !== 1) return undefined;
  if (groups !== channels || channels % block !== 0 || strides.every((stride) => stride === 1))
    return undefined;
  const reach = kernel.map((size, i) => dilations[i] * (size - 1));
  const before = reach.map((n, i) => n - begin[i]);
  const [batch, , height, width] = x.dims;
  const spread = [height * strides[0], width * strides[1]];
  const after = outputShape.slice(2).map((size, i) => size - spread[i] - before[i] + reach[i]);
  if ([...before, ...after].some((n) => n < 0)) return undefined;

  const rows = reshape(blockMap(x), [(batch * channels * height) / block, 1, width, block]);
  const stuffed = pad(rows, [0, 0, 0, 0], [0, strides[0] - 1, 0, (strides[1] - 1) * block]);
  const map = reshape(stuffed, [batch, channels, ...spread]);
  const taps = kernel[0] * kernel[1];
  const backwards = x.graph.integers(Array.from({ length: taps }, (_, i) => taps - 1 - i));
  const filters = blockDepthwise(reshape(gather(reshape(w, [channels, taps]), backwards, 1), w.dims));
  const attributes: Attributes = {
    kernel_shape: kernel,
    strides: [1, 1],
    dilations,
    pads: [...before, ...after],
    group: groups,
  };
  const y = x.graph.apply(BlockedConv, [map, filters], attributes, [outputShape])[0];
  return x.graph.apply(ReorderOutput, [y], { channels }, [outputShape])[0];
}

function asPicture(geometry: ConvGeometry): ConvGeometry {
  const { kernel, strides, dilations, begin, end, groups } = geometry;
  return {
    kernel: [1, ...kernel],
    strides: [1, ...strides],
    dilations: [1, ...dilations],
    begin: [0, ...begin],
    end: [0, ...end],
    groups,
  };
}

function convolvePlanes(
  x: Value,
  w: Value,
  bias: Value | undefined,
  { kernel, strides, dilations, begin, end, groups }: ConvGeometry,
  shape: readonly number[],
  block: number,
): Value {
  const { graph } = x;
  const filters = groups > 1 ? blockDepthwise(w) : blockFilters(w, block);
  const attributes: Attributes = {
    kernel_shape: kernel,
    strides,
    dilations,
    pads: [...begin, ...end],
    group: groups,
  };
  const y = graph.apply(BlockedConv, [blockMap(x), filters, bias], attributes, [shape])[0];
  return graph.apply(ReorderOutput, [y], { channels: w.dims[0] }, [shape])[0];
}

/** `[M, C, h, w]` as `[M/b, C/b, h, w, b of C, b of M]`: first as a map of M channels, then whole rows move. */
function blockFilters(w: Value, block: number): Value {
  const [outChannels, inChannels, height, width] = w.dims;
  const taps = height * width;
  const outer = blockMap(reshape(w, [1, outChannels, 1, inChannels * taps])); // [M/b, C·taps, b]
  if (taps === 1) return reshape(outer, w.dims);
  const parts = reshape(outer, [outChannels / block, inChannels / block, block, taps, block]);
  return reshape(transpose(parts, [0, 1, 3, 2, 4]), w.dims);
}

/** `[C, 1, h, w]` as `[C/b, 1, h, w, b]`: as a map of C channels. */
function blockDepthwise(w: Value): Value {
  const [channels, , height, width] = w.dims;
  return reshape(blockMap(reshape(w, [1, channels, height, width])), w.dims);
}

function blockMap(x: Value): Value {
  return x.graph.apply(ReorderInput, [x], {}, [x.shape])[0];
}
