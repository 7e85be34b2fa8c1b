import { gather, reshape, type Value } from "../graph/index.ts";
import { ReorderInput } from "./blocked-operators.ts";
import { moveRows } from "./move-rows.ts";

/** `[N, C, H, W]` as `[N, C/b, H, W, b]`, which still counts as `[N, C, H, W]`. */
export function blockMap(x: Value): Value {
  return x.graph.apply(ReorderInput, [x], {}, [x.shape])[0];
}

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
 * C]`. As a map of M pictures with C channels they already have the rows that move.
 */
export function blockTurnedFilters(w: Value, block: number): Value {
  const [outChannels, inChannels, height, width] = w.dims;
  const taps = height * width;
  const rows = blockMap(w); // [M, C/b, taps, b]
  const moved = isPlain(outChannels, block)
    ? moveRows(rows, { dims: [outChannels, inChannels / block, taps], order: [1, 0, 2], reversed: 2 })
    : moveRows(rows, {
        dims: [outChannels / block, block, inChannels / block, taps],
        order: [2, 0, 3, 1],
        reversed: 3,
      });
  return reshape(moved, [inChannels, outChannels, height, width]);
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
  const backwards = w.graph.integers(Array.from({ length: taps }, (_, i) => taps - 1 - i));
  return blockDepthwise(reshape(gather(reshape(w, [channels, taps]), backwards, 1), w.dims));
}
