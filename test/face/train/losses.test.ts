import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { tensor } from "../../../src/core/index.ts";
import { expectClose } from "../../graph/closeness.ts";
import { centralDifferences } from "../../graph/finite-differences.ts";
import { bruteForce } from "./brute-force.ts";
import { computeCase, type LossResults, lossCases, openCase } from "./loss-cases.ts";

const golden: Record<string, LossResults> = JSON.parse(
  readFileSync(new URL("../../golden/face-losses.json", import.meta.url), "utf8"),
);

describe.each(lossCases.map((test) => [test.name, test] as const))("the loss of %s", (name, test) => {
  it("is what loops over all pictures find", async () => {
    const { loss } = await computeCase(test);
    const expected = bruteForce(test);
    expect(loss).toBeGreaterThan(0);
    expect(Math.abs(loss - expected)).toBeLessThan(2e-5 * Math.abs(expected));
  });

  it("has PyTorch's value and gradients", async () => {
    const { loss, gradient, weightGradient } = await computeCase(test);
    const expected = golden[name];
    const tolerance = { relative: 1e-4, ofLargest: 2e-5 };
    expectClose([loss], [expected.loss], tolerance, "loss");
    expectClose(gradient, expected.gradient, tolerance, "∂loss/∂encodings");
    expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(1e-3);
    if (weightGradient) expectClose(weightGradient, expected.weightGradient!, tolerance, "∂loss/∂weight");
  });
});

describe("the gradient", () => {
  // Where a small step changes neither the choice of triplets nor which of them are satisfied.
  const steady = ["batch-hard, two people", "difference, far apart", "chi2 of signed encodings"];

  it.each(steady)("of %s is what finite differences measure", async (name) => {
    const test = lossCases.find((other) => other.name === name)!;
    const x = tensor(test.encodings.flat(), [test.people.length, test.encodings[0].length]);
    const { compute, close } = await openCase(test);
    const { gradient } = await compute(x);
    const measured = await centralDifferences(x, async (moved) => (await compute(moved)).loss);
    await close();
    expectClose(gradient, measured, { relative: 0.03, ofLargest: 0.03 }, "∂loss/∂encodings");
  });
});
