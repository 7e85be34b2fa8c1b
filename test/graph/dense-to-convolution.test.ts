import { describe, expect, it } from "vitest";
import { Random, type Tensor, tensor } from "../../src/core/index.ts";
import {
  add,
  clip,
  conv,
  denseToConvolution,
  exp,
  Graph,
  gelu,
  gemm,
  globalAveragePool,
  matmul,
  maxPool,
  mul,
  neg,
  prelu,
  reduceMean,
  relu,
  reshape,
  selu,
  sigmoid,
  softmax,
  softplus,
  storeAsFloat16,
  type Value,
} from "../../src/graph/index.ts";
import { expectClose } from "./closeness.ts";
import { classifier, drawn, run } from "./small-classifier.ts";

const close = { relative: 1e-5, ofLargest: 1e-6 };

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
