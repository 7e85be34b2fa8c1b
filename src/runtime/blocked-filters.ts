import { gather, reshape, type Value } from "../graph/index.ts";
import { blockMap } from "./blocked-operators.ts";
import { backwards, moveRows } from "./move-rows.ts";

/** Whether the kernels read a map as it is, with its channels one after the other: where they are less than a block. */
export function isPlain(channels: number, block: number): boolean {
  return channels < block;
}

/**
 * `[M, C, h, w]` as `[M/b, C/b, h, w, b of C, b of M]`: first as a map of M channels, then whole rows move. For plain
 * maps `[M/b, C, h, w, b of M]`.
 */
export function blockFilters(w: Value, block: number): Value {
  const [outChannels, inChannels, height, width] = w.dims;
  const taps = height * width;
  const outer = blockMap(reshape(w, [1, outChannels, 1, inChannels * taps])); // [M/b, C·taps, b]
  if (taps === 1 || isPlain(inChannels, block)) return reshape(outer, w.dims);
  const dims = [outChannels / block, inChannels / block, block, taps];
  return reshape(moveRows(outer, { dims, order: [0, 1, 3, 2] }), w.dims);
}

/**
 * The same of the filters that lead back from M channels to C, each turned by 180°: `[C/b, M/b, h, w, b of M, b of
 * C]`.
 */
export function blockTurnedFilters(w: Value, block: number): Value {
  const [outChannels, inChannels, ...size] = w.dims;
  const taps = backwards(size[0] * size[1]);
  return reshape(blockBackwardTaps(w, taps, block), [inChannels, outChannels, ...size]);
}

/**
 * Some taps of the filters that lead back from M channels to C, `[C/b, M/b, taps, b of M, b of C]`. As a map of M
 * pictures with C channels, filters already have the rows that move.
 *
 * @param taps Which taps of `[h, w]`, row by row.
 */
export function blockBackwardTaps(w: Value, taps: readonly number[], block: number): Value {
  const [outChannels, inChannels, height, width] = w.dims;
  const rows = blockMap(w); // [M, C/b, h·w, b]
  const [blocks, count] = [inChannels / block, height * width];
  if (isPlain(outChannels, block)) {
    const picked = { axis: 2, indices: taps };
    return moveRows(rows, { dims: [outChannels, blocks, count], order: [1, 0, 2], picked });
  }
  const dims = [outChannels / block, block, blocks, count];
  return moveRows(rows, { dims, order: [2, 0, 3, 1], picked: { axis: 3, indices: taps } });
}

/** `[C, 1, h, w]` as `[C/b, 1, h, w, b]`: as a map of C channels. */
export function blockDepthwise(w: Value): Value {
  const [channels, , height, width] = w.dims;
  return reshape(blockMap(reshape(w, [1, channels, height, width])), w.dims);
}

/** The same with each filter turned by 180°. */
export function blockTurnedDepthwise(w: Value): Value {
  const [channels, , height, width] = w.dims;
  const taps = height * width;
  const turned = gather(reshape(w, [channels, taps]), w.graph.integers(backwards(taps)), 1);
  return blockDepthwise(reshape(turned, w.dims));
}
