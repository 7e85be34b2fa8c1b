import {
  type Attributes,
  type ConvGeometry,
  foldDepth,
  foldFilterDepth,
  geometryInPlane,
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
import { padColumns } from "./pad-columns.ts";

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
  const picked = { axis: 2, indices: Array.from({ length: depth }, (_, i) => depth - 1 - i) };
  const moved = moveRows(w, { dims: [outChannels, inChannels, depth], order: [2, 0, 1], picked });
  return reshape(moved, [depth * outChannels, inChannels, ...kernel]);
}

/** Positions of all pictures together from which on laying filters in blocks pays. */
const ENOUGH_POSITIONS = 64;

function suits({ x, w, geometry, outputShape }: Convolution, block: number): boolean {
  const { groups, kernel } = geometry;
  if (x.dtype !== "float32" || x.rank > 5) return false;
  const [batch, outChannels, ...size] = outputShape;
  const inChannels = x.dims[1] * (x.rank === 5 ? kernel[0] : 1);
  if (outChannels % block !== 0) return false;
  if (groups > 1) {
    return x.rank < 5 && w.dims[1] === 1 && groups === outChannels && groups === inChannels;
  }
  if (inChannels % block !== 0 && !isPlain(inChannels, block)) return false;
  if (isNarrow(size.at(-1)!) && !canLieInRows(x, geometry, block)) return false;
  return size.reduce((a, b) => a * b, batch) >= ENOUGH_POSITIONS;
}

/** Whether rows are so short that the kernels, which take six positions of a row at once, would idle. */
export function isNarrow(width: number): boolean {
  return width < 4;
}

/** Whether {@link convolveInRows} can compute a convolution. */
function canLieInRows(x: Value, { kernel, strides, groups }: ConvGeometry, block: number): boolean {
  const pointwise = kernel.every((size) => size === 1); // better as one matrix product
  return groups === 1 && x.dims[0] > 1 && x.dims[1] % block === 0 && strides.at(-1) === 1 && !pointwise;
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
  if (groups === 1 && isNarrow(shape[3]) && canLieInRows(x, geometry, block)) {
    return convolveInRows(x, filters, bias, geometry, shape, block);
  }
  const y = x.graph.apply(BlockedConv, [map, filters, bias], attributes, [shape])[0];
  return x.graph.apply(ReorderOutput, [y], { channels: shape[1] }, [shape])[0];
}

/**
 * A convolution of narrow maps with the pictures side by side: column w of all pictures, then column w + 1. One long
 * row for each line of the maps keeps the kernels busy, and each filter is read once for all pictures.
 */
function convolveInRows(
  x: Value,
  filters: Value,
  bias: Value | undefined,
  { kernel, strides, dilations, begin, end }: ConvGeometry,
  [batch, outChannels, height, width]: readonly number[],
  block: number,
): Value {
  const padded = padColumns(blockMap(x), begin[1], end[1]);
  const [, inChannels, lines, columns] = padded.dims;
  const inRows = moveRows(padded, {
    dims: [batch, inChannels / block, lines, columns],
    order: [1, 2, 3, 0],
  });
  const attributes: Attributes = {
    kernel_shape: kernel,
    strides,
    dilations: [dilations[0], dilations[1] * batch],
    pads: [begin[0], 0, end[0], 0],
    group: 1,
  };
  const map = reshape(inRows, [1, inChannels, lines, columns * batch]);
  const shape = [1, outChannels, height, width * batch];
  const y = x.graph.apply(BlockedConv, [map, filters, bias], attributes, [shape])[0];
  const byPicture = moveRows(y, {
    dims: [outChannels / block, height, width, batch],
    order: [3, 0, 1, 2],
  });
  const result = [batch, outChannels, height, width];
  return x.graph.apply(ReorderOutput, [reshape(byPicture, result)], { channels: outChannels }, [result])[0];
}
