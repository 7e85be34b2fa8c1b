import type { Operator } from "../graph/index.ts";

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
