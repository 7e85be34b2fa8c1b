import { type ConvGeometry, reshape, type Value } from "../graph/index.ts";
import {
  blockDepthwise,
  blockFilters,
  blockTurnedDepthwise,
  blockTurnedFilters,
  isPlain,
} from "./blocked-filters.ts";
import { blockedConv, blockMap, plainMap } from "./blocked-operators.ts";
import { foldFilterDepth, foldTurnedDepth, geometryInPlane } from "./fold-depth.ts";
import { moveRows } from "./move-rows.ts";
import { padBlocks } from "./pad-blocks.ts";
import { planesOf, volumesOf } from "./planes.ts";
import { raiseGeometry, raiseShape } from "./raise-rank.ts";

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
 * A convolution by ONNX Runtime's kernels for channels in blocks. ONNX Runtime takes them by itself for pictures
 * with constant filters; for others the blocks are laid in the graph. A sequence is a picture of
 * one row; a volume is a picture for each depth, with the planes that the kernel sees as channels.
 *
 * @param block Channels of a block, 8 or 16.
 * @returns undefined where the kernels do not apply or would not pay.
 */
export function convolveBlocked(convolution: Convolution, block: number): Value | undefined {
  const { x, w, bias, geometry, outputShape, turned } = convolution;
  if (!suits(convolution, block)) return undefined;
  if (x.rank === 5) {
    const [batch, channels, depth, ...size] = outputShape;
    const planes = planesOf(x, depth, geometry, block);
    const filters = turned ? foldTurnedDepth(w) : foldFilterDepth(w);
    const inPlane = { w: filters, bias, geometry: geometryInPlane(geometry), turned };
    return volumesOf(convolveMaps(planes, inPlane, [batch * depth, channels, ...size], block), batch, block);
  }
  const pictures = reshape(x, raiseShape(x.dims, 2));
  const asPictures = {
    w: reshape(w, raiseShape(w.dims, 2)),
    bias,
    geometry: raiseGeometry(geometry, 2),
    turned,
  };
  const plain = geometry.groups === 1 && isPlain(x.dims[1], block);
  const map = plain ? pictures : blockMap(pictures);
  return reshape(plainMap(convolveMaps(map, asPictures, raiseShape(outputShape, 2), block)), outputShape);
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
  if (isNarrow(size.at(-1)!) && !canLieInRows(x.dims[0], inChannels, geometry, block)) return false;
  return size.reduce((a, b) => a * b, batch) >= ENOUGH_POSITIONS;
}

/** Whether rows are so short that the kernels, which take six positions of a row at once, would idle. */
export function isNarrow(width: number): boolean {
  return width < 4;
}

/** Whether {@link convolveInRows} can compute a convolution. */
function canLieInRows(
  pictures: number,
  inChannels: number,
  { kernel, strides, groups }: ConvGeometry,
  block: number,
): boolean {
  const pointwise = kernel.every((size) => size === 1); // better as one matrix product
  return groups === 1 && pictures > 1 && inChannels % block === 0 && strides.at(-1) === 1 && !pointwise;
}

/**
 * A convolution of pictures.
 * @param map Its input in blocks, or plain with channels less than a block.
 * @param shape Of the result, which is in blocks.
 */
function convolveMaps(
  map: Value,
  { w, bias, geometry, turned }: Omit<Convolution, "x" | "outputShape">,
  shape: readonly number[],
  block: number,
): Value {
  const { strides, dilations, begin, end, groups } = geometry;
  const depthwise = turned ? blockTurnedDepthwise : blockDepthwise;
  const dense = turned ? blockTurnedFilters : blockFilters;
  const filters = groups > 1 ? depthwise(w) : dense(w, block);
  if (isNarrow(shape[3]) && canLieInRows(map.dims[0], map.dims[1], geometry, block)) {
    return convolveInRows(map, filters, bias, geometry, shape, block);
  }
  return blockedConv(map, filters, shape, { bias, strides, dilations, pads: [...begin, ...end], groups });
}

/**
 * A convolution of narrow maps with the pictures side by side: column w of all pictures, then column w + 1. One long
 * row for each line of the maps keeps the kernels busy, and each filter is read once for all pictures.
 */
function convolveInRows(
  x: Value,
  filters: Value,
  bias: Value | undefined,
  { strides, dilations, begin, end }: ConvGeometry,
  [batch, outChannels, height, width]: readonly number[],
  block: number,
): Value {
  const padded = padBlocks(x, { left: begin[1], right: end[1] });
  const [, inChannels, lines, columns] = padded.dims;
  const inRows = moveRows(padded, {
    dims: [batch, inChannels / block, lines, columns],
    order: [1, 2, 3, 0],
  });
  const map = reshape(inRows, [1, inChannels, lines, columns * batch]);
  const y = blockedConv(map, filters, [1, outChannels, height, width * batch], {
    bias,
    strides,
    dilations: [dilations[0], dilations[1] * batch],
    pads: [begin[0], 0, end[0], 0],
  });
  const byPicture = moveRows(y, {
    dims: [outChannels / block, height, width, batch],
    order: [3, 0, 1, 2],
  });
  return reshape(byPicture, [batch, outChannels, height, width]);
}
