import type { Value } from "../graph/index.ts";
import { BlockedConv } from "./blocked-operators.ts";

/** Zeros beside a map in blocks: a depthwise convolution with ones, which all threads share. */
export function padColumns(x: Value, before: number, after: number): Value {
  if (before === 0 && after === 0) return x;
  const [batch, channels, height, width] = x.dims;
  const ones = x.graph.constant({
    dtype: "float32",
    shape: [channels, 1, 1, 1],
    data: new Float32Array(channels).fill(1),
  });
  const attributes = {
    kernel_shape: [1, 1],
    strides: [1, 1],
    dilations: [1, 1],
    pads: [0, before, 0, after],
    group: channels,
  };
  const shape = [batch, channels, height, before + width + after];
  return x.graph.apply(BlockedConv, [x, ones], attributes, [shape])[0];
}
