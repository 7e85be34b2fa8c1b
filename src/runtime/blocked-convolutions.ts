import {
  type Attributes,
  type ConvGeometry,
  foldDepth,
  foldFilterDepth,
  geometryInPlane,
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
