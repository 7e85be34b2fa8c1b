import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { Graph, reduceSum, type Value } from "../../src/graph/index.ts";
import { binaryCrossEntropy, crossEntropy, varifocalLoss } from "../../src/nn/index.ts";
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

describe("crossEntropy", () => {
  it("is −t · ln p, finite at p = 0", async () => {
    const graph = new Graph();
    const loss = crossEntropy(graph.input("p", [4]), graph.input("t", [4]));
    const { value } = await evaluate({ value: loss }, { p: [0.25, 0.5, 0.25, 0], t: [0, 1, 0, 1] });
    expectClose(value, [0, Math.LN2, 0, 12 * Math.LN10], tight, "loss");
  });
});
