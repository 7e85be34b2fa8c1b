import { type ConvGeometry, pad, reshape, type Value } from "../graph/index.ts";
import { blockMap } from "./blocked-operators.ts";
import { evenly, pickRows } from "./move-rows.ts";
import { padBlocks } from "./pad-blocks.ts";

/** What turns a convolution's input `[N, C, D, H, W]` into the input of its filter gradient. */
export interface Exchange {
  x: Value;
  /** Cotangent of the convolution's output. */
  dy: Value;
  /** Of the convolution, in three dimensions. */
  geometry: ConvGeometry;
  /** Parts that each picture is cut into, see {@link partsPerPicture}. */
  parts: number;
  /** Channels that lie side by side in a picture. */
  together: number;
  block: number;
}

/** Maps `[kd·C/together, D·N·parts, H, W·together]` in blocks, padded but for some rows of zeros. */
export interface ExchangedMaps {
  map: Value;
  /** Rows of zeros that are still to be put above each map, and below. */
  above: number;
  below: number;
}

/**
 * Parts of so many rows that each picture is cut into, so that the parts of all pictures fill whole blocks; undefined
 * where none will do.
 */
export function partsPerPicture(
  x: Value,
  dy: Value,
  { kernel, strides, dilations }: ConvGeometry,
  block: number,
): number | undefined {
  const batch = x.dims[0];
  let parts = 1;
  while ((batch * parts) % block !== 0) parts *= 2;
  if (parts === 1) return 1;
  const rows = dy.dims[3] / parts;
  const shared = (kernel[1] - 1) * dilations[1]; // rows that neighbours both see
  const fits = x.dims[2] === 1 && Number.isInteger(rows) && rows * strides[1] >= shared;
  return fits ? parts : undefined;
}

/**
 * Pictures and channels in changed roles: each channel, at each depth that a filter reaches, is a picture; the
 * pictures, or parts of them, at each depth of the output, are its channels.
 */
export function channelsAsPictures(exchange: Exchange): ExchangedMaps {
  const { x, dy, geometry, parts, together, block } = exchange;
  const { kernel, strides, dilations, begin } = geometry;
  const [batch, channels] = x.dims;
  const after = kernel.map((taps, i) => {
    const seen = (dy.dims[i + 2] - 1) * strides[i] + (taps - 1) * dilations[i] + 1;
    return Math.max(0, seen - begin[i] - x.dims[i + 2]);
  });
  const lanes = batch * parts;
  const lines = parts === 1 ? x : cut(exchange, after);
  const [height, width] = lines.dims.slice(3);
  const depth = lines.dims[2];
  const inBlocks = blockMap(reshape(lines, [1, lanes, channels * depth * height, width]));
  const maps = reshape(inBlocks, [(lanes / block) * channels, block, depth * height, width]);
  const padded =
    parts > 1
      ? maps
      : padBlocks(maps, {
          top: begin[0] * height,
          left: begin[2],
          bottom: after[0] * height,
          right: after[2],
        });
  const planes = padded.dims[2] / height;
  const wide = padded.dims[3];
  const [outputs, taps] = [dy.dims[2], kernel[0]];
  const groups = lanes / block;
  const rowsPerPlane = together === 1 ? 1 : height * wide; // whole planes move where channels stay apart
  const plane = (index: number) => index * rowsPerPlane;
  const axes = [
    evenly(taps, plane(dilations[0])),
    evenly(channels / together, plane(planes * together)),
    evenly(outputs, plane(strides[0])),
    evenly(groups, plane(channels * planes)),
    ...(together === 1 ? [] : [evenly(rowsPerPlane, 1), evenly(together, plane(planes))]),
  ];
  const moved = pickRows(padded, plane(groups * channels * planes), axes);
  const pictures = (taps * channels) / together;
  return {
    map: reshape(moved, [pictures, outputs * lanes, height, wide * together]),
    above: parts > 1 ? 0 : begin[1],
    below: parts > 1 ? 0 : after[1],
  };
}

/** Pictures `[N, C, 1, H, W]`, padded, as their parts `[N·parts, C, 1, rows, W]`; neighbours share what both see. */
function cut({ x, dy, geometry, parts }: Exchange, after: readonly number[]): Value {
  const { kernel, strides, dilations, begin } = geometry;
  const [batch, channels] = x.dims;
  const padded = pad(x, [0, 0, ...begin], [0, 0, ...after]);
  const [height, width] = padded.dims.slice(3);
  const step = (dy.dims[3] / parts) * strides[1];
  const rows = step - strides[1] + (kernel[1] - 1) * dilations[1] + 1;
  const lines = pickRows(padded, batch * channels * height, [
    evenly(batch, channels * height),
    evenly(parts, step),
    evenly(channels, height),
    evenly(rows, 1),
  ]);
  return reshape(lines, [batch * parts, channels, 1, rows, width]);
}
