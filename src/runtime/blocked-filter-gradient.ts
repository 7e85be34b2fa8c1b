import {
  type Attributes,
  type ConvGeometry,
  foldDepth,
  geometryInPlane,
  pad,
  reshape,
  slice,
  transpose,
  type Value,
} from "../graph/index.ts";
import { asPicture } from "./as-picture.ts";
import { blockMap } from "./blocked-filters.ts";
import { BlockedConv, ReorderOutput } from "./blocked-operators.ts";
import { evenly, moveRows, pickRows } from "./move-rows.ts";
import { padColumns } from "./pad-columns.ts";

/** A filter gradient to be computed: the convolution's input, the cotangent of its output, the filters' shape. */
export interface FilterGradient {
  x: Value;
  dy: Value;
  shape: readonly number[];
  geometry: ConvGeometry;
}

/**
 * ∂loss/∂w of a convolution by ONNX Runtime's kernels for channels in blocks. It is itself a convolution: pictures
 * and channels change roles, dy is the filter, so large that few positions are left, one for each tap; strides
 * become dilations and dilations strides.
 *
 * @param block Channels of a block, 8 or 16.
 * @returns undefined where the kernels do not apply or would not pay.
 */
export function filterGradientBlocked(gradient: FilterGradient, block: number): Value | undefined {
  const { x, dy, shape, geometry } = gradient;
  if (x.dtype !== "float32" || geometry.groups > 1 || x.rank > 5) return undefined;
  if (shape.slice(2).every((size) => size === 1)) return undefined; // one product without shifts
  if (x.rank === 3) {
    const [flat, cotangent] = [x, dy].map((map) => reshape(map, map.dims.toSpliced(2, 0, 1)));
    const dw = inPlane(flat, cotangent, shape.toSpliced(2, 0, 1), asPicture(geometry), block);
    return dw && reshape(dw, shape);
  }
  if (x.rank === 5) {
    const [outChannels, inChannels, depth, ...kernel] = shape;
    const planes = foldDepth(x, dy.dims[2], geometry);
    const lead = transpose(dy, [0, 2, 1, 3, 4]); // [N, D, M, …]
    const cotangent = reshape(lead, [planes.dims[0], outChannels, ...dy.dims.slice(3)]);
    const folded = [outChannels, depth * inChannels, ...kernel];
    const dw = inPlane(planes, cotangent, folded, geometryInPlane(geometry), block);
    return dw && transpose(reshape(dw, [outChannels, depth, inChannels, ...kernel]), [0, 2, 1, 3, 4]);
  }
  return inPlane(x, dy, shape, geometry, block);
}

function inPlane(
  x: Value,
  dy: Value,
  [outChannels, inChannels, ...kernel]: readonly number[],
  geometry: ConvGeometry,
  block: number,
): Value | undefined {
  const parts = partsPerPicture(x, dy, kernel, geometry, block);
  if (outChannels % block !== 0 || parts === undefined) return undefined;
  const { strides, dilations } = geometry;
  const size = [dy.dims[2] / parts, dy.dims[3]];
  const extent = size.map((count, i) => (count - 1) * strides[i] + 1); // of dy as a filter
  const together = dilations[1] === 1 ? channelsPerPicture(inChannels, outChannels, block) : 1;
  const { map, pads } = channelsAsPictures({ x, dy, kernel, geometry, parts, together, block });
  const [pictures, lanes, height, width] = map.dims;

  const rows = Math.floor((pads[0] + height + pads[1] - extent[0]) / dilations[0]) + 1;
  const columns = Math.floor((width / together - extent[1]) / dilations[1]) + 1;
  const shape = [pictures, outChannels, rows, columns * together];
  const attributes: Attributes = {
    kernel_shape: size,
    strides: dilations,
    dilations: [strides[0], strides[1] * together],
    pads: [pads[0], 0, pads[1], 0],
    group: 1,
  };
  const filter = reshape(cotangentAsFilter(dy, parts, block), [outChannels, lanes, ...size]);
  const blocks = x.graph.apply(BlockedConv, [map, filter], attributes, [shape])[0];
  const byFilter = moveRows(blocks, {
    dims: [pictures, outChannels / block, rows, columns, together],
    order: [1, 0, 4, 2, 3],
  });
  const found = [1, outChannels, inChannels * rows, columns]; // as a map of M channels
  const plain = x.graph.apply(ReorderOutput, [reshape(byFilter, found)], { channels: outChannels }, [
    found,
  ])[0];
  let taps = reshape(plain, [outChannels, inChannels, rows, columns]);
  for (const [i, count] of kernel.entries()) {
    if (taps.dims[i + 2] > count) taps = slice(taps, i + 2, 0, count); // positions that no tap has
  }
  return taps;
}

/**
 * Parts of so many rows that each picture is cut into, so that the parts of all pictures fill whole blocks; undefined
 * where none will do.
 */
function partsPerPicture(
  x: Value,
  dy: Value,
  kernel: readonly number[],
  { strides, dilations }: ConvGeometry,
  block: number,
): number | undefined {
  const batch = x.dims[0];
  let parts = 1;
  while ((batch * parts) % block !== 0) parts *= 2;
  if (parts === 1) return 1;
  const rows = dy.dims[2] / parts;
  const shared = (kernel[0] - 1) * dilations[0]; // rows that neighbours both see
  return Number.isInteger(rows) && rows * strides[0] >= shared ? parts : undefined;
}

interface Pictures {
  x: Value;
  dy: Value;
  kernel: readonly number[];
  geometry: ConvGeometry;
  parts: number;
  together: number;
  block: number;
}

/**
 * x with pictures (or parts of them) and channels in changed roles, in blocks and padded to the sides: `[C/t, N·parts,
 * H, W·t]` with t channels side by side, and the rows of zeros that are still to be put above and below.
 */
function channelsAsPictures({ x, dy, kernel, geometry, parts, together, block }: Pictures): {
  map: Value;
  pads: readonly [number, number];
} {
  const { strides, dilations, begin } = geometry;
  const [batch, channels] = x.dims;
  const seen = kernel.map((taps, i) => (dy.dims[i + 2] - 1) * strides[i] + (taps - 1) * dilations[i] + 1);
  const after = seen.map((count, i) => Math.max(0, count - begin[i] - x.dims[i + 2]));
  const lanes = batch * parts;
  let lines: Value; // [N·parts, C, H, W]
  if (parts === 1) lines = x;
  else {
    const padded = pad(x, [0, 0, ...begin], [0, 0, ...after]);
    const height = padded.dims[2];
    const step = (dy.dims[2] / parts) * strides[0];
    const rows = step - strides[0] + (kernel[0] - 1) * dilations[0] + 1;
    lines = pickRows(padded, batch * channels * height, [
      evenly(batch, channels * height),
      evenly(parts, step),
      evenly(channels, height),
      evenly(rows, 1),
    ]);
    lines = reshape(lines, [lanes, channels, rows, padded.dims[3]]);
  }
  const height = lines.dims[2];
  const asLanes = blockMap(reshape(lines, [1, lanes, channels * height, lines.dims[3]]));
  const padded = parts === 1 ? padColumns(asLanes, begin[1], after[1]) : asLanes; // [N/b, C, H, W, b of N]
  const width = padded.dims[3];
  const groups = lanes / block;
  const pictures = channels / together;
  const moved =
    together === 1
      ? moveRows(padded, { dims: [groups, channels], order: [1, 0] })
      : moveRows(padded, { dims: [groups, pictures, together, height, width], order: [1, 0, 3, 4, 2] });
  return {
    map: reshape(moved, [pictures, lanes, height, width * together]),
    pads: parts === 1 ? [begin[0], after[0]] : [0, 0],
  };
}

/** dy `[N, M, H, W]` as a filter in blocks, `[M/b, N·parts/b, H/parts, W, b of N·parts, b of M]`. */
function cotangentAsFilter(dy: Value, parts: number, block: number): Value {
  const [batch, channels, ...size] = dy.dims;
  const positions = size[0] * size[1];
  const [inPart, perPicture] = [positions / parts, (channels / block) * positions]; // rows of b of M
  const lanes = Array.from(
    { length: block },
    (_, lane) => Math.floor(lane / parts) * perPicture + (lane % parts) * inPart,
  );
  return pickRows(blockMap(dy), batch * perPicture, [
    evenly(channels / block, positions),
    evenly((batch * parts) / block, (block / parts) * perPicture),
    evenly(inPart, 1),
    lanes,
  ]);
}

/** Filter blocks that the kernels work on at once. */
const FILTER_BLOCKS = 4;

/**
 * How many input channels lie side by side in a picture. The kernels are at their best with six positions in a row
 * for four blocks of filters; a tap row of three with less than four blocks leaves them idle.
 */
function channelsPerPicture(inChannels: number, outChannels: number, block: number): number {
  if (inChannels <= FILTER_BLOCKS) return inChannels;
  return outChannels < FILTER_BLOCKS * block && inChannels % 2 === 0 ? 2 : 1;
}
