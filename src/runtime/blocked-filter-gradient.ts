import {
  type ConvGeometry,
  foldDepth,
  geometryInPlane,
  reshape,
  slice,
  transpose,
  type Value,
} from "../graph/index.ts";
import { asPicture } from "./as-picture.ts";
import { blockMap } from "./blocked-filters.ts";
import { BlockedConv, ReorderOutput } from "./blocked-operators.ts";
import { moveRows } from "./move-rows.ts";
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
  { strides, dilations, begin }: ConvGeometry,
  block: number,
): Value | undefined {
  const [batch, , height, width] = x.dims;
  if (batch % block !== 0 || outChannels % block !== 0) return undefined;
  const { graph } = x;
  const size = dy.dims.slice(2);
  const extent = size.map((count, i) => (count - 1) * strides[i] + 1); // of dy as a filter
  const missing = kernel.map((taps, i) => extent[i] + (taps - 1) * dilations[i] - begin[i] - x.dims[i + 2]);
  const after = missing.map((n) => Math.max(0, n));
  const wide = begin[1] + width + after[1];

  const lines = reshape(x, [1, batch, inChannels * height, width]);
  const padded = padColumns(blockMap(lines), begin[1], after[1]); // [N/b, C, H, W, b of N]
  const together = dilations[1] === 1 ? channelsPerPicture(inChannels, outChannels, block) : 1;
  const pictures = inChannels / together;
  const groups = batch / block;
  const map =
    together === 1
      ? moveRows(padded, { dims: [groups, inChannels], order: [1, 0] })
      : moveRows(padded, { dims: [groups, pictures, together, height, wide], order: [1, 0, 3, 4, 2] });

  // [N, M/b, P, b of M] as [M/b, N/b, P, b of N, b of M]
  const positions = size[0] * size[1];
  const filter = moveRows(blockMap(dy), {
    dims: [groups, block, outChannels / block, positions],
    order: [2, 0, 3, 1],
  });

  const rows = Math.floor((begin[0] + height + after[0] - extent[0]) / dilations[0]) + 1;
  const columns = (Math.floor((wide - extent[1]) / dilations[1]) + 1) * together;
  const result = [pictures, outChannels, rows, columns];
  const blocks = graph.apply(
    BlockedConv,
    [
      reshape(map, [pictures, batch, height, wide * together]),
      reshape(filter, [outChannels, batch, ...size]),
    ],
    {
      kernel_shape: size,
      strides: dilations,
      dilations: [strides[0], strides[1] * together],
      pads: [begin[0], 0, after[0], 0],
      group: 1,
    },
    [result],
  )[0];
  const columnsEach = columns / together;
  const byFilter = moveRows(blocks, {
    dims: [pictures, outChannels / block, rows, columnsEach, together],
    order: [1, 0, 4, 2, 3],
  });
  const found = [1, outChannels, inChannels * rows, columnsEach]; // as a map of M channels
  const plain = graph.apply(ReorderOutput, [reshape(byFilter, found)], { channels: outChannels }, [found])[0];
  let taps = reshape(plain, [outChannels, inChannels, rows, columnsEach]);
  for (const [i, count] of kernel.entries()) {
    if (taps.dims[i + 2] > count) taps = slice(taps, i + 2, 0, count); // positions that no tap has
  }
  return taps;
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
