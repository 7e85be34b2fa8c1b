import { describe, expect, it } from "vitest";
import { tensor, toNumbers } from "../../src/core/index.ts";
import { add, mul, reduceMean, reduceSum, sub } from "../../src/graph/index.ts";
import { adamW, batchNorm, constant, type Scope, sgd } from "../../src/nn/index.ts";
import type { Objective, StepOptions } from "../../src/train/index.ts";
import { line, lineBatch } from "./line.ts";
import { releasedTrainings } from "./released-trainings.ts";

const start = releasedTrainings();

/** Two weights that act alike, one of them in a place of its own treatment. */
function twoPlaces(treat: (scope: Scope) => Scope): (scope: Scope) => Objective {
  return (scope) => {
    const x = scope.graph.input("x", [3]);
    const wanted = scope.graph.input("wanted", [3]);
    const a = treat(scope.at("a")).parameter("w", [1], constant(2));
    const b = scope.at("b").parameter("w", [1], constant(2));
    const error = sub(mul(x, add(a, b)), wanted);
    return { loss: reduceMean(mul(error, error), undefined, false) };
  };
}

describe("places of a net that are treated differently", () => {
  const rates = { learningRate: 0.05, averageDecay: 0.5 };
  const moved = async (treat: (scope: Scope) => Scope, optimizer: StepOptions["optimizer"]) => {
    const { step, state } = await start(twoPlaces(treat), { optimizer });
    for (let i = 0; i < 3; i++) {
      await step.run(state, lineBatch, rates);
      state.advance();
    }
    const now = state.parameters("value");
    return { a: 2 - Number(now.get("a.w")!.data[0]), b: 2 - Number(now.get("b.w")!.data[0]), state };
  };

  it("a frozen one stays, and costs neither gradient nor memory of the optimiser", async () => {
    const { a, b, state } = await moved((scope) => scope.frozen(), adamW());
    expect(a).toBe(0);
    expect(b).not.toBe(0);
    expect(Object.keys(state.current).filter((name) => name.startsWith("frozen"))).toEqual(["frozen/value"]);
    expect(state.parameters("average").get("a.w")!.data[0]).toBe(2);
  });

  it("a frozen one's norm uses its running statistics and leaves them alone", async () => {
    const { step, state } = await start(
      (scope) => {
        const x = scope.graph.input("x", [2, 3]);
        const y = batchNorm(scope.at("n").frozen(), x);
        const w = scope.parameter("w", [1], constant(1));
        return { loss: reduceMean(mul(y, w), undefined, false) };
      },
      { optimizer: sgd() },
    );
    const report = await step.run(state, { x: tensor([1, 2, 3, 4, 5, 6], [2, 3]) }, rates);
    state.advance();
    expect(report.loss).toBeCloseTo(3.5, 3); // mean 0 and variance 1, as at the start
    expect(toNumbers(state.parameters("value").get("n.mean")!)).toEqual([0, 0, 0]);
  });

  it.each([
    sgd({ momentum: 0.9 }),
    adamW(),
  ])("one at a third of the rate moves a third as far: $name", async (optimizer) => {
    const { step, state } = await start(
      twoPlaces((scope) => scope.withRate(1 / 3)),
      { optimizer },
    );
    await step.run(state, lineBatch, rates);
    state.advance();
    const now = state.parameters("value");
    const [a, b] = ["a.w", "b.w"].map((name) => 2 - Number(now.get(name)!.data[0]));
    expect(Math.abs(b)).toBeGreaterThan(0.01);
    expect(a).toBeCloseTo(b / 3, 5);
  });

  it.each([
    sgd({ momentum: 0.9 }),
    adamW(),
  ])("one with a rate of its own waits while only new parts learn: $name", async (optimizer) => {
    const { step, state } = await start(
      twoPlaces((scope) => scope.withRate(0.5)),
      { optimizer, weightDecay: 0.1 },
    );
    const moved = () =>
      ["a.w", "b.w"].map((name) => Number(state.parameters("value").get(name)!.data[0]) !== 2);
    await step.run(state, lineBatch, { ...rates, newPartsOnly: true });
    state.advance();
    expect(moved()).toEqual([false, true]);
    await step.run(state, lineBatch, rates);
    state.advance();
    expect(moved()).toEqual([true, true]);
  });

  it("is clipped by the gradients of the parts that learn alone", async () => {
    const build = (scope: Scope): Objective => {
      const w = scope.at("new").parameter("w", [1], constant(1));
      const v = scope.withRate(0.1).at("old").parameter("v", [1], constant(1));
      return { loss: reduceSum(add(mul(w, 3), mul(v, 400)), undefined, false) };
    };
    const { step, state } = await start(build, { optimizer: sgd({ momentum: 0 }), clipNorm: 1 });
    const rates = { learningRate: 1, averageDecay: 0 };
    const waiting = await step.run(state, {}, { ...rates, newPartsOnly: true });
    expect(waiting.gradientNorm).toBeCloseTo(3, 5);
    expect(state.next["weight/value"].data[0]).toBeCloseTo(0, 5);
    expect(state.next["weight×0.1/value"].data[0]).toBe(1);
    expect((await step.run(state, {}, rates)).gradientNorm).toBeCloseTo(Math.hypot(3, 400), 3);
  });

  it("keeps no average where none is wanted, and gives the parameters for it", async () => {
    const { step, state } = await start(line, { optimizer: sgd(), average: false });
    await step.run(state, lineBatch, { learningRate: 0.1, averageDecay: 0.5 });
    state.advance();
    expect(Object.keys(state.current).filter((name) => name.endsWith("average"))).toEqual([]);
    expect(state.parameters("average")).toEqual(state.parameters("value"));
    expect(state.parameters("value").get("w")!.data[0]).not.toBe(2);
  });

  it("a rate must be above 0", async () => {
    await expect(
      start(
        twoPlaces((scope) => scope.withRate(0)),
        { optimizer: sgd() },
      ),
    ).rejects.toThrowError(/use frozen\(\)/);
  });
});
