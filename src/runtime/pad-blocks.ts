import type { Value } from "../graph/index.ts";
import { blockedConv } from "./blocked-operators.ts";

/** Zeros around each map. */
export interface Margins {
  top?: number;
  left?: number;
  bottom?: number;
  right?: number;
}

/** Zeros around maps in blocks: a depthwise convolution with ones, which all threads share. */
export function padBlocks(x: Value, { top = 0, left = 0, bottom = 0, right = 0 }: Margins): Value {
  if (top === 0 && left === 0 && bottom === 0 && right === 0) return x;
  const [batch, channels, height, width] = x.dims;
  const ones = x.graph.constant({
    dtype: "float32",
    shape: [channels, 1, 1, 1],
    data: new Float32Array(channels).fill(1),
  });
  const shape = [batch, channels, top + height + bottom, left + width + right];
  return blockedConv(x, ones, shape, { pads: [top, left, bottom, right], groups: channels });
}
