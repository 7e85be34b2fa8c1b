import {
  BatchNormalization,
  batchNormalization,
  batchNormalizationTraining,
  groupNormalization,
  instanceNormalization,
  layerNormalization,
  localResponseNormalization,
} from "../../../src/graph/index.ts";
import { type Draw, fixed, uniform } from "../draw.ts";
import type { OperatorCase } from "../operator-case.ts";

const shapes: readonly (readonly number[])[] = [
  [6, 3],
  [3, 4, 5],
  [2, 3, 3, 4],
  [2, 1, 3, 3],
  [4, 9, 2, 2],
  [2, 2, 2, 3, 2],
];

function affineInputs(shape: readonly number[]): Record<string, Draw> {
  return {
    x: uniform(shape, -1, 3),
    scale: uniform([shape[1]], 0.5, 1.5),
    offset: uniform([shape[1]]),
  };
}

function statistics(channels: number): Record<string, Draw> {
  return { mean: uniform([channels]), variance: uniform([channels], 0.5, 2) };
}

export const normalizationCases: readonly OperatorCase[] = [
  ...shapes.map(
    (shape): OperatorCase => ({
      name: `BatchNormalization training [${shape}]`,
      inputs: affineInputs(shape),
      build: ({ x, scale, offset }) => batchNormalizationTraining(x, scale, offset).y,
    }),
  ),
  {
    name: "BatchNormalization training with a large epsilon",
    inputs: affineInputs([3, 2, 4]),
    build: ({ x, scale, offset }) => batchNormalizationTraining(x, scale, offset, 0.3).y,
  },
  {
    name: "BatchNormalization training with momentum 0.9, statistics given",
    inputs: {
      ...affineInputs([3, 2, 4]),
      mean: fixed(uniform([2])),
      variance: fixed(uniform([2], 0.5, 2)),
    },
    build: ({ x, scale, offset, mean, variance }) =>
      x.graph.apply(BatchNormalization, [x, scale, offset, mean, variance], {
        momentum: 0.9,
        training_mode: 1,
      })[0],
  },
  {
    name: "BatchNormalization training, the batch's statistics",
    inputs: Object.fromEntries(
      Object.entries(affineInputs([3, 2, 4])).map(([key, input]) => [key, fixed(input)]),
    ),
    build({ x, scale, offset }) {
      const { y, mean, variance } = batchNormalizationTraining(x, scale, offset);
      return [y, mean, variance];
    },
  },
  ...shapes.map(
    (shape): OperatorCase => ({
      name: `BatchNormalization inference [${shape}]`,
      inputs: { ...affineInputs(shape), ...statistics(shape[1]) },
      build: ({ x, scale, offset, mean, variance }) => batchNormalization(x, scale, offset, mean, variance),
    }),
  ),
  {
    name: "BatchNormalization inference with a large epsilon",
    inputs: { ...affineInputs([2, 2, 3]), ...statistics(2) },
    build: ({ x, scale, offset, mean, variance }) =>
      batchNormalization(x, scale, offset, mean, variance, 0.5),
  },
  {
    name: "BatchNormalization inference with ONNX's default epsilon",
    inputs: { ...affineInputs([2, 2, 3]), ...statistics(2) },
    build: ({ x, scale, offset, mean, variance }) =>
      x.graph.apply(BatchNormalization, [x, scale, offset, mean, variance])[0],
  },
  ...[
    [2, 3, 5],
    [2, 3, 3, 4],
    [1, 2, 2, 3, 2],
  ].map(
    (shape): OperatorCase => ({
      name: `InstanceNormalization [${shape}]`,
      inputs: affineInputs(shape),
      build: ({ x, scale, offset }) => instanceNormalization(x, scale, offset, 0.01),
    }),
  ),
  ...[
    { shape: [2, 4, 5], groups: 2 },
    { shape: [2, 6, 3, 2], groups: 3 },
    { shape: [1, 4, 2, 2, 3], groups: 1 },
  ].map(
    ({ shape, groups }): OperatorCase => ({
      name: `groupNormalization [${shape}], ${groups} groups`,
      inputs: affineInputs(shape),
      build: ({ x, scale, offset }) => groupNormalization(x, scale, offset, groups, 0.01),
    }),
  ),
  ...[
    { shape: [3, 6], axis: -1, of: [6] },
    { shape: [2, 3, 4], axis: 1, of: [3, 4] },
    { shape: [2, 3, 2, 2], axis: 2, of: [2, 2] },
  ].map(
    ({ shape, axis, of }): OperatorCase => ({
      name: `LayerNormalization [${shape}] from axis ${axis}`,
      inputs: { x: uniform(shape, -1, 3), scale: uniform(of, 0.5, 1.5), offset: uniform(of) },
      build: ({ x, scale, offset }) => layerNormalization(x, scale, offset, axis, 0.01),
    }),
  ),
  {
    name: "LayerNormalization without an offset",
    inputs: { x: uniform([3, 5]), scale: uniform([5], 0.5, 1.5) },
    build: ({ x, scale }) => layerNormalization(x, scale),
  },
  ...[
    { shape: [1, 7, 4], size: 3 },
    { shape: [2, 6, 2, 3], size: 5 },
    { shape: [1, 5, 2, 2, 2], size: 3 },
  ].map(
    ({ shape, size }): OperatorCase => ({
      name: `LRN [${shape}], size ${size}`,
      inputs: { x: uniform(shape) },
      build: ({ x }) => localResponseNormalization(x, size, { alpha: 0.5, beta: 0.6, bias: 1.2 }),
    }),
  ),
];
