import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { Graph, reduceSum, type Value } from "../../src/graph/index.ts";
import {
  binaryCrossEntropy,
  crossEntropy,
  focalLoss,
  huberLoss,
  softmaxCrossEntropy,
  squaredError,
  varifocalLoss,
  wingLoss,
} from "../../src/nn/index.ts";
import { evaluate } from "../autodiff/evaluate.ts";
import { expectClose } from "../graph/closeness.ts";

const tight = { relative: 1e-5, ofLargest: 1e-7 };
const logits = [-3, -0.5, 0, 0, 0.25, 2, 5, 0];
const targets = [0, 1, 0, 1, 0.3, 1, 0, 0.5];

/** A loss of logits against targets, and its gradient by the logits. */
async function lossAndGradient(loss: (logits: Value, targets: Value) => Value, z: number[], t: number[]) {
  const graph = new Graph();
  const input = graph.input("z", [z.length]);
  const value = loss(input, graph.input("t", [t.length]));
  const [gradient] = grad(reduceSum(value, undefined, false), [input]);
  return evaluate({ value, gradient: gradient! }, { z, t });
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const logistic = (z: number, t: number) => -t * Math.log(sigmoid(z)) - (1 - t) * Math.log(1 - sigmoid(z));

describe("binaryCrossEntropy", () => {
  it("is the logistic loss, and its gradient σ(z) − t everywhere, also at 0", async () => {
    const { value, gradient } = await lossAndGradient(binaryCrossEntropy, logits, targets);
    expectClose(
      value,
      logits.map((z, i) => logistic(z, targets[i])),
      tight,
      "loss",
    );
    expectClose(
      gradient,
      logits.map((z, i) => sigmoid(z) - targets[i]),
      { ...tight, absolute: 1e-7 },
      "gradient",
    );
  });

  it("neither overflows nor loses its gradient far out", async () => {
    const { value, gradient } = await lossAndGradient(
      binaryCrossEntropy,
      [500, -500, 500, -500],
      [1, 0, 0, 1],
    );
    expect(value).toEqual([0, 0, 500, 500]);
    expect(gradient.map(Math.round)).toEqual([0, 0, 1, -1]);
  });
});

describe("varifocalLoss", () => {
  const z = [-2, 0, 1.5, 0, 3];
  const quality = [0, 0, 0.6, 1, 0.2];

  it.each([
    2, 1.5,
  ])("weighs a find by its quality, background by α·σ(z) to the power of %d", async (gamma) => {
    const { value } = await lossAndGradient((a, b) => varifocalLoss(a, b, { gamma }), z, quality);
    const expected = z.map((a, i) => (quality[i] || 0.75 * sigmoid(a) ** gamma) * logistic(a, quality[i]));
    expectClose(value, expected, tight, "loss");
    expect(value[1]).toBeCloseTo(0.75 * 0.5 ** gamma * Math.LN2, 6); // by hand
    expect(value[3]).toBeCloseTo(Math.LN2, 6);
  });

  it("is least where the logit says the quality", async () => {
    const qualities = [0.1, 0.5, 0.9];
    const logitsOf = qualities.map((t) => Math.log(t / (1 - t)));
    const { gradient } = await lossAndGradient(varifocalLoss, logitsOf, qualities);
    for (const number of gradient) expect(Math.abs(number)).toBeLessThan(1e-6);
  });
});

describe("focalLoss", () => {
  it.each([2, 1.5])("weighs the logistic loss by (1 − p)^%d and by α", async (gamma) => {
    const truth = [0, 1, 0, 1, 1, 1, 0, 0];
    const { value } = await lossAndGradient((z, t) => focalLoss(z, t, { gamma, alpha: 0.3 }), logits, truth);
    const expected = logits.map((z, i) => {
      const p = truth[i] ? sigmoid(z) : 1 - sigmoid(z);
      return -(truth[i] ? 0.3 : 0.7) * (1 - p) ** gamma * Math.log(p);
    });
    expectClose(value, expected, tight, "loss");
  });
});

describe("huberLoss", () => {
  it("is half the square near 0 and linear far out, without a step or kink between", async () => {
    const d = [-3, -0.5, 0, 0.2, 0.5, 2];
    const { value, gradient } = await lossAndGradient(
      (z, t) => huberLoss(z, t, 0.5),
      d,
      d.map(() => 0),
    );
    expectClose(
      value,
      d.map((x) => (Math.abs(x) <= 0.5 ? x * x * 0.5 : 0.5 * (Math.abs(x) - 0.25))),
      tight,
      "loss",
    );
    expectClose(
      gradient,
      d.map((x) => Math.max(-0.5, Math.min(0.5, x))),
      { ...tight, absolute: 1e-7 },
      "gradient",
    );
  });
});

describe("softmaxCrossEntropy", () => {
  it.each([0, 0.1])("is −Σ t·ln softmax(z), the labels smoothed by %d", async (smoothing) => {
    const graph = new Graph();
    const z = [
      [1, -2, 0.5],
      [300, 299, -100],
    ];
    const loss = softmaxCrossEntropy(graph.input("z", [2, 3]), graph.input("t", [2, 3]), smoothing);
    const { value } = await evaluate({ value: loss }, { z: z.flat(), t: [0, 0, 1, 1, 0, 0] });
    const expected = z.map((row, i) => {
      const most = Math.max(...row);
      const total = Math.log(row.reduce((sum, x) => sum + Math.exp(x - most), 0)) + most;
      const target = row.map((_, k) => (1 - smoothing) * Number(k === (i ? 0 : 2)) + smoothing / 3);
      return row.reduce((sum, x, k) => sum - target[k] * (x - total), 0);
    });
    expectClose(value, expected, tight, "loss");
  });
});

describe("crossEntropy", () => {
  it("is −t · ln p, finite at p = 0", async () => {
    const graph = new Graph();
    const loss = crossEntropy(graph.input("p", [4]), graph.input("t", [4]));
    const { value } = await evaluate({ value: loss }, { p: [0.25, 0.5, 0.25, 0], t: [0, 1, 0, 1] });
    expectClose(value, [0, Math.LN2, 0, 12 * Math.LN10], tight, "loss");
  });
});

describe("shapes that do not agree", () => {
  it.each<[string, (a: Value, b: Value) => Value]>([
    ["binaryCrossEntropy", binaryCrossEntropy],
    ["crossEntropy", crossEntropy],
    ["focalLoss", focalLoss],
    ["huberLoss", huberLoss],
    ["softmaxCrossEntropy", softmaxCrossEntropy],
    ["squaredError", squaredError],
    ["varifocalLoss", varifocalLoss],
    ["wingLoss", wingLoss],
  ])("are refused by %s, though they broadcast", (name, loss) => {
    const graph = new Graph();
    const a = graph.input("a", [4, 3]);
    const failed = expect.objectContaining({
      code: "shape-mismatch",
      message: expect.stringMatching(new RegExp(`^${name}: `)),
    });
    expect(() => loss(a, graph.input("row", [1, 3]))).toThrow(failed);
    expect(() => loss(a, graph.input("flat", [3]))).toThrow(failed);
    expect(loss(a, graph.input("open", ["n", 3])).shape[0]).toBe(4);
  });
});
