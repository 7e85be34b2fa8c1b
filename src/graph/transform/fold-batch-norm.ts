import type { Tensor } from "../../core/index.ts";
import { type Node, orderedNodes, type Value } from "../graph.ts";
import { BatchNormalization, Conv } from "../ops/index.ts";
import { copyGraph, type GraphCopy } from "./copy.ts";

/**
 * Puts batch normalisations (of inference) into the convolutions before them: γ·(w∗x + b − μ)/σ + β is a
 * convolution with filters w·γ/σ and bias (b − μ)·γ/σ + β. Only where all numbers are constants and nothing
 * else reads the convolution's result.
 */
export function foldBatchNorm<Name extends string>(outputs: Readonly<Record<Name, Value>>): GraphCopy<Name> {
  const readers = countReaders(Object.values<Value>(outputs));
  return copyGraph(outputs, {
    rewrite(node, inputs, graph) {
      const before = foldable(node, readers);
      if (!before) return undefined;
      const [w, b] = folded(before, node);
      const convolution = inputs[0]!.producer!; // its copy; nothing reads it any more
      const constants = [graph.constant(w), graph.constant(b)];
      const names = node.outputs.map(({ name }) => name);
      return graph.apply(
        before.operator,
        [convolution.inputs[0], ...constants],
        before.attributes,
        before.givenShapes,
        names,
      );
    },
  });
}

function countReaders(outputs: readonly Value[]): Map<Value, number> {
  const readers = new Map<Value, number>();
  const count = (value: Value) => readers.set(value, (readers.get(value) ?? 0) + 1);
  for (const output of outputs) count(output);
  for (const node of orderedNodes(outputs)) for (const input of node.inputs) if (input) count(input);
  return readers;
}

/** The convolution that a batch normalisation can go into. */
function foldable(node: Node, readers: ReadonlyMap<Value, number>): Node | undefined {
  if (node.operator !== BatchNormalization || node.attributes.training_mode === 1) return undefined;
  const [x, ...numbers] = node.inputs;
  const before = x?.producer;
  if (!before || before.operator !== Conv || readers.get(x) !== 1) return undefined;
  const all = [...numbers, ...before.inputs.slice(1)];
  return all.every((value) => value?.constant?.dtype === "float32") ? before : undefined;
}

function folded(convolution: Node, normalization: Node): [Tensor, Tensor] {
  const [, w, b] = convolution.inputs;
  const [, scale, offset, mean, variance] = normalization.inputs.map(
    (input) => input?.constant?.data as Float32Array,
  );
  const epsilon = (normalization.attributes.epsilon as number | undefined) ?? 1e-5;
  const filters = w!.constant!;
  const channels = filters.shape[0];
  const each = filters.data.length / channels;
  const weights = Float32Array.from(filters.data as Float32Array);
  const bias = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    const factor = scale[channel] / Math.sqrt(variance[channel] + epsilon);
    for (let i = channel * each; i < (channel + 1) * each; i++) weights[i] *= factor;
    const given = b ? (b.constant!.data[channel] as number) : 0;
    bias[channel] = (given - mean[channel]) * factor + offset[channel];
  }
  return [
    { dtype: "float32", shape: filters.shape, data: weights },
    { dtype: "float32", shape: [channels], data: bias },
  ];
}
