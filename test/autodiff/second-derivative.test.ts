import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { sizeOf } from "../../src/core/index.ts";
import {
  add,
  type ConvOptions,
  conv,
  div,
  exp,
  Graph,
  log,
  maxPool,
  mul,
  pow,
  reduceSum,
  sin,
  softplus,
  sub,
  tanh,
  type Value,
} from "../../src/graph/index.ts";
import { expectClose } from "../graph/closeness.ts";
import { evaluate } from "./evaluate.ts";

const exact = { relative: 1e-5, ofLargest: 1e-6 };
const sum = (x: Value) => reduceSum(x, undefined, false);

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
