import { describe, expect, it } from "vitest";
import { lbfgs } from "../../src/nn/index.ts";

/** Rosenbrock's valley in n dimensions: least, 0, at (1, …, 1). */
function rosenbrock(x: Float64Array) {
  const gradient = new Float64Array(x.length);
  let loss = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const [bend, rest] = [x[i + 1] - x[i] ** 2, 1 - x[i]];
    loss += 100 * bend ** 2 + rest ** 2;
    gradient[i] += -400 * bend * x[i] - 2 * rest;
    gradient[i + 1] += 200 * bend;
  }
  return { loss, gradient };
}

/** Σ cᵢ(xᵢ − i)², conditions from 1 to 1,000. */
function bowl(x: Float64Array) {
  const weights = x.map((_, i) => 10 ** ((3 * i) / Math.max(1, x.length - 1)));
  const loss = x.reduce((sum, value, i) => sum + weights[i] * (value - i) ** 2, 0);
  return { loss, gradient: x.map((value, i) => 2 * weights[i] * (value - i)) };
}

describe("lbfgs", () => {
  it.each([2, 10, 50])("finds the end of Rosenbrock's valley in %d dimensions", async (size) => {
    const start = Array.from({ length: size }, (_, i) => (i % 2 ? 1 : -1.2));
    const { loss, point } = await lbfgs(start, rosenbrock, { iterations: 500, lossTolerance: 0 });
    expect(loss).toBeLessThan(1e-10);
    for (const x of point) expect(x).toBeCloseTo(1, 4);
  });

  it("needs no more evaluations than PyTorch's own (270 here), and never goes up", async () => {
    const losses: number[] = [];
    const { evaluations, point } = await lbfgs(new Array(20).fill(5), bowl, {
      iterations: 300,
      lossTolerance: 0,
      onIteration: ({ loss }) => losses.push(loss),
    });
    expect(evaluations).toBeLessThan(270);
    for (const [i, x] of point.entries()) expect(x).toBeCloseTo(i, 4);
    for (const [i, loss] of losses.entries()) if (i > 0) expect(loss).toBeLessThanOrEqual(losses[i - 1]);
  });

  it("survives a function that is no number beyond its borders", async () => {
    // −ln x + x: least at 1, defined for x > 0 only
    const evaluate = ([x]: Float64Array) => ({ loss: x - Math.log(x), gradient: Float64Array.of(1 - 1 / x) });
    const { point } = await lbfgs([0.01], evaluate, { firstStep: 100 });
    expect(point[0]).toBeCloseTo(1, 4);
  });

  it("ends at once where the gradient is zero, and after the iterations given", async () => {
    expect(await lbfgs([0, 1, 2], bowl)).toMatchObject({ iteration: 0, evaluations: 1, loss: 0 });
    expect((await lbfgs([9, 9, 9], bowl, { iterations: 2 })).iteration).toBe(2);
  });

  it("ends when it is asked to", async () => {
    const controller = new AbortController();
    const onIteration = () => controller.abort();
    const { iteration } = await lbfgs([5, 5, 5], rosenbrock, { signal: controller.signal, onIteration });
    expect(iteration).toBe(1);
  });

  it("refuses a start where the loss is no number", async () => {
    const evaluate = () => ({ loss: Number.NaN, gradient: Float64Array.of(0) });
    await expect(lbfgs([1], evaluate)).rejects.toMatchObject({ code: "loss-not-finite" });
    const broken = () => ({ loss: 1, gradient: Float64Array.of(0, Number.NaN) });
    await expect(lbfgs([1, 1], broken)).rejects.toMatchObject({
      code: "loss-not-finite",
      message: expect.stringContaining("the gradient at the starting point has NaN"),
    });
  });

  it("goes no further than where the gradient is a number", async () => {
    const evaluate = ([x]: Float64Array) => ({
      loss: (x - 1) ** 2,
      gradient: Float64Array.of(x > 3 ? Number.NaN : 2 * (x - 1)),
    });
    const { point } = await lbfgs([-5], evaluate, { firstStep: 20 });
    expect(point[0]).toBeCloseTo(1, 4);
  });
});
