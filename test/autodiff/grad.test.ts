import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { sizeOf, tensor, toNumbers } from "../../src/core/index.ts";
import {
  type Attributes,
  add,
  argMax,
  type ConvOptions,
  cast,
  concat,
  conv,
  type Dim,
  div,
  exp,
  floor,
  Graph,
  gather,
  greater,
  log,
  matmul,
  maxPool,
  mul,
  orderedNodes,
  padRepeating,
  pow,
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
  softplus,
  split,
  stopGradient,
  sub,
  tanh,
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

describe("the derivative of a derivative", () => {
  it("goes through windows apart: ∂Σdx²/∂x = 8x at each maximum of x²", async () => {
    const g = new Graph();
    const x = g.input("x", [1, 1, 4, 4]);
    const [dx] = grad(sum(maxPool(mul(x, x), { kernelSize: 2 })), [x]);
    const [second] = grad(sum(mul(dx!, dx!)), [x]);
    const feed = Array.from({ length: 16 }, (_, i) => 1 + ((i * 7) % 16) / 10);
    const results = await evaluate({ dx: dx!, second: second! }, { x: feed });
    expect(results.dx.filter((value) => value > 0)).toHaveLength(4);
    expectClose(
      results.second,
      results.dx.map((value) => 4 * value),
      exact,
      "second derivative",
    );
  });

  it("goes through a scattered one: with c windows for x, dx = 2cx and ∂Σdx²/∂x = 8c²x", async () => {
    const g = new Graph();
    const x = g.input("x", [1, 1, 5, 5]);
    const [dx] = grad(sum(maxPool(mul(x, x), { kernelSize: 3, stride: 1 })), [x]);
    const [second] = grad(sum(mul(dx!, dx!)), [x]);
    const feed = Array.from({ length: 25 }, (_, i) => 1 + ((i * 7) % 25) / 10);
    const results = await evaluate({ dx: dx!, second: second! }, { x: feed });
    const expected = feed.map((value, i) => 8 * (results.dx[i] / (2 * value)) ** 2 * value);
    expect(expected.filter((value) => value > 0).length).toBeGreaterThan(2);
    expectClose(results.second, expected, exact, "second derivative");
  });

  it.each<[string, (x: Value) => Value, (x: number) => number]>([
    ["x³", (x) => mul(mul(x, x), x), (x) => 6 * x],
    ["x^2.5", (x) => pow(x, 2.5), (x) => 3.75 * Math.sqrt(x)],
    ["sin x", sin, (x) => -Math.sin(x)],
    ["x·eˣ", (x) => mul(x, exp(x)), (x) => (x + 2) * Math.exp(x)],
    ["tanh x", tanh, (x) => -2 * Math.tanh(x) * (1 - Math.tanh(x) ** 2)],
    ["ln x", log, (x) => -1 / x ** 2],
    ["1 / (1 + x)", (x) => div(1, add(x, 1)), (x) => 2 / (1 + x) ** 3],
    [
      "softplus x",
      softplus,
      (x) => {
        const s = 1 / (1 + Math.exp(-x));
        return s * (1 - s);
      },
    ],
  ])("of %s", async (_, apply, expected) => {
    const g = new Graph();
    const at = [0.4, 1.3, 2.1];
    const x = g.input("x", [3]);
    const [first] = grad(sum(apply(x)), [x]);
    const [second] = grad(sum(first!), [x]);
    const { d } = await evaluate({ d: second! }, { x: at });
    expectClose(d, at.map(expected), { relative: 1e-4, ofLargest: 1e-5 }, "second derivative");
  });

  // Σ c·conv(x, w) is linear in x, w and c each: its gradient in a direction is its value there.
  it.each<[string, ConvOptions]>([
    ["at stride 1", { padding: 1 }],
    ["at stride 2, dilated", { stride: 2, dilation: [1, 2], padding: [1, 0] }],
    ["in groups", { groups: 2 }],
  ])("goes through a convolution %s", async (_, options) => {
    const g = new Graph();
    const shapes = { x: [2, 4, 7, 6], w: [6, 4 / (options.groups ?? 1), 3, 2] };
    const [x, u] = [g.input("x", shapes.x), g.input("u", shapes.x)];
    const [w, v] = [g.input("w", shapes.w), g.input("v", shapes.w)];
    const y = conv(x, w, undefined, options);
    const c = g.input("c", y.dims);
    const [dx, dw] = grad(sum(mul(y, c)), [x, w]);
    const [alongU, alongV] = [sum(mul(dx!, u)), sum(mul(dw!, v))];
    const [moved, changed] = [conv(u, w, undefined, options), conv(x, v, undefined, options)];
    const pairs = {
      "dx·u by c": [grad(alongU, [c])[0], moved],
      "dx·u by w": [grad(alongU, [w])[0], grad(sum(mul(moved, c)), [w])[0]],
      "dw·v by c": [grad(alongV, [c])[0], changed],
      "dw·v by x": [grad(alongV, [x])[0], grad(sum(mul(changed, c)), [x])[0]],
    };
    const draw = (dims: readonly number[], a: number) =>
      Array.from({ length: sizeOf(dims) }, (_, i) => Math.sin(a * (i + 1)));
    const feeds = {
      x: draw(shapes.x, 1.1),
      u: draw(shapes.x, 2.3),
      w: draw(shapes.w, 0.7),
      v: draw(shapes.w, 3.1),
      c: draw(y.dims, 1.9),
    };
    for (const [name, [twice, once]] of Object.entries(pairs)) {
      const results = await evaluate({ twice: twice!, once: once! }, feeds);
      expectClose(results.twice, results.once, { relative: 1e-4, ofLargest: 1e-5 }, name);
    }
  });

  it("differentiates a third time", async () => {
    const g = new Graph();
    const x = g.input("x", []);
    let d = sub(mul(mul(mul(x, x), x), x), x);
    for (let i = 0; i < 3; i++) [d] = grad(d, [x]) as [Value];
    const { third } = await evaluate({ third: d }, { x: [1.5] });
    expectClose(third, [36], exact, "24 x");
  });
});
