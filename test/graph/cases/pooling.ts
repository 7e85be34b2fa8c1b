import {
  type Attributes,
  AveragePool,
  averagePool,
  globalAveragePool,
  globalMaxPool,
  MaxPool,
  maxPool,
  type PoolOptions,
  type Value,
} from "../../../src/graph/index.ts";
import { distinct, uniform } from "../draw.ts";
import type { OperatorCase } from "../operator-case.ts";

type Shape = readonly number[];

function maxCase(name: string, x: Shape, options: PoolOptions): OperatorCase {
  return {
    name: `MaxPool ${x.length - 2}D ${name}`,
    inputs: { x: distinct(x) },
    build: ({ x }) => maxPool(x, options),
  };
}

/** With ONNX's own attributes, as an imported model brings them. */
function rawMaxCase(name: string, x: Shape, attributes: Attributes): OperatorCase {
  return {
    name: `MaxPool ${x.length - 2}D ${name}`,
    inputs: { x: distinct(x) },
    build: ({ x }): readonly Value[] => x.graph.apply(MaxPool, [x], attributes),
  };
}

function averageCase(name: string, x: Shape, options: PoolOptions): OperatorCase {
  return {
    name: `AveragePool ${x.length - 2}D ${name}`,
    inputs: { x: uniform(x) },
    build: ({ x }) => averagePool(x, options),
  };
}

function rawAverageCase(name: string, x: Shape, attributes: Attributes): OperatorCase {
  return {
    name: `AveragePool ${x.length - 2}D ${name}`,
    inputs: { x: uniform(x) },
    build: ({ x }): readonly Value[] => x.graph.apply(AveragePool, [x], attributes),
  };
}

export const poolingCases: readonly OperatorCase[] = [
  maxCase("apart", [2, 2, 6], { kernelSize: 2 }),
  maxCase("overlapping", [1, 2, 7], { kernelSize: 3, stride: 2 }),
  maxCase("apart", [2, 2, 4, 6], { kernelSize: 2 }),
  maxCase("apart, size not divided", [2, 2, 5, 7], { kernelSize: 2 }),
  maxCase("apart, 1x3 windows", [1, 2, 3, 6], { kernelSize: [1, 3] }),
  maxCase("overlapping", [2, 2, 5, 6], { kernelSize: 3, stride: 1 }),
  maxCase("overlapping, padded", [2, 2, 6, 5], { kernelSize: 3, stride: 2, padding: 1 }),
  maxCase("apart, padded", [1, 2, 4, 4], { kernelSize: 2, padding: 1 }),
  maxCase("stride larger than the window", [1, 2, 7, 8], { kernelSize: 2, stride: 3 }),
  maxCase("5x5 with stride 1, as in spatial pyramids", [1, 1, 6, 6], {
    kernelSize: 5,
    stride: 1,
    padding: 2,
  }),
  maxCase("apart", [1, 2, 4, 2, 4], { kernelSize: 2 }),
  maxCase("overlapping, padded", [1, 2, 3, 4, 3], { kernelSize: 3, stride: 2, padding: 1 }),
  rawMaxCase("asymmetric pads, strides left to their default", [1, 2, 4, 4], {
    kernel_shape: [2, 2],
    pads: [0, 1, 1, 0],
  }),
  rawMaxCase("apart, last window beyond the end", [2, 2, 5, 6], {
    kernel_shape: [2, 2],
    strides: [2, 2],
    ceil_mode: 1,
  }),
  rawMaxCase("overlapping, last window beyond the end", [1, 2, 6, 7], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    ceil_mode: 1,
  }),
  rawMaxCase("padded, last window beyond the padding", [1, 1, 6, 5], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
    ceil_mode: 1,
  }),
  rawMaxCase("dilation 2", [1, 2, 6, 7], { kernel_shape: [3, 2], strides: [1, 2], dilations: [2, 2] }),
  rawMaxCase("auto_pad SAME_UPPER", [1, 2, 5, 6], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    auto_pad: "SAME_UPPER",
  }),
  averageCase("apart", [2, 2, 6], { kernelSize: 2 }),
  averageCase("overlapping, padded", [1, 2, 7], { kernelSize: 3, stride: 2, padding: 1 }),
  averageCase("apart", [2, 2, 4, 6], { kernelSize: 2 }),
  averageCase("apart, size not divided", [1, 2, 5, 7], { kernelSize: 2 }),
  averageCase("overlapping", [1, 2, 5, 5], { kernelSize: 3, stride: 1 }),
  averageCase("padded, padding left out", [2, 2, 5, 6], { kernelSize: 3, stride: 2, padding: 1 }),
  averageCase("stride larger than the window", [1, 2, 8, 7], { kernelSize: 2, stride: 3 }),
  averageCase("apart", [1, 2, 4, 2, 3], { kernelSize: [2, 2, 3] }),
  averageCase("overlapping, padded", [1, 1, 3, 4, 3], { kernelSize: 3, stride: 2, padding: 1 }),
  rawAverageCase("padded, padding counted", [2, 2, 5, 6], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
    count_include_pad: 1,
  }),
  rawAverageCase("padded, padding counted", [1, 2, 3, 3, 2], {
    kernel_shape: [2, 2, 2],
    pads: [1, 1, 1, 1, 1, 1],
    count_include_pad: 1,
  }),
  rawAverageCase("auto_pad SAME_LOWER", [1, 2, 5, 6], {
    kernel_shape: [2, 3],
    strides: [2, 2],
    auto_pad: "SAME_LOWER",
  }),
  rawAverageCase("asymmetric pads, padding left out", [1, 2, 4, 5], {
    kernel_shape: [3, 2],
    strides: [2, 1],
    pads: [0, 1, 1, 0],
  }),
  rawAverageCase("last window beyond the end", [1, 2, 6, 7], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    ceil_mode: 1,
  }),
  rawAverageCase("padded, last window beyond the padding", [1, 2, 6, 5], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
    ceil_mode: 1,
  }),
  rawAverageCase("padding counted, last window beyond the padding", [1, 2, 6, 5], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
    ceil_mode: 1,
    count_include_pad: 1,
  }),
  rawAverageCase("dilation 2", [1, 2, 7, 6], { kernel_shape: [3, 2], dilations: [2, 2] }),
  ...[
    [2, 3, 5],
    [2, 3, 3, 4],
    [1, 2, 2, 3, 2],
  ].flatMap((shape): OperatorCase[] => [
    {
      name: `GlobalAveragePool ${shape.length - 2}D`,
      inputs: { x: uniform(shape) },
      build: ({ x }) => globalAveragePool(x),
    },
    {
      name: `GlobalMaxPool ${shape.length - 2}D`,
      inputs: { x: distinct(shape) },
      build: ({ x }) => globalMaxPool(x),
    },
  ]),
];
