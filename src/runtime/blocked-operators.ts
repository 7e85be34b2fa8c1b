import type { Operator, Value } from "../graph/index.ts";

/** An operator of ONNX Runtime's own that works on blocks of channels; whoever applies it says the shape. */
function blockedOperator(opType: string): Operator {
  return {
    opType,
    domain: "com.microsoft.nchwc",
    infer: ({ inputs: [x], shapes }) => [{ dtype: x!.dtype, shape: shapes![0] }],
  };
}

/** `[N, C, H, W]` to `[N, C/block, H, W, block]`, which still counts as `[N, C, H, W]`. */
export const ReorderInput: Operator = blockedOperator("ReorderInput");

/** The way back; `channels` says how many there are. */
export const ReorderOutput: Operator = blockedOperator("ReorderOutput");

/** Conv of blocked maps with filters `[M/block, C/block, H, W, block of C, block of M]`. */
export const BlockedConv: Operator = blockedOperator("Conv");

/** Mean over the positions of blocked maps, `[N, C, 1, 1]`: in blocks or not, the same order. */
export const BlockedMean: Operator = blockedOperator("GlobalAveragePool");

/** `[N, C, H, W]` as `[N, C/b, H, W, b]`, which still counts as `[N, C, H, W]`. */
export function blockMap(x: Value): Value {
  return x.graph.apply(ReorderInput, [x], {}, [x.shape])[0];
}

/** A map in blocks, which counts as `shape` `[N, C, H, W]`, as one that is. */
export function plainMap(map: Value, shape: readonly number[] = map.dims): Value {
  return map.graph.apply(ReorderOutput, [map], { channels: shape[1] }, [shape])[0];
}

/** Options of a convolution in blocks; the kernel's size is the filters'. */
export interface BlockedConvOptions {
  bias?: Value | undefined;
  strides?: readonly number[];
  dilations?: readonly number[];
  /** Zeros above, left, below, right. */
  pads?: readonly number[];
  groups?: number;
}

/** A convolution of maps in blocks. `shape` is the result's, which is in blocks, too. */
export function blockedConv(
  map: Value,
  filters: Value,
  shape: readonly number[],
  { bias, strides = [1, 1], dilations = [1, 1], pads = [0, 0, 0, 0], groups = 1 }: BlockedConvOptions = {},
): Value {
  const attributes = { kernel_shape: filters.dims.slice(2), strides, dilations, pads, group: groups };
  return map.graph.apply(BlockedConv, [map, filters, bias], attributes, [shape])[0];
}
