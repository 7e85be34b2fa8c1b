import {
  type Attributes,
  type ConvGeometry,
  foldDepth,
  foldFilterDepth,
  geometryInPlane,
  pad,
  reshape,
  unfoldDepth,
  type Value,
} from "../graph/index.ts";
import { asPicture } from "./as-picture.ts";
import {
  blockDepthwise,
  blockFilters,
  blockMap,
  blockTurnedDepthwise,
  blockTurnedFilters,
  isPlain,
} from "./blocked-filters.ts";
import { BlockedConv, ReorderOutput } from "./blocked-operators.ts";
import { moveRows } from "./move-rows.ts";

/** A convolution to be computed: what goes in, and the shape that comes out. */
export interface Convolution {
  x: Value;
  w: Value;
  bias?: Value | undefined;
  geometry: ConvGeometry;
  outputShape: readonly number[];
  /** The filters lead from C to M channels, and here, turned by 180°, back from M to C: the input's gradient. */
  turned?: boolean;
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
  const { x, w, geometry, outputShape, turned } = convolution;
  if (!suits(convolution, block)) return undefined;
  if (x.rank === 3) {
    const [flat, filters] = [x, w].map((map) => reshape(map, map.dims.toSpliced(2, 0, 1)));
    const picture = { ...convolution, x: flat, w: filters, geometry: asPicture(geometry) };
    return reshape(convolvePlanes(picture, outputShape.toSpliced(2, 0, 1), block), outputShape);
  }
  if (x.rank === 5) {
    const [batch, channels, depth, ...size] = outputShape;
    const planes = foldDepth(x, depth, geometry);
    const filters = turned ? foldTurnedDepth(w) : foldFilterDepth(w);
    const inPlane = { ...convolution, x: planes, w: filters, geometry: geometryInPlane(geometry) };
    return unfoldDepth(convolvePlanes(inPlane, [batch * depth, channels, ...size], block), batch);
  }
  return convolvePlanes(convolution, outputShape, block);
}

/** Filters `[M, C, kd, …]` as `[kd·M, C, …]`, the depth backwards: what leads back, for each plane of each channel. */
function foldTurnedDepth(w: Value): Value {
  const [outChannels, inChannels, depth, ...kernel] = w.dims;
  const moved = moveRows(w, { dims: [outChannels, inChannels, depth], order: [2, 0, 1], reversed: 2 });
  return reshape(moved, [depth * outChannels, inChannels, ...kernel]);
}

/** Positions of all pictures together from which on laying filters in blocks pays. */
const ENOUGH_POSITIONS = 1500;

function suits({ x, w, geometry: { groups, kernel }, outputShape }: Convolution, block: number): boolean {
  if (x.dtype !== "float32" || x.rank > 5) return false;
  const [batch, outChannels, ...size] = outputShape;
  const inChannels = x.dims[1] * (x.rank === 5 ? kernel[0] : 1);
  if (outChannels % block !== 0) return false;
  if (groups > 1) {
    return x.rank < 5 && w.dims[1] === 1 && groups === outChannels && groups === inChannels;
  }
  if (inChannels % block !== 0 && !isPlain(inChannels, block)) return false;
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
  const filters = blockTurnedDepthwise(w);
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

function convolvePlanes(
  { x, w, bias, geometry, turned }: Omit<Convolution, "outputShape">,
  shape: readonly number[],
  block: number,
): Value {
  const { kernel, strides, dilations, begin, end, groups } = geometry;
  const depthwise = turned ? blockTurnedDepthwise : blockDepthwise;
  const dense = turned ? blockTurnedFilters : blockFilters;
  const filters = groups > 1 ? depthwise(w) : dense(w, block);
  const map = groups === 1 && isPlain(x.dims[1], block) ? x : blockMap(x);
  const attributes: Attributes = {
    kernel_shape: kernel,
    strides,
    dilations,
    pads: [...begin, ...end],
    group: groups,
  };
  const y = x.graph.apply(BlockedConv, [map, filters, bias], attributes, [shape])[0];
  return x.graph.apply(ReorderOutput, [y], { channels: shape[1] }, [shape])[0];
}
