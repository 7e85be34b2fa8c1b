import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { Random, sizeOf, type Tensor, tensor } from "../../src/core/index.ts";
import {
  type Attributes,
  Clip,
  ConvTranspose,
  Graph,
  gather,
  importModel,
  MaxPool,
  matmul,
  maxPoolIndices,
  mul,
  Pad,
  Resize,
  type Value,
} from "../../src/graph/index.ts";
import { compile } from "../../src/runtime/index.ts";
import { expectClose } from "./closeness.ts";
import { distinct, fixed, listed, uniform } from "./draw.ts";
import { centralDifferences } from "./finite-differences.ts";
import { foreignFile } from "./foreign-file.ts";
import { instantiate, type OperatorCase, weightedSum, weightedSumOf } from "./operator-case.ts";

/** ∂(Σ y·weights)/∂of, at the values of `feeds`. */
async function gradientOf(
  y: Value,
  of: Value,
  feeds: Readonly<Record<string, Tensor>>,
  weights: readonly number[],
): Promise<number[]> {
  const { graph } = y;
  const flat = graph.constant(tensor(weights, y.dims));
  const instance = {
    graph,
    outputs: [mul(y, flat)],
    weights: [
      tensor(
        weights.map(() => 1),
        y.dims,
      ),
    ],
  };
  const [gradient] = grad(weightedSum(instance as never), [of]);
  expect(gradient, "the gradient is there").toBeDefined();
  const program = await compile({ outputs: { gradient: gradient! }, threads: 1 });
  const numbers = Array.from((await program.run(feeds)).gradient.data as Float32Array);
  await program.release();
  return numbers;
}

const maxPool1D = (attributes: Attributes) => {
  const x = new Graph().input("x", [1, 1, 7]);
  return { x, y: x.graph.apply(MaxPool, [x], { kernel_shape: [2], strides: [2], ...attributes })[0] };
};

describe("MaxPool's gradient", () => {
  it("adds up where dilated windows overlap that would stand apart without dilation", async () => {
    const { x, y } = maxPool1D({ dilations: [2] });
    const feeds = { x: tensor([0, 0, 9, 0, 1, 0, 1], [1, 1, 7]) };
    const dx = await gradientOf(y, x, feeds, [1, 1, 1]); // windows 0 and 2, 2 and 4, 4 and 6
    expect(dx.slice(0, 4)).toEqual([0, 0, 2, 0]);
    expect(dx[4] + dx[6]).toBe(1); // of equal elements either
  });

  it.each([
    ["apart", { strides: [2, 2] }],
    ["overlapping", { strides: [1, 1] }],
  ])("goes to the same places in either order of storage, windows %s", async (_, attributes) => {
    const windows = { kernel_shape: [2, 2], ...attributes };
    const values = [3, 8, 1, 6, 2, 9, 12, 5, 4, 7, 11, 10];
    const gradients = await Promise.all(
      [0, 1].map((storage_order) => {
        const x = new Graph().input("x", [1, 1, 2, 6]);
        const [y] = maxPoolIndices(x, { ...windows, storage_order });
        const weights = Array.from({ length: y.dims[3] }, (_, i) => i + 1);
        return gradientOf(y, x, { x: tensor(values, [1, 1, 2, 6]) }, weights);
      }),
    );
    expect(gradients[1]).toEqual(gradients[0]);
    // Apart: 12 at the lower left, 7 of the middle's, 11 of the right's.
    if (attributes.strides[0] === 2) expect(gradients[1]).toEqual([0, 0, 0, 0, 0, 0, 1, 0, 0, 2, 3, 0]);
  });
});

describe("Resize's gradient", () => {
  it("follows a scale that is not the ratio of the sizes", async () => {
    const graph = new Graph();
    const x = graph.input("x", [3]);
    const attributes = {
      mode: "nearest",
      nearest_mode: "floor",
      coordinate_transformation_mode: "asymmetric",
    };
    const [y] = graph.apply(Resize, [x, undefined, graph.constant(tensor([2.3]))], attributes);
    const dx = await gradientOf(y, x, { x: tensor([1, 2, 3]) }, [1, 1, 1, 1, 1, 1]);
    expect(dx).toEqual([3, 2, 1]); // y = x₀ x₀ x₀ x₁ x₁ x₂
  });

  it("of set 10 follows the nearest element above where an axis shrinks", async () => {
    const x = tensor([0, 1, 2, 3, 4, 5, 6], [1, 1, 1, 7]);
    const scales = tensor([1, 1, 2, 0.6]);
    const { inputs, outputs } = importModel(
      foreignFile(x, { op: "Resize", opset: 10, attributes: { mode: "nearest" }, constants: { scales } }),
    );
    const dx = await gradientOf(outputs.y, inputs.x, { x }, [1, 10, 100, 1000, 1, 10, 100, 1000]);
    expect(dx).toEqual([2, 0, 20, 0, 200, 2000, 0]); // columns 0, ⌈1.67⌉, ⌈3.33⌉, 5; each row twice
  });
});

describe("Clip's limits and Pad's value", () => {
  const x = tensor([-3, 0, 1, 5, 7]);
  const weights = [1, 10, 100, 1000, 10_000];

  it.each([
    { low: -1, high: 4, dx: [0, 10, 100, 0, 0], dLow: [1], dHigh: [11_000] },
    { low: 8, high: 4, dx: [0, 0, 0, 0, 0], dLow: [0], dHigh: [11_111] }, // above the upper limit, that rules
  ])("get what the elements beyond them lose: $low to $high", async ({ low, high, dx, dLow, dHigh }) => {
    const graph = new Graph();
    const [value, from, to] = [graph.input("x", [5]), graph.input("low", []), graph.input("high", [])];
    const [y] = graph.apply(Clip, [value, from, to]);
    const feeds = { x, low: tensor([low], []), high: tensor([high], []) };
    expect(await gradientOf(y, value, feeds, weights)).toEqual(dx);
    expect(await gradientOf(y, from, feeds, weights)).toEqual(dLow);
    expect(await gradientOf(y, to, feeds, weights)).toEqual(dHigh);
  });

  it("an upper limit without a lower one", async () => {
    const graph = new Graph();
    const [value, to] = [graph.input("x", [5]), graph.input("high", [])];
    const [y] = graph.apply(Clip, [value, undefined, to]);
    expect(await gradientOf(y, to, { x, high: tensor([4], []) }, weights)).toEqual([11_000]);
  });

  it("get what stands outside the padded tensor, also where it is cropped", async () => {
    const graph = new Graph();
    const [value, filling] = [graph.input("x", [5]), graph.input("value", [])];
    const [y] = graph.apply(Pad, [value, graph.integers([2, -3]), filling], { mode: "constant" });
    const dValue = await gradientOf(y, filling, { x, value: tensor([7], []) }, [1, 10, 100, 1000]);
    expect(dValue).toEqual([11]);
  });
});

const transposed = (name: string, attributes: Attributes): OperatorCase => ({
  name: `ConvTranspose ${name}`,
  inputs: { x: uniform([1, 2, 3, 4]), w: uniform([2, 2, 3, 3]), b: uniform([2]) },
  build: ({ x, w, b }) => x.graph.apply(ConvTranspose, [x, w, b], { strides: [2, 2], ...attributes })[0],
});

/** Cases whose gradients finite differences alone decide. */
const cases: OperatorCase[] = [
  transposed("output_shape", { output_shape: [6, 7] }),
  transposed("output_shape, more padding behind", { output_shape: [5, 8], auto_pad: "SAME_UPPER" }),
  transposed("SAME_UPPER", { auto_pad: "SAME_UPPER" }),
  transposed("SAME_LOWER", { auto_pad: "SAME_LOWER" }),
  transposed("output_shape and output_padding", { output_shape: [8, 9], output_padding: [1, 1] }),
  {
    name: "MaxPool 2D dilated, strides of the kernel's size",
    inputs: { x: distinct([1, 2, 7, 8]) },
    build: ({ x }) =>
      x.graph.apply(MaxPool, [x], { kernel_shape: [2, 2], strides: [2, 2], dilations: [2, 1] })[0],
  },
  {
    name: "matmul of a vector and matrices",
    inputs: { a: uniform([3]), b: uniform([2, 3, 4]) },
    build: ({ a, b }) => matmul(a, b),
  },
  {
    name: "matmul of matrices and a vector",
    inputs: { a: uniform([2, 4, 3]), b: uniform([3]) },
    build: ({ a, b }) => matmul(a, b),
  },
  {
    name: "matmul of vectors",
    inputs: { a: uniform([3]), b: uniform([3]) },
    build: ({ a, b }) => matmul(a, b),
  },
  {
    name: "Clip with tensors for limits",
    inputs: { x: fixed(listed([-1, 0.3, 0.6, 2])), low: uniform([], -0.5, 0), high: uniform([], 1, 1.5) },
    build: ({ x, low, high }) => x.graph.apply(Clip, [x, low, high])[0],
  },
];

describe.each(cases)("$name", (operatorCase) => {
  it("has the gradients that finite differences measure", async () => {
    const instance = instantiate(operatorCase);
    const { feeds, inputs, outputs, weights, differentiated } = instance;
    const forward = await compile({ outputs: { y: outputs[0] }, threads: 1 });
    expect((await forward.run(feeds)).y.shape).toEqual(outputs[0].shape);
    const gradients = grad(
      weightedSum(instance),
      differentiated.map((name) => inputs[name]),
    );
    const named = Object.fromEntries(differentiated.map((name, i) => [`d_${name}`, gradients[i]!]));
    const backward = await compile({ outputs: named, threads: 1 });
    const computed = await backward.run(feeds);
    for (const name of differentiated) {
      const measured = await centralDifferences(feeds[name], async (moved) =>
        weightedSumOf([(await forward.run({ ...feeds, [name]: moved })).y], weights),
      );
      const near = { relative: 0, ofLargest: 1e-2, absolute: 1e-4 };
      expectClose(computed[`d_${name}`].data, measured, near, `∂loss/∂${name}`);
    }
    await Promise.all([forward.release(), backward.release()]);
  });
});

it.each<[string, Attributes]>([
  ["output_shape", { output_shape: [12, 13] }],
  ["SAME_UPPER", { auto_pad: "SAME_UPPER" }],
])("ConvTranspose by %s computes with learned filters what it does with constant ones", async (_, padding) => {
  const random = new Random(5);
  const draw = (...shape: number[]) =>
    tensor(
      Array.from({ length: sizeOf(shape) }, () => random.uniform(-1, 1)),
      shape,
    );
  const [x, w] = [draw(1, 32, 6, 7), draw(32, 16, 3, 3)];
  const results = await Promise.all(
    [true, false].map(async (learned) => {
      const graph = new Graph();
      const filters = learned ? graph.input("w", w.shape) : graph.constant(w);
      const given = [graph.input("x", x.shape), filters];
      const [y] = graph.apply(ConvTranspose, given, { strides: [2, 2], ...padding });
      const program = await compile({ outputs: { y }, threads: 1 });
      const data = Array.from((await program.run(learned ? { x, w } : { x })).y.data as Float32Array);
      await program.release();
      return data;
    }),
  );
  expectClose(results[0], results[1], { relative: 1e-4, ofLargest: 1e-5 }, "learned");
});

it.each([
  3, 100,
])("Gather's gradient from %i rows takes as many indices as there are at run time", async (rows) => {
  const graph = new Graph();
  const x = graph.input("x", [rows, 8]);
  const y = gather(x, graph.input("indices", ["n"], "int64"));
  const weighted = matmul(graph.input("weights", [1, "n"]), y);
  const loss = matmul(weighted, graph.constant(tensor(new Array(8).fill(1), [8, 1])));
  const [dx] = grad(loss, [x]);
  const program = await compile({ outputs: { dx: dx! }, threads: 1 });
  for (const list of [
    [2, 2, 0, 2],
    [1, -2],
  ]) {
    const { dx: result } = await program.run({
      x: tensor(new Array(rows * 8).fill(0), [rows, 8]),
      indices: tensor(list, [list.length], "int64"),
      weights: tensor(
        list.map((_, i) => i + 1),
        [1, list.length],
      ),
    });
    const sums = Array.from({ length: rows }, () => 0);
    for (const [i, index] of list.entries()) sums[index < 0 ? index + rows : index] += i + 1;
    expect(Array.from(result.data as Float32Array)).toEqual(sums.flatMap((sum) => new Array(8).fill(sum)));
  }
  await program.release();
});
