import {
  type Attributes,
  Conv,
  type ConvOptions,
  conv,
  convTranspose,
  type Value,
} from "../../../src/graph/index.ts";
import { uniform } from "../draw.ts";
import type { OperatorCase } from "../operator-case.ts";

type Shape = readonly number[];

function convCase(name: string, x: Shape, w: Shape, options: ConvOptions = {}, bias = false): OperatorCase {
  return {
    name: `Conv ${x.length - 2}D ${name}`,
    inputs: { x: uniform(x), w: uniform(w), ...(bias ? { b: uniform([w[0]]) } : {}) },
    build: ({ x, w, b }) => conv(x, w, b, options),
  };
}

/** With ONNX's own attributes, as an imported model brings them. */
function rawCase(name: string, x: Shape, w: Shape, attributes: Attributes): OperatorCase {
  return {
    name: `Conv ${x.length - 2}D ${name}`,
    inputs: { x: uniform(x), w: uniform(w) },
    build: ({ x, w }): readonly Value[] => x.graph.apply(Conv, [x, w], attributes),
  };
}

/** Filters of ConvTranspose are `[inChannels, outChannels / groups, …]`. */
function transposeCase(
  name: string,
  x: Shape,
  w: Shape,
  options: ConvOptions & { outputPadding?: readonly number[] } = {},
  bias = false,
): OperatorCase {
  const outChannels = w[1] * (options.groups ?? 1);
  return {
    name: `ConvTranspose ${x.length - 2}D ${name}`,
    inputs: { x: uniform(x), w: uniform(w), ...(bias ? { b: uniform([outChannels]) } : {}) },
    build: ({ x, w, b }) => convTranspose(x, w, b, options),
  };
}

export const convolutionCases: readonly OperatorCase[] = [
  convCase("plain with bias", [2, 3, 9], [4, 3, 3], {}, true),
  convCase("stride 2, size not divided", [1, 2, 10], [3, 2, 3], { stride: 2, padding: 1 }),
  convCase("stride 3, size not divided", [2, 2, 12], [2, 2, 2], { stride: 3 }),
  convCase("dilation 3", [1, 2, 11], [2, 2, 3], { dilation: 3, padding: 2 }),
  convCase("dilation 2 with stride 2", [1, 2, 12], [2, 2, 3], { dilation: 2, stride: 2, padding: 1 }),
  convCase("even kernel, asymmetric pads", [2, 2, 7], [3, 2, 4], { padding: [1], paddingEnd: [2] }),
  convCase("depthwise", [2, 3, 8], [3, 1, 3], { padding: 1, groups: 3 }, true),

  convCase("plain with bias", [2, 3, 5, 6], [4, 3, 3, 3], { padding: 1 }, true),
  convCase("1x1", [2, 3, 4, 3], [5, 3, 1, 1], {}, true),
  convCase("1x1 stride 2", [2, 3, 6, 5], [4, 3, 1, 1], { stride: 2 }),
  convCase("1x1 stride 3, rows never seen", [1, 2, 6, 6], [2, 2, 1, 1], { stride: 3 }),
  convCase("1x1 in a padding of 1", [1, 2, 3, 3], [2, 2, 1, 1], { padding: 1 }),
  convCase("padding wider than the kernel", [1, 2, 3, 4], [2, 2, 2, 2], { padding: 3 }),
  convCase("stride 2, even size", [2, 2, 6, 6], [3, 2, 3, 3], { stride: 2, padding: 1 }),
  convCase("stride 2, odd size", [1, 2, 7, 7], [3, 2, 3, 3], { stride: 2, padding: 1 }),
  convCase("stride 3, size not divided", [1, 2, 9, 10], [2, 2, 3, 3], { stride: 3, padding: 1 }),
  convCase("stride larger than the kernel", [1, 2, 8, 7], [2, 2, 2, 2], { stride: 3 }),
  convCase("strides 1 and 2", [1, 2, 5, 8], [2, 2, 3, 3], { stride: [1, 2], padding: [1, 0] }),
  convCase("dilation 2", [1, 2, 7, 7], [2, 2, 3, 3], { dilation: 2, padding: 2 }),
  convCase("dilations 1 and 3", [1, 2, 5, 9], [2, 2, 3, 3], { dilation: [1, 3], padding: [0, 1] }),
  convCase("dilation 2 with stride 3", [1, 2, 10, 11], [2, 2, 3, 2], { dilation: 2, stride: 3, padding: 2 }),
  convCase("even kernel 2x2", [1, 2, 5, 4], [3, 2, 2, 2]),
  convCase("even kernel 4x4 with stride 2", [1, 2, 6, 7], [2, 2, 4, 4], { stride: 2, padding: 1 }),
  convCase("kernel 1x3", [1, 2, 3, 6], [2, 2, 1, 3], { padding: [0, 1] }),
  convCase("kernel over the whole map", [2, 2, 3, 4], [3, 2, 3, 4], {}, true),
  convCase("asymmetric pads", [1, 2, 5, 5], [2, 2, 3, 3], { padding: [0, 1], paddingEnd: [2, 0] }),
  convCase("asymmetric pads with stride 2", [1, 2, 6, 6], [2, 2, 3, 3], {
    stride: 2,
    padding: [0, 0],
    paddingEnd: [1, 1],
  }),
  convCase("groups 2", [2, 4, 5, 5], [6, 2, 3, 3], { groups: 2, padding: 1 }, true),
  convCase("groups 2 with stride 2", [1, 4, 6, 5], [4, 2, 3, 3], { groups: 2, stride: 2, padding: 1 }),
  convCase("groups 2 with dilation 2", [1, 4, 6, 6], [4, 2, 3, 3], { groups: 2, dilation: 2, padding: 2 }),
  convCase("groups 3, 1x1", [2, 6, 3, 3], [3, 2, 1, 1], { groups: 3 }),
  convCase("depthwise", [2, 3, 5, 5], [3, 1, 3, 3], { groups: 3, padding: 1 }, true),
  convCase("depthwise with stride 2", [2, 3, 6, 7], [3, 1, 3, 3], { groups: 3, stride: 2, padding: 1 }),
  convCase("depthwise with stride 3, size not divided", [1, 2, 9, 10], [2, 1, 3, 3], {
    groups: 2,
    stride: 3,
    padding: 1,
  }),
  convCase("depthwise with dilation 2", [1, 3, 7, 7], [3, 1, 3, 3], { groups: 3, dilation: 2, padding: 2 }),
  convCase("depthwise, asymmetric pads", [2, 2, 5, 5], [2, 1, 3, 3], {
    groups: 2,
    stride: 2,
    padding: 0,
    paddingEnd: 1,
  }),
  convCase("depthwise, multiplier 2", [2, 3, 5, 5], [6, 1, 3, 3], { groups: 3, padding: 1 }, true),
  convCase("depthwise, multiplier 2, stride 2", [1, 2, 6, 6], [4, 1, 3, 3], {
    groups: 2,
    stride: 2,
    padding: 1,
  }),
  convCase("one channel in, one out", [2, 1, 5, 5], [1, 1, 3, 3], { padding: 1 }),
  convCase("many channels, filter taps beyond one product", [1, 12, 4, 4], [2, 12, 3, 3], { padding: 1 }),
  convCase("many channels with stride 2", [2, 20, 4, 4], [2, 20, 2, 2], { stride: 2 }),
  rawCase("auto_pad SAME_UPPER with stride 2", [1, 2, 5, 6], [2, 2, 3, 2], {
    auto_pad: "SAME_UPPER",
    strides: [2, 2],
  }),
  rawCase("auto_pad SAME_LOWER", [1, 2, 5, 6], [2, 2, 2, 4], { auto_pad: "SAME_LOWER" }),
  rawCase("auto_pad VALID", [1, 2, 4, 5], [2, 2, 3, 3], { auto_pad: "VALID" }),
  rawCase("without any attribute", [1, 2, 4, 4], [2, 2, 2, 3], {}),

  convCase("plain with bias", [1, 2, 4, 4, 3], [3, 2, 3, 3, 3], { padding: 1 }, true),
  convCase("stride 2, size not divided", [1, 2, 4, 5, 6], [2, 2, 3, 3, 3], { stride: 2, padding: 1 }),
  convCase("strides 1, 2 and 3", [1, 1, 3, 5, 6], [2, 1, 2, 2, 2], { stride: [1, 2, 3] }),
  convCase("dilation 2", [1, 1, 5, 5, 4], [2, 1, 2, 3, 2], { dilation: 2, padding: 1 }),
  convCase("1x1x1", [2, 3, 2, 3, 2], [2, 3, 1, 1, 1], {}, true),
  convCase("groups 2", [1, 4, 3, 3, 3], [4, 2, 2, 2, 2], { groups: 2 }),
  convCase("depthwise, asymmetric pads", [1, 2, 3, 4, 3], [2, 1, 2, 2, 2], {
    groups: 2,
    padding: [1, 0, 1],
    paddingEnd: [0, 1, 1],
  }),

  transposeCase("plain with bias", [2, 3, 5], [3, 2, 3], {}, true),
  transposeCase("stride 2, output padding 1", [1, 2, 5], [2, 3, 3], {
    stride: 2,
    padding: 1,
    outputPadding: [1],
  }),
  transposeCase("plain with bias", [2, 3, 4, 3], [3, 2, 3, 3], { padding: 1 }, true),
  transposeCase("stride 2", [1, 2, 4, 3], [2, 3, 2, 2], { stride: 2 }),
  transposeCase("stride 2, output padding 1", [1, 2, 3, 4], [2, 2, 3, 3], {
    stride: 2,
    padding: 1,
    outputPadding: [1, 1],
  }),
  transposeCase("stride 3, output paddings 0 and 2", [1, 2, 3, 3], [2, 2, 3, 2], {
    stride: 3,
    padding: [1, 0],
    outputPadding: [0, 2],
  }),
  transposeCase("asymmetric pads", [1, 2, 4, 4], [2, 2, 3, 3], {
    stride: 2,
    padding: [1, 0],
    paddingEnd: [0, 2],
  }),
  transposeCase("dilation 2", [1, 2, 4, 3], [2, 2, 3, 2], { dilation: 2, padding: 1 }),
  transposeCase("groups 2", [1, 4, 3, 3], [4, 2, 3, 3], { groups: 2, stride: 2, padding: 1 }, true),
  transposeCase("depthwise", [2, 3, 4, 4], [3, 1, 3, 3], { groups: 3, stride: 2, padding: 1 }),
  transposeCase("plain", [1, 2, 3, 2, 3], [2, 2, 2, 2, 2]),
  transposeCase("stride 2, output padding 1", [1, 2, 2, 3, 2], [2, 2, 3, 3, 3], {
    stride: 2,
    padding: 1,
    outputPadding: [1, 0, 1],
  }),
];
