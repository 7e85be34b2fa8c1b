import { Random, type Tensor, tensor, toNumbers } from "../../src/core/index.ts";
import {
  batchNormalization,
  conv,
  Graph,
  gemm,
  maxPool,
  relu,
  reshape,
  softmax,
  type Value,
} from "../../src/graph/index.ts";
import { compile } from "../../src/runtime/index.ts";

/** A tensor of random numbers between two. */
export function drawn(random: Random, shape: number[], low = -1, high = 1): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Array.from({ length: size }, () => random.uniform(low, high)),
    shape,
  );
}

/** What a graph computes of its feeds: shapes and numbers. */
export async function run(outputs: Record<string, Value>, feeds: Record<string, Tensor>) {
  const program = await compile({ outputs, threads: 1 });
  const results = await program.run(feeds);
  const copies = Object.entries(results).map(([name, { shape, data }]) => [
    name,
    { shape, data: toNumbers({ dtype: "float32", shape, data }) },
  ]);
  await program.release();
  return Object.fromEntries(copies) as Record<string, { shape: number[]; data: number[] }>;
}

/** Convolution, batch norm, relu, pool, dense, relu, dense, softmax for pictures of 8 × 8. */
export function classifier() {
  const random = new Random(7);
  const g = new Graph();
  const x = g.input("x", [1, 3, 8, 8]);
  const constant = (name: string, shape: number[], low?: number, high?: number) =>
    g.constant(drawn(random, shape, low, high), name);
  const a = conv(x, constant("w1", [4, 3, 3, 3]), constant("b1", [4]), { padding: 1 });
  const n = batchNormalization(
    a,
    constant("scale", [4], 0.5, 1.5),
    constant("offset", [4]),
    constant("mean", [4]),
    constant("variance", [4], 0.5, 2),
  );
  const features = maxPool(relu(n), { kernelSize: 2 });
  const flat = reshape(features, [1, 64]);
  const hidden = relu(gemm(flat, constant("w2", [10, 64]), false, true, constant("b2", [10])));
  const logits = gemm(hidden, constant("w3", [10, 3]), false, false, constant("b3", [3]));
  return { g, x, features, logits, y: softmax(logits, 1), random };
}
