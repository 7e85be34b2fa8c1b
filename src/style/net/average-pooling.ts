import { type Tensor, tensor } from "../../core/index.ts";
import {
  AveragePool,
  conv,
  MaxPool,
  type Node,
  padRepeating,
  resolvePads,
  type Value,
} from "../../graph/index.ts";

/** Weights along an axis in place of a window of 2 or 3 at stride 2: every element counts the same in all, ½. */
const smooth: Readonly<Record<number, readonly number[]>> = { 2: [1, 3, 3, 1], 3: [1, 2, 1] };

/**
 * Smooth means in place of maxima, for `copyGraph`: gradients reach every pixel of a window (Gatys et al. 2016, section
 * 2), and since windows overlap evenly, no grid of the strides shows in the picture (Zhang 2019). The map has the size
 * that it had.
 */
export function averageInstead(
  node: Node,
  inputs: readonly (Value | undefined)[],
): readonly Value[] | undefined {
  if (node.operator !== MaxPool) return undefined;
  const [x] = inputs as [Value];
  const { storage_order: _, ...attributes } = node.attributes;
  const kernel = attributes.kernel_shape as readonly number[];
  const list = (name: string) => (attributes[name] as readonly number[] | undefined) ?? kernel.map(() => 1);
  const [strides, dilations] = [list("strides"), list("dilations")];
  const weights = smooth[kernel[0]];
  const isHalving =
    strides.every((stride) => stride === 2) &&
    kernel.every((size, i) => size === kernel[0] && dilations[i] === 1);
  if (!weights || !isHalving) return x.graph.apply(AveragePool, inputs, attributes);
  const { dims } = x.graph.apply(MaxPool, inputs, attributes)[0]; // by `auto_pad` and `ceil_mode`, too
  const wider = (weights.length - kernel[0]) / 2;
  const before = resolvePads(x, kernel, strides, dilations, attributes)[0].map((zeros) => zeros + wider);
  const behind = before.map((zeros, i) => 2 * (dims[i + 2] - 1) + weights.length - x.dims[i + 2] - zeros);
  const channels = x.dims[1];
  return [
    conv(x, x.graph.constant(filters(channels, weights)), undefined, {
      stride: 2,
      padding: before,
      paddingEnd: behind.map((zeros) => Math.max(0, zeros)),
      groups: channels,
    }),
  ];
}

/** Pictures `[N, C, H, W]` at half their size, by the same smooth means; edges go on beyond themselves. */
export function halved(x: Value): Value {
  const filter = x.graph.constant(filters(x.dims[1], smooth[2]));
  const wider = padRepeating(x, [0, 0, 1, 1], [0, 0, 1, 1], "edge");
  return conv(wider, filter, undefined, { stride: 2, groups: x.dims[1] });
}

/** The weights of both axes multiplied, for each channel by itself. */
function filters(channels: number, weights: readonly number[]): Tensor {
  const size = weights.length;
  const total = weights.reduce((a, b) => a + b, 0);
  const one = weights.flatMap((a) => weights.map((b) => (a * b) / total ** 2));
  return tensor(Array.from({ length: channels }, () => one).flat(), [channels, 1, size, size]);
}
