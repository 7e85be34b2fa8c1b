import { describe, expect, it } from "vitest";
import { tensor, toNumbers } from "../../src/core/index.ts";
import { add, mul, reduceMean, reduceSum, sub } from "../../src/graph/index.ts";
import { adamW, constant, dropout, type Scope, sgd } from "../../src/nn/index.ts";
import type { Objective } from "../../src/train/index.ts";
import { expectClose } from "../graph/closeness.ts";
import { line, lineBatch, points } from "./line.ts";
import { releasedTrainings } from "./released-trainings.ts";
import { toyBatch, toyObjective } from "./toy.ts";

const close = { relative: 1e-5, ofLargest: 1e-6 };
const start = releasedTrainings();

function lineGradient(w: number, b: number): [byW: number, byB: number] {
  const errors = points.x.map((x, i) => w * x + b - points.wanted[i]);
  const mean = (values: number[]) => values.reduce((sum, v) => sum + v) / values.length;
  return [2 * mean(errors.map((e, i) => e * points.x[i])), 2 * mean(errors)];
}

describe("TrainingStep", () => {
  it.each([
    { name: "SGD", optimizer: sgd(), learningRate: 0.05 },
    { name: "AdamW", optimizer: adamW(), learningRate: 0.03 },
  ])("learns a toy problem with $name, the average of parameters following", async ({
    optimizer,
    learningRate,
  }) => {
    const { step, state } = await start(toyObjective, { optimizer, weightDecay: 1e-4 });
    const losses: number[] = [];
    for (let i = 0; i < 200; i++) {
      const reports = await step.run(state, toyBatch(i), { learningRate, averageDecay: 0.9 });
      expect(Object.keys(reports)).toEqual(["loss", "gradientNorm", "bias"]);
      losses.push(reports.loss);
      state.advance();
    }
    const mean = (values: number[]) => values.reduce((sum, v) => sum + v) / values.length;
    expect(mean(losses.slice(-20))).toBeLessThan(0.1 * mean(losses.slice(0, 5)));
    const [value, average] = [state.parameters("value"), state.parameters("average")];
    expect([...average.keys()]).toEqual([...value.keys()]);
    expect(
      toNumbers(value.get("b.mean")!).every((m) => m === 0),
      "running statistics move",
    ).toBe(false);
    for (const [name, now] of value) expect(toNumbers(average.get(name)!)).not.toEqual(toNumbers(now));
  });

  it("decays weights, not gains, and reports the gradient's norm", async () => {
    const { step, state } = await start(line, { optimizer: sgd({ momentum: 0 }), weightDecay: 0.3 });
    let [w, b] = [2, 0.5];
    for (let i = 0; i < 5; i++) {
      const [byW, byB] = lineGradient(w, b);
      const reports = await step.run(state, lineBatch, { learningRate: 0.1, averageDecay: 0 });
      state.advance();
      expect(reports.gradientNorm).toBeCloseTo(Math.hypot(byW, byB), 4);
      [w, b] = [w - 0.1 * (byW + 0.3 * w), b - 0.1 * byB];
      const now = state.parameters("value");
      expectClose([now.get("w")!.data[0], now.get("b")!.data[0]], [w, b], close, `step ${i + 1}`);
    }
  });

  it("counts its steps from 1 for the optimiser: AdamW's bias corrections", async () => {
    const { step, state } = await start(line, { optimizer: adamW(), weightDecay: 0.3 });
    await step.run(state, lineBatch, { learningRate: 0.1, averageDecay: 0 });
    state.advance();
    const [byW, byB] = lineGradient(2, 0.5);
    const now = state.parameters("value");
    const expected = [2 - 0.1 * 0.3 * 2 - 0.1 * Math.sign(byW), 0.5 - 0.1 * Math.sign(byB)];
    expectClose([now.get("w")!.data[0], now.get("b")!.data[0]], expected, close, "first step");
  });

  it.each([
    { clipNorm: 1, clipped: true },
    { clipNorm: 1000, clipped: false },
  ])("scales the whole gradient down to a norm of at most $clipNorm", async ({ clipNorm, clipped }) => {
    const { step, state } = await start(line, { optimizer: sgd({ momentum: 0 }), clipNorm });
    const [byW, byB] = lineGradient(2, 0.5);
    const norm = Math.hypot(byW, byB);
    expect(norm).toBeGreaterThan(1);
    const reports = await step.run(state, lineBatch, { learningRate: 0.1, averageDecay: 0 });
    state.advance();
    expect(reports.gradientNorm, "as it was before").toBeCloseTo(norm, 4);
    const factor = clipped ? clipNorm / norm : 1;
    const now = state.parameters("value");
    const expected = [2 - 0.1 * factor * byW, 0.5 - 0.1 * factor * byB];
    expectClose([now.get("w")!.data[0], now.get("b")!.data[0]], expected, close, "clipped step");
  });

  it("averages parameters exponentially, running statistics too", async () => {
    const { step, state } = await start(toyObjective, { optimizer: sgd() });
    const names = ["a.weight", "b.scale", "b.mean"];
    const expected = new Map(names.map((name) => [name, toNumbers(state.parameters("value").get(name)!)]));
    for (const [i, averageDecay] of [0, 0.5, 0.9, 0.99].entries()) {
      await step.run(state, toyBatch(i), { learningRate: 0.1, averageDecay });
      state.advance();
      for (const name of names) {
        const now = toNumbers(state.parameters("value").get(name)!);
        const before = expected.get(name)!;
        const average = now.map((value, k) => averageDecay * before[k] + (1 - averageDecay) * value);
        expectClose(state.parameters("average").get(name)!.data, average, close, `${name}, step ${i + 1}`);
        expected.set(name, average);
      }
    }
  });

  it("is undone by not advancing: the same step again gives the same bits", async () => {
    const { step, state } = await start(toyObjective, { optimizer: adamW() });
    const rates = { learningRate: 0.1, averageDecay: 0.9 };
    await step.run(state, toyBatch(0), rates);
    state.advance();
    const before = structuredClone(state.current);
    const first = await step.run(state, toyBatch(1), rates);
    expect(state.step).toBe(1);
    expect(state.current).toEqual(before);
    const written = structuredClone(state.next);
    await step.run(state, toyBatch(2), rates); // a step that is thrown away
    expect(state.next).not.toEqual(written);
    expect(await step.run(state, toyBatch(1), rates)).toEqual(first);
    expect(state.next).toEqual(written);
  });

  it("leaves alone what the loss does not depend on", async () => {
    const build = (scope: Scope): Objective => {
      scope.parameter("idle", [2, 2], constant(3));
      return line(scope);
    };
    const { step, state } = await start(build, { optimizer: sgd() });
    await step.run(state, lineBatch, { learningRate: 0.1, averageDecay: 0 });
    state.advance();
    expect(toNumbers(state.parameters("value").get("idle")!)).toEqual([3, 3, 3, 3]);
    expect(state.parameters("value").get("w")!.data[0]).not.toBe(2);
  });

  it("trains a net without gains or statistics", async () => {
    const build = (scope: Scope): Objective => {
      const w = scope.parameter("w", [2], constant(1));
      return { loss: reduceSum(mul(w, w), undefined, false) };
    };
    const { step, state } = await start(build, { optimizer: sgd({ momentum: 0 }) });
    await step.run(state, {}, { learningRate: 0.25, averageDecay: 0 });
    state.advance();
    expect(toNumbers(state.parameters("value").get("w")!)).toEqual([0.5, 0.5]);
  });

  it("names an input that the batch lacks", async () => {
    const { step, state } = await start(line, { optimizer: sgd() });
    const run = step.run(state, { x: lineBatch.x }, { learningRate: 0.1, averageDecay: 0 });
    await expect(run).rejects.toMatchObject({
      code: "input-missing",
      message: expect.stringContaining("`wanted`"),
    });
  });
});

describe("accumulation", () => {
  /** Half of the line's points, so that two batches make the whole. */
  const halves = [0, 1].map((half) => ({
    x: tensor([1, -2, 3, 0.5, 2, -1].slice(3 * half, 3 * half + 3)),
    wanted: tensor([0, 1, 1, -1, 2, 0].slice(3 * half, 3 * half + 3)),
  }));
  function wholeLine(scope: Scope): Objective {
    const x = scope.graph.input("x", [6]);
    const wanted = scope.graph.input("wanted", [6]);
    const w = scope.parameter("w", [1], constant(2));
    const b = scope.parameter("b", [1], constant(0.5), "gain");
    const error = sub(add(mul(x, w), b), wanted);
    return { loss: reduceMean(mul(error, error), undefined, false) };
  }

  it("over two halves is the step of the whole batch", async () => {
    const options = { optimizer: adamW(), clipNorm: 2, weightDecay: 0.1 };
    const parts = await start(line, { ...options, accumulation: 2 });
    const whole = await start(wholeLine, options);
    const all = {
      x: tensor(halves.flatMap(({ x }) => toNumbers(x))),
      wanted: tensor(halves.flatMap(({ wanted }) => toNumbers(wanted))),
    };
    for (let i = 0; i < 4; i++) {
      const rates = { learningRate: 0.05, averageDecay: 0.5 };
      const inParts = await parts.step.run(parts.state, halves, rates);
      const atOnce = await whole.step.run(whole.state, all, rates);
      parts.state.advance();
      whole.state.advance();
      expect(inParts.loss).toBeCloseTo(atOnce.loss, 5);
      expect(inParts.gradientNorm).toBeCloseTo(atOnce.gradientNorm, 4);
      for (const [name, value] of whole.state.parameters("value")) {
        expectClose(
          parts.state.parameters("value").get(name)!.data,
          toNumbers(value),
          close,
          `${name}, step ${i + 1}`,
        );
      }
    }
  });

  it("needs as many batches as it was made for", async () => {
    const { step, state } = await start(line, { optimizer: sgd(), accumulation: 2 });
    await expect(step.run(state, lineBatch, { learningRate: 0.1, averageDecay: 0 })).rejects.toThrowError(
      /takes 2 batches here, not 1/,
    );
  });

  it("forgets a batch whose loss was no number", async () => {
    const { step, state } = await start(line, { optimizer: sgd(), accumulation: 2 });
    const rates = { learningRate: 0.1, averageDecay: 0 };
    const { gradientNorm } = await step.run(state, halves, rates);
    const bad = { ...halves[0], wanted: tensor([0, Number.NaN, 1]) };
    expect((await step.run(state, [bad, halves[1]], rates)).gradientNorm).toBeNaN();
    for (let i = 0; i < 2; i++) {
      expect((await step.run(state, halves, rates)).gradientNorm).toBeCloseTo(gradientNorm, 5);
    }
  });

  it("drops other elements in each batch of a step", async () => {
    const build = (scope: Scope): Objective => {
      const x = scope.graph.input("x", [64]);
      const w = scope.parameter("w", [1], constant(1));
      const marks = scope.graph.constant(tensor(Array.from({ length: 64 }, (_, i) => (i + 1) ** 2)));
      const kept = dropout(scope, x, { rate: 0.5 });
      return { loss: reduceSum(mul(mul(kept, marks), w), undefined, false) };
    };
    const { step, state } = await start(build, { optimizer: sgd(), accumulation: 2 });
    const rates = { learningRate: 0, averageDecay: 0 };
    const [ones, none] = [{ x: tensor(new Array(64).fill(1)) }, { x: tensor(new Array(64).fill(0)) }];
    const first = await step.run(state, [ones, none], rates);
    const second = await step.run(state, [none, ones], rates);
    expect(first.loss).toBeGreaterThan(0);
    expect(second.loss).not.toBeCloseTo(first.loss, 3);
  });

  it("drops other elements in a run of another seed", async () => {
    const build = (scope: Scope): Objective => {
      const marks = scope.graph.constant(tensor(Array.from({ length: 64 }, (_, i) => (i + 1) ** 2)));
      const kept = dropout(scope, mul(marks, scope.parameter("w", [1], constant(1))));
      return { loss: reduceSum(kept, undefined, false) };
    };
    const { step } = await start(build, { optimizer: sgd() });
    const lossOf = async (seed: number) =>
      (await step.run(step.start(seed), {}, { learningRate: 0, averageDecay: 0 })).loss;
    expect(await lossOf(1)).not.toBeCloseTo(await lossOf(0), 3);
    expect(await lossOf(1)).toBe(await lossOf(1));
  });
});

describe("what cannot be a training step", () => {
  it.each([
    { weightDecay: Number.NaN },
    { weightDecay: -1 },
    { clipNorm: 0 },
    { clipNorm: Number.NaN },
  ])("is refused: %o", async (options) => {
    await expect(start(line, { optimizer: sgd(), ...options })).rejects.toMatchObject({
      code: "argument-range",
      message: expect.stringContaining(`\`${Object.keys(options)[0]}\``),
    });
  });

  it("is a net in which nothing is learned", async () => {
    const build = (scope: Scope) => line(scope.frozen());
    await expect(start(build, { optimizer: sgd() })).rejects.toMatchObject({ code: "nothing-to-learn" });
  });

  it("is one whose reports bear names of its own", async () => {
    const build = (scope: Scope) => {
      const { loss } = line(scope);
      return { loss, reports: { gradientNorm: loss } };
    };
    await expect(start(build, { optimizer: sgd() })).rejects.toThrowError(/report `gradientNorm`/);
  });

  it("is one that starts from values of another type", async () => {
    const { step } = await start(line, { optimizer: sgd() });
    const half = new Map([["w", tensor([2], [1], "float16")]]);
    expect(() => step.start(0, half)).toThrowError(/`w` is given as float16.*fromFloat16/);
  });
});
