import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { Graph, reduceSum } from "../../src/graph/index.ts";
import { wingLoss } from "../../src/nn/index.ts";
import { evaluate } from "../autodiff/evaluate.ts";

async function lossAndGradient(differences: number[], width: number, curvature: number) {
  const graph = new Graph();
  const prediction = graph.input("prediction", [differences.length]);
  const value = wingLoss(prediction, graph.input("target", [differences.length]), width, curvature);
  const [gradient] = grad(reduceSum(value, undefined, false), [prediction]);
  const target = differences.map(() => 3);
  return evaluate({ value, gradient: gradient! }, { prediction: differences.map((d) => d + 3), target });
}

describe("wingLoss", () => {
  it("is w·ln(1 + |d|/ε) below w, and |d| − C beyond (Feng et al. 2018, eq. 5)", async () => {
    const differences = [-12, -9, -1, -0.25, 0.5, 4, 9.5, 10.5, 40];
    const { value, gradient } = await lossAndGradient(differences, 10, 2);
    const c = 10 - 10 * Math.log(1 + 10 / 2);
    for (const [i, d] of differences.entries()) {
      const distance = Math.abs(d);
      const isNear = distance < 10;
      expect(value[i]).toBeCloseTo(isNear ? 10 * Math.log(1 + distance / 2) : distance - c, 4);
      expect(gradient[i]).toBeCloseTo(Math.sign(d) * (isNear ? 10 / (2 + distance) : 1), 4);
    }
  });

  it("is 0 for a right answer, joins both parts, and takes w and ε as given", async () => {
    const { value } = await lossAndGradient([0, 4.9999, 5.0001], 5, 0.5);
    expect(value[0]).toBe(0);
    expect(value[2] - value[1]).toBeCloseTo(0, 3);
    expect(value[1]).toBeCloseTo(5 * Math.log(11), 2);
  });
});
