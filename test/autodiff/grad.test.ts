import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { sizeOf, tensor, toNumbers } from "../../src/core/index.ts";
import {
  type Attributes,
  add,
  argMax,
  cast,
  concat,
  conv,
  type Dim,
  exp,
  floor,
  Graph,
  gather,
  greater,
  groupNormalization,
  matmul,
  mul,
  orderedNodes,
  padRepeating,
  Resize,
  RoiAlign,
  reduceMax,
  reduceMean,
  reduceSum,
  reshape,
  ScatterElements,
  sin,
  slice,
  softmax,
  split,
  stopGradient,
  topK,
  type Value,
  where,
} from "../../src/graph/index.ts";
import { compile } from "../../src/runtime/index.ts";
import { expectClose } from "../graph/closeness.ts";
import { evaluate } from "./evaluate.ts";

const exact = { relative: 1e-5, ofLargest: 1e-6 };
const sum = (x: Value) => reduceSum(x, undefined, false);

function failureOf(action: () => unknown): Error & { code?: string } {
  try {
    action();
  } catch (thrown) {
    return thrown as Error;
  }
  throw new Error("nothing was thrown");
}

describe("what the loss depends on", () => {
  it("gives undefined for what the loss does not depend on, and nodes for nothing else", () => {
    const g = new Graph();
    const [x, y, unused] = ["x", "y", "unused"].map((name) => g.input(name, [3]));
    exp(y); // computed, but no part of the loss
    const [dx, dy, dUnused] = grad(sum(sin(x)), [x, y, unused]);
    expect(dx?.shape).toEqual([3]);
    expect([dy, dUnused]).toEqual([undefined, undefined]);
  });

  it("builds no gradient by inputs that nobody asks for", () => {
    const g = new Graph();
    const [x, w] = [g.input("x", [1, 2, 5, 5]), g.input("w", [3, 2, 3, 3])];
    const [dw] = grad(sum(conv(x, w)), [w]);
    const types = orderedNodes([dw!]).map((node) => node.operator.opType);
    expect(types).not.toContain("ConvTranspose");
    expect(types.filter((type) => type === "Conv").length).toBeLessThanOrEqual(1);
  });

  it("adds up what comes back from several uses", async () => {
    const g = new Graph();
    const x = g.input("x", [2]);
    const loss = sum(add(add(mul(x, x), mul(x, 3)), mul(sin(x), x)));
    const [dx] = grad(loss, [x]);
    const at = [0.5, -1.2];
    const { d } = await evaluate({ d: dx! }, { x: at });
    expectClose(
      d,
      at.map((v) => 2 * v + 3 + Math.sin(v) + v * Math.cos(v)),
      exact,
      "∂loss/∂x",
    );
  });

  it("adds up what comes back through outputs of one node", async () => {
    const g = new Graph();
    const x = g.input("x", [4]);
    const [first, second] = split(x, 0, [2, 2]);
    const [dx] = grad(sum(mul(first, second)), [x]);
    const { d } = await evaluate({ d: dx! }, { x: [1, 2, 3, 4] });
    expect(d).toEqual([3, 4, 1, 2]);
  });

  it("differentiates by computed tensors and constants, by one behind the other", async () => {
    const g = new Graph();
    const x = g.input("x", [2]);
    const c = g.constant(tensor([2, -3]));
    const h = mul(x, c);
    const [dx, dh, dc] = grad(sum(mul(h, h)), [x, h, c]);
    const results = await evaluate({ dx: dx!, dh: dh!, dc: dc! }, { x: [0.5, 1] });
    expect(results).toEqual({ dx: [4, 18], dh: [2, -6], dc: [1, -6] });
  });

  it("gives 1 for the loss by itself", async () => {
    const g = new Graph();
    const loss = sum(g.input("x", [2]));
    const [d] = grad(loss, [loss]);
    expect(await evaluate({ d: d! }, { x: [1, 2] })).toEqual({ d: [1] });
  });

  it("takes a loss of one element in any number of dimensions", async () => {
    const g = new Graph();
    const x = g.input("x", [1, 2]);
    const [dx] = grad(reduceMean(mul(x, x)), [x]);
    expect(await evaluate({ dx: dx! }, { x: [3, 4] })).toEqual({ dx: [3, 4] });
  });

  it("shares a mean's gradient among each axis once, though it is named twice", async () => {
    const g = new Graph();
    const x = g.input("x", [2, 3]);
    const [dx] = grad(sum(reduceMean(x, [1, -1])), [x]);
    const { d } = await evaluate({ d: dx! }, { x: [1, 2, 3, 4, 5, 6] });
    expectClose(d, Array(6).fill(1 / 3), exact, "gradient");
  });

  it("differentiates in double precision", async () => {
    const g = new Graph();
    const x = g.input("x", [2], "float64");
    const [dx] = grad(sum(mul(x, sin(x))), [x]);
    expect(dx!.dtype).toBe("float64");
    const { d } = await evaluate({ d: dx! }, { x: [0.1, 0.7] });
    expectClose(
      d,
      [0.1, 0.7].map((v) => Math.sin(v) + v * Math.cos(v)),
      { relative: 1e-12, ofLargest: 0 },
      "∂loss/∂x",
    );
  });

  it.each<[string, (x: Value, w: Value) => Value]>([
    ["a sum", (x) => sum(mul(x, x))],
    ["a mean", (x) => reduceMean(mul(x, x), undefined, false)],
    ["a product that broadcasts", (x, w) => sum(mul(sin(x), w))],
    ["softmax", (x) => sum(mul(softmax(x), x))],
    ["concatenation", (x) => sum(mul(concat([x, sin(x)], 1), 2))],
    ["a part", (x) => sum(mul(slice(x, 1, 0, 3, 2), 3))],
    ["one of two parts", (x) => sum(sin(split(x, 1, [1, 2])[1]))],
    ["a matrix product", (x, w) => sum(mul(matmul(x, reshape(w, [3, 1])), x))],
    ["a maximum", (x) => sum(reduceMax(mul(x, x), [1]))],
    ["a norm of groups", (x, w) => sum(mul(groupNormalization(x, w, w, 1), x))],
  ])("goes back through %s where a dimension is known at run time only", async (_, lossOf) => {
    const feeds = { x: tensor([0.3, -1.2, 2, 1.1, 0.4, -0.7], [2, 3]), w: tensor([0.5, 2, -1]) };
    const run = async (rows: Dim) => {
      const g = new Graph();
      const [x, w] = [g.input("x", [rows, 3]), g.input("w", [3])];
      const loss = add(lossOf(x, w), sum(mul(w, w)));
      const [dx, dw] = grad(loss, [x, w]);
      const program = await compile({ outputs: { dx: dx!, dw: dw! }, threads: 1 });
      const results = await program.run(feeds);
      await program.release();
      return { shape: dx!.shape, dx: toNumbers(results.dx), dw: toNumbers(results.dw) };
    };
    const [open, known] = [await run("N"), await run(2)];
    expect(open.shape).toEqual(["N", 3]);
    expectClose(open.dx, known.dx, exact, "dx");
    expectClose(open.dw, known.dw, exact, "dw");
  });

  it("goes through a chain of thousands of nodes", async () => {
    const g = new Graph();
    const x = g.input("x", []);
    let y = x;
    for (let i = 0; i < 5000; i++) y = add(y, 1);
    const [dx] = grad(y, [x]);
    expect(await evaluate({ dx: dx! }, { x: [0] })).toEqual({ dx: [1] });
  });
});

describe("where nothing flows back", () => {
  it.each<[string, (x: Value) => Value]>([
    ["stopGradient", stopGradient],
    ["a rounding", floor],
    ["a comparison", (x) => cast(greater(x, 0), "float32")],
    ["integers", (x) => cast(cast(x, "int64"), "float32")],
    ["an index of the largest", (x) => cast(argMax(x, 0), "float32")],
  ])("stops at %s", (_, apply) => {
    const g = new Graph();
    const x = g.input("x", [3]);
    expect(grad(sum(apply(x)), [x])).toEqual([undefined]);
  });

  it("differentiates by the result of a rounding, but not through it", async () => {
    const g = new Graph();
    const x = g.input("x", [2]);
    const rounded = floor(x);
    const [dx, dRounded] = grad(sum(mul(rounded, x)), [x, rounded]);
    expect(await evaluate({ dx: dx!, dRounded: dRounded! }, { x: [1.5, -0.5] })).toEqual({
      dx: [1, -1],
      dRounded: [1.5, -0.5],
    });
  });

  it("passes by a flat branch on the way of another", async () => {
    const g = new Graph();
    const x = g.input("x", [2]);
    const [dx] = grad(sum(mul(where(greater(x, 0), x, 0), stopGradient(x))), [x]);
    expect(await evaluate({ dx: dx! }, { x: [2, -3] })).toEqual({ dx: [2, 0] });
  });

  it("needs no gradient of an operator that only its indices pass through", async () => {
    const g = new Graph();
    const x = g.input("x", [3]);
    const { indices } = topK(x, g.integers([2]), 0);
    const [dx] = grad(sum(mul(gather(x, indices), g.constant(tensor([10, 1])))), [x]);
    expect(await evaluate({ dx: dx! }, { x: [1, 3, 2] })).toEqual({ dx: [0, 10, 1] });
  });
});

describe("what cannot be differentiated", () => {
  it("refuses a loss of several elements and says its shape", () => {
    const g = new Graph();
    const x = g.input("x", [2, 3]);
    const failure = failureOf(() => grad(sin(x), [x]));
    expect(failure.code).toBe("loss-not-scalar");
    expect(failure.message).toContain("[2,3]");
  });

  it("names node, operator and tensor where an operator has no gradient", () => {
    const g = new Graph();
    const pixels = g.input("pixels", [4]);
    const { values } = topK(mul(pixels, 2), g.integers([2]), 0);
    const loss = sum(reshape(values, [2]));
    const failure = failureOf(() => grad(loss, [pixels]));
    expect(failure.code).toBe("no-gradient");
    expect(failure.message).toContain("TopK");
    expect(failure.message).toContain(`\`${values.producer!.name}\``);
    expect(failure.message).toContain("`pixels`");
  });

  it("does not mind such an operator where no gradient is wanted", async () => {
    const g = new Graph();
    const x = g.input("x", [2]);
    const { values } = topK(g.constant(tensor([1, 5, 3])), g.integers([2]), 0);
    const [dx] = grad(sum(mul(values, x)), [x]);
    expect(await evaluate({ dx: dx! }, { x: [0, 0] })).toEqual({ dx: [5, 3] });
  });

  it("refuses cropping resizes, multiplying scatters and adaptive region samples by their node's name", () => {
    const g = new Graph();
    const x = g.input("x", [1, 1, 4, 4]);
    const cropped = g.apply(Resize, [x, undefined, undefined, g.integers([1, 1, 8, 8])], {
      mode: "linear",
      coordinate_transformation_mode: "tf_crop_and_resize",
    });
    const zero = g.constant(tensor([0, 0, 0, 0], [1, 1, 1, 4], "int64"));
    const scattered = g.apply(ScatterElements, [x, zero, slice(x, 2, 0, 1)], { axis: 2, reduction: "mul" });
    const regions = g.constant(tensor([0, 0, 2, 2], [1, 4]));
    const sampled = g.apply(RoiAlign, [x, regions, g.integers([0])], { output_height: 2, output_width: 2 });
    for (const [value] of [cropped, scattered, sampled]) {
      const failure = failureOf(() => grad(sum(value), [x]));
      expect(failure.code).toBe("no-gradient");
      expect(failure.message).toContain(value.producer!.operator.opType);
    }
  });
});

describe("what ONNX Runtime computes of a linear operator", () => {
  const resize = (scales: number[], attributes: Attributes) => (x: Value) =>
    x.graph.apply(Resize, [x, undefined, x.graph.constant(tensor(scales))], attributes)[0];
  const symmetric = { mode: "nearest", coordinate_transformation_mode: "half_pixel_symmetric" };

  it.each<[string, number[], (x: Value) => Value]>([
    [
      "antialiased, one axis of the same size",
      [1, 1, 4, 6],
      resize([1, 1, 1.1, 0.5], { mode: "linear", antialias: 1 }),
    ],
    ["to the same size at a scale", [1, 1, 1, 7], resize([1, 1, 1, 1.03], { mode: "linear" })],
    [
      "cropped, to the same size at a scale",
      [1, 1, 3, 7],
      resize([1, 1, 1, 1.03], { mode: "linear", coordinate_transformation_mode: "tf_crop_and_resize" }),
    ],
    ["around the middle", [1, 1, 1, 3], resize([1, 1, 1, 5 / 3], { ...symmetric, nearest_mode: "floor" })],
    [
      "around the middle, up",
      [1, 1, 1, 3],
      resize([1, 1, 1, 11 / 3], { ...symmetric, nearest_mode: "ceil" }),
    ],
    ["wrapped, cropped before", [7], (x) => padRepeating(x, [-2], [4], "wrap")],
    ["wrapped, cropped behind", [2, 7], (x) => padRepeating(x, [1, 3], [0, -3], "wrap")],
  ])("%s: its gradient is the transpose", async (_, shape, apply) => {
    const g = new Graph();
    const x = g.input("x", shape);
    const y = apply(x);
    const c = Array.from({ length: sizeOf(y.dims) }, (_, i) => Math.cos(i));
    const at = Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(2 * i + 1));
    const [dx] = grad(sum(mul(y, g.constant(tensor(c, y.dims)))), [x]);
    const results = await evaluate({ y, dx: dx! }, { x: at });
    const dot = (a: readonly number[], b: readonly number[]) =>
      a.reduce((total, v, i) => total + v * b[i], 0);
    expect(dot(results.dx, at)).toBeCloseTo(dot(results.y, c), 4);
  });
});
