import { describe, expect, it } from "vitest";
import { Random, type Tensor, tensor, toNumbers } from "../../src/core/index.ts";
import {
  add,
  batchNormalization,
  clip,
  compose,
  conv,
  cut,
  denseToConvolution,
  encodeModel,
  exp,
  foldBatchNorm,
  freeze,
  fromFloat16,
  Graph,
  gelu,
  gemm,
  globalAveragePool,
  matmul,
  maxPool,
  mergeEqual,
  mul,
  neg,
  type Operator,
  orderedNodes,
  prelu,
  reduceMean,
  relu,
  reshape,
  selu,
  sigmoid,
  softmax,
  softplus,
  storeAsFloat16,
  Transpose,
  thaw,
  toFloat16,
  transpose,
  type Value,
} from "../../src/graph/index.ts";
import { compile } from "../../src/runtime/index.ts";
import { expectClose } from "./closeness.ts";

const close = { relative: 1e-5, ofLargest: 1e-6 };

function drawn(random: Random, shape: number[], low = -1, high = 1): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Array.from({ length: size }, () => random.uniform(low, high)),
    shape,
  );
}

async function run(outputs: Record<string, Value>, feeds: Record<string, Tensor>) {
  const program = await compile({ outputs, threads: 1 });
  const results = await program.run(feeds);
  const copies = Object.entries(results).map(([name, { shape, data }]) => [
    name,
    { shape, data: toNumbers({ dtype: "float32", shape, data }) },
  ]);
  await program.release();
  return Object.fromEntries(copies) as Record<string, { shape: number[]; data: number[] }>;
}

const typesOf = (value: Value) => orderedNodes([value]).map(({ operator }) => operator.opType);

/** Convolution, batch norm, relu, pool, dense, relu, dense, softmax for pictures of 8 × 8. */
function classifier() {
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

describe("cut and compose", () => {
  it("take a net apart at a tensor and put it together again", async () => {
    const { y, features, random } = classifier();
    const picture = drawn(random, [1, 3, 8, 8]);
    const backbone = cut({ features });
    const head = cut({ y }, { features });
    expect(backbone.graph.inputs.map(({ name }) => name)).toEqual(["x"]);
    expect(head.graph.inputs.map(({ name }) => name)).toEqual(["features"]);
    const whole = await run({ y }, { x: picture });
    const middle = await run(backbone.outputs, { x: picture });
    const { data, shape } = middle.features;
    const end = await run(head.outputs, { features: tensor(data, shape) });
    expectClose(end.y.data, whole.y.data, close, "y");

    const joined = compose(head.outputs, new Map([[head.graph.inputs[0], backbone.outputs.features]]));
    expectClose((await run(joined.outputs, { x: picture })).y.data, whole.y.data, close, "y, joined");
  });

  it("expose an inner tensor beside the result", async () => {
    const { y, logits, random } = classifier();
    const both = await run(cut({ y, logits }).outputs, { x: drawn(random, [1, 3, 8, 8]) });
    const exps = Array.from(both.logits.data, Math.exp);
    const total = exps.reduce((a, b) => a + b);
    expectClose(
      both.y.data,
      exps.map((e) => e / total),
      close,
      "softmax of the logits",
    );
  });

  it("refuse to cut at a constant, and to join what does not fit", () => {
    const { y, g } = classifier();
    const w = orderedNodes([y])[0].inputs[1]!;
    expect(() => cut({ y }, { w })).toThrowError(/`w` is a constant/);
    const other = new Graph().input("bytes", [1, 3, 8, 8], "uint8");
    expect(() => compose({ y }, new Map([[g.inputs[0], other]]))).toThrowError(/does not fit input `x`/);
  });
});

describe("freeze and thaw", () => {
  it("turn constants into inputs and back, the net unchanged", async () => {
    const { y, random } = classifier();
    const picture = drawn(random, [1, 3, 8, 8]);
    const constants = orderedNodes([y]).flatMap((node) =>
      node.inputs.filter((input): input is Value => input?.name === "w1" || input?.name === "b3"),
    );
    const open = thaw({ y }, constants);
    expect(open.graph.inputs.map(({ name }) => name).sort()).toEqual(["b3", "w1", "x"]);
    const values = Object.fromEntries([...open.values].map(([{ name }, value]) => [name, value]));
    const whole = await run({ y }, { x: picture });
    expectClose((await run(open.outputs, { x: picture, ...values })).y.data, whole.y.data, close, "thawed");
    const shut = freeze(open.outputs, open.values);
    expect(shut.graph.inputs.map(({ name }) => name)).toEqual(["x"]);
    expectClose((await run(shut.outputs, { x: picture })).y.data, whole.y.data, close, "frozen");
    const [w1] = open.values.keys();
    expect(() => freeze(open.outputs, new Map([[w1, tensor([1])]]))).toThrowError(/its value float32 \[1\]/);
  });
});

describe("foldBatchNorm", () => {
  it("leaves the net's answers and none of the normalisations", async () => {
    const { y, random } = classifier();
    const picture = drawn(random, [1, 3, 8, 8]);
    const folded = foldBatchNorm({ y });
    expect(typesOf(y)).toContain("BatchNormalization");
    expect(typesOf(folded.outputs.y)).not.toContain("BatchNormalization");
    expect(typesOf(folded.outputs.y).filter((type) => type === "Conv")).toHaveLength(1);
    const [before, after] = [await run({ y }, { x: picture }), await run(folded.outputs, { x: picture })];
    expectClose(after.y.data, before.y.data, close, "y");
  });

  it("keeps one whose convolution something else reads, too", () => {
    const g = new Graph();
    const x = g.input("x", [1, 1, 4]);
    const one = (value: number) => g.constant(tensor([value]));
    const a = conv(x, g.constant(tensor([2], [1, 1, 1])));
    const n = batchNormalization(a, one(1), one(0), one(0), one(1));
    expect(typesOf(foldBatchNorm({ n, a }).outputs.n)).toContain("BatchNormalization");
  });
});

describe("denseToConvolution", () => {
  it("gives in one pass what the net says of every window", async () => {
    const { x, y, random } = classifier();
    const [rows, columns] = [12, 14];
    const picture = drawn(random, [1, 3, rows, columns]);
    // Without padding, windows of the first convolution do not see beyond their own borders: here they do, so the
    // comparison is with a net of the same kind that pads nothing.
    const unpadded = slidingNet(random);
    const sliding = denseToConvolution({ y: unpadded.y }, unpadded.x, [1, 3, rows, columns]);
    expect(sliding.outputs.y.shape).toEqual([1, 3, 3, 4]);
    const map = await run(sliding.outputs, { x: picture });
    for (let row = 0; row < 3; row++) {
      for (let column = 0; column < 4; column++) {
        const alone = await run({ y: unpadded.y }, { x: windowOf(picture, 2 * row, 2 * column, 8) });
        const there = [0, 1, 2].map((k) => map.y.data[(k * 3 + row) * 4 + column]);
        expectClose(there, alone.y.data, close, `window ${row}, ${column}`);
      }
    }
    expect(denseToConvolution({ y }, x, [1, 3, 8, 8]).outputs.y.shape).toEqual([1, 3, 1, 1]);
  });

  it("makes a window's average of a global one", async () => {
    const g = new Graph();
    const random = new Random(3);
    const x = g.input("x", [1, 2, 4, 4]);
    const w = g.constant(drawn(random, [3, 2]));
    const y = sigmoid(gemm(reshape(globalAveragePool(x), [1, 2]), w, false, true));
    const sliding = denseToConvolution({ y }, x, [1, 2, 4, 6]);
    expect(sliding.outputs.y.shape).toEqual([1, 3, 1, 3]);
    const picture = drawn(random, [1, 2, 4, 6]);
    const map = await run(sliding.outputs, { x: picture });
    const alone = await run({ y }, { x: windowOf(picture, 0, 2, 4) });
    expectClose(
      [0, 1, 2].map((k) => map.y.data[k * 3 + 2]),
      alone.y.data,
      close,
      "last window",
    );
  });

  it("makes windows' averages of means over a map, and filters of weights that are computed", async () => {
    const g = new Graph();
    const random = new Random(4);
    const x = g.input("x", [1, 2, 4, 4]);
    const w = mul(g.constant(drawn(random, [2, 3])), 2);
    const y = gemm(reduceMean(x, [2, 3], false), w);
    const sliding = denseToConvolution({ y }, x, [1, 2, 5, 6]);
    expect(sliding.outputs.y.shape).toEqual([1, 3, 2, 3]);
    const picture = drawn(random, [1, 2, 5, 6]);
    const map = await run(sliding.outputs, { x: picture });
    const alone = await run({ y }, { x: windowOf(picture, 1, 2, 4) });
    expectClose(
      [0, 1, 2].map((k) => map.y.data[k * 6 + 5]),
      alone.y.data,
      close,
      "last window",
    );
  });

  it("takes lists that are no constants themselves for lists: a bias stored as float16", async () => {
    const g = new Graph();
    const random = new Random(6);
    const x = g.input("x", [1, 4, 3, 3]);
    const w = g.constant(drawn(random, [36, 64]));
    const b = g.constant(drawn(random, [64]));
    const half = storeAsFloat16({ y: add(matmul(reshape(x, [1, 36]), w), b) });
    const [input] = half.graph.inputs;
    const sliding = denseToConvolution(half.outputs, input, [1, 4, 4, 5]);
    expect(sliding.outputs.y.shape).toEqual([1, 64, 2, 3]);
    const picture = drawn(random, [1, 4, 4, 5]);
    const map = await run(sliding.outputs, { x: picture });
    const alone = await run({ y: half.outputs.y }, { x: windowOf(picture, 1, 2, 3) });
    const there = Array.from({ length: 64 }, (_, k) => map.y.data[k * 6 + 5]);
    expectClose(there, alone.y.data, close, "last window");
  });

  it("slides whatever works element by element", () => {
    const g = new Graph();
    const x = g.input("x", [1, 2, 4, 4]);
    const dense = gemm(reshape(x, [1, 32]), g.constant(drawn(new Random(1), [32, 4])));
    const slopes = g.constant(drawn(new Random(2), [4]));
    for (const apply of [
      selu,
      gelu,
      softplus,
      exp,
      neg,
      (v: Value) => prelu(v, slopes),
      (v: Value) => clip(v, 0, 6),
    ]) {
      const sliding = denseToConvolution({ y: apply(dense) }, x, [1, 2, 5, 6]);
      expect(sliding.outputs.y.shape).toEqual([1, 4, 2, 3]);
    }
  });

  it("keeps the weights' element type", () => {
    const x = new Graph().input("x", [1, 2, 2, 2], "float64");
    const w = x.graph.constant(
      tensor(
        Array.from({ length: 24 }, (_, i) => i / 3),
        [8, 3],
        "float64",
      ),
    );
    const { outputs } = denseToConvolution({ y: matmul(reshape(x, [1, 8]), w) }, x, [1, 2, 3, 3]);
    const filters = outputs.y.producer!.inputs[1]!.constant!;
    expect([filters.dtype, filters.data]).toEqual(["float64", expect.any(Float64Array)]);
    expect(filters.data[1]).toBe(1);
  });

  it("refuses what cannot slide, by name", () => {
    const g = new Graph();
    const x = g.input("x", [1, 2, 4, 4]);
    const dense = gemm(reshape(x, [1, 32]), g.constant(drawn(new Random(1), [32, 4])));
    const y = reshape(dense, [2, 2]);
    expect(() => denseToConvolution({ y }, x, [1, 2, 8, 8])).toThrowError(
      /Reshape \(node `.*`\) comes after a dense layer/,
    );
  });
});

function slidingNet(random: Random) {
  const g = new Graph();
  const x = g.input("x", [1, 3, 8, 8]);
  const constant = (...shape: number[]) => g.constant(drawn(random, shape));
  const features = maxPool(relu(conv(x, constant(4, 3, 3, 3), constant(4))), { kernelSize: 2 });
  const hidden = relu(gemm(reshape(features, [1, 36]), constant(10, 36), false, true, constant(10)));
  return { x, y: softmax(gemm(hidden, constant(10, 3), false, false, constant(3)), 1) };
}

function windowOf(
  { shape: [, channels, rows, columns], data }: Tensor,
  top: number,
  left: number,
  size: number,
) {
  const values: number[] = [];
  for (let c = 0; c < channels; c++) {
    for (let r = top; r < top + size; r++) {
      for (let k = left; k < left + size; k++) values.push(Number(data[(c * rows + r) * columns + k]));
    }
  }
  return tensor(values, [1, channels, size, size]);
}

describe("float16", () => {
  it("rounds to the nearest, halves to even, down to the smallest", () => {
    const given = [
      0,
      -0,
      1,
      -2.5,
      65504,
      1 / 3,
      2 ** -14,
      2 ** -24,
      2 ** -25,
      3 * 2 ** -25,
      1 + 2 ** -11,
      1 + 3 * 2 ** -11,
    ];
    const back = toNumbers(fromFloat16(toFloat16(tensor(given))));
    expect(back).toEqual([
      0,
      -0,
      1,
      -2.5,
      65504,
      0.333251953125,
      2 ** -14,
      2 ** -24,
      0,
      2 ** -23,
      1,
      1 + 2 ** -9,
    ]);
    expect(() => toFloat16(tensor([1e6]))).toThrowError(/beyond ±65504/);
  });

  it("turns every one of its numbers into float32 and back", () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i).filter(
      (word) => (word & 0x7c00) !== 0x7c00,
    );
    const half: Tensor = { dtype: "float16", shape: [bits.length], data: bits };
    expect(toFloat16(fromFloat16(half)).data).toEqual(bits);
  });

  it("leaves numbers alone that it cannot hold: places beyond 1024, and the very large", async () => {
    const g = new Graph();
    const centres = g.constant(tensor(Array.from({ length: 1200 }, (_, i) => i + 0.5)));
    const large = g.constant(tensor(Array.from({ length: 100 }, (_, i) => 1e5 * i)));
    const outputs = storeAsFloat16({
      y: add(g.input("x", [1200]), centres),
      z: add(g.input("u", [100]), large),
    }).outputs;
    const { y, z } = await run(outputs, {
      x: tensor(new Float32Array(1200)),
      u: tensor(new Float32Array(100)),
    });
    expect(y.data.slice(1098, 1102)).toEqual([1098.5, 1099.5, 1100.5, 1101.5]);
    expect(z.data[99]).toBe(99e5);
  });

  it("halves a net's file and hardly changes its answers", async () => {
    const { y, random } = classifier();
    const picture = drawn(random, [1, 3, 8, 8]);
    const small = storeAsFloat16({ y }, 10);
    const [before, after] = [await run({ y }, { x: picture }), await run(small.outputs, { x: picture })];
    expectClose(after.y.data, before.y.data, { relative: 1e-2, ofLargest: 1e-3 }, "y");
    const bytes = encodeModel({ outputs: { y: small.outputs.y } }).length;
    expect(bytes).toBeLessThan(0.75 * encodeModel({ outputs: { y } }).length);
  });
});

describe("mergeEqual", () => {
  const count = (value: Value, operator: Operator) =>
    orderedNodes([value]).filter((node) => node.operator === operator).length;

  it("computes once what is asked for twice, and tells attributes and inputs apart", async () => {
    const g = new Graph();
    const x = g.input("x", [2, 3]);
    const y = add(add(transpose(x, [1, 0]), transpose(x, [1, 0])), reshape(x, [3, 2]));
    const z = add(y, transpose(transpose(y, [1, 0]), [1, 0]));
    const { outputs } = mergeEqual({ z });
    expect(count(z, Transpose)).toBe(4);
    expect(count(outputs.z, Transpose)).toBe(3);
    const feeds = { x: tensor([1, 2, 3, 4, 5, 6], [2, 3]) };
    expect(await run(outputs, feeds)).toEqual(await run({ z }, feeds));
  });
});
