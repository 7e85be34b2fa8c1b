import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { emaDecay, steady } from "../../src/nn/index.ts";
import type { LoopOptions } from "../../src/train/index.ts";
import { pass, task, weight } from "./loop-task.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("a budget of epochs", () => {
  it("takes every step once, advances the state, and records each epoch's means", async () => {
    const { run, state, notes, taken, saved } = task();
    expect(await run()).toBe("complete");
    expect(taken.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(taken.map(({ progress }) => progress)).toEqual(Array.from({ length: 20 }, (_, i) => i / 20));
    expect([state.step, weight(state)]).toEqual([20, 20]);
    expect(
      notes.records.map(({ epoch, step, loss, other, quality }) => [epoch, step, loss, other, quality]),
    ).toEqual([
      [1, 5, 2, 4, 1],
      [2, 10, 7, 14, 2],
      [3, 15, 12, 24, 3],
      [4, 20, 17, 34, 4],
    ]);
    expect(notes.records.map(({ learningRate }) => learningRate)).toEqual(
      [4, 9, 14, 19].map((step) => taken[step].learningRate),
    );
    expect(notes.records.map(({ seconds }) => seconds)).toEqual([0.1, 0.1, 0.2, 0.3]);
    expect(
      saved.map(({ step }) => step),
      "the last state is saved",
    ).toEqual([20]);
    expect(saved[0].notes).toEqual(notes);
  });

  it.each([
    { epochs: 10, at: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
    { epochs: 41, at: [...Array.from({ length: 20 }, (_, i) => 2 * i + 2), 41] },
    { epochs: 120, at: Array.from({ length: 40 }, (_, i) => 3 * i + 3) },
  ])("of $epochs is evaluated about 40 times, and at its end", async ({ epochs, at }) => {
    const { run, notes } = task({ budget: { epochs } });
    await run();
    expect(notes.records).toHaveLength(epochs);
    expect(notes.records.flatMap(({ epoch, quality }) => (quality === undefined ? [] : [epoch]))).toEqual(at);
  });

  it("may be a part of one, in whole steps: rounding adds none", async () => {
    for (const steps of [7, 14, 110]) {
      const { run, taken } = task({ budget: { epochs: steps / 100 }, stepsPerEpoch: 100 });
      await run();
      expect(taken).toHaveLength(steps);
    }
    const { run, taken } = task({ budget: { epochs: 1.5 } });
    await run();
    expect(taken).toHaveLength(8);
  });

  it("that is not positive is refused", async () => {
    for (const epochs of [0, -3, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(task({ budget: { epochs } }).run()).rejects.toMatchObject({
        code: "argument-range",
        message: expect.stringContaining(`\`epochs\` (=${epochs})`),
      });
    }
    await expect(task({ budget: { timeMs: 0 } }).run()).rejects.toMatchObject({ code: "argument-range" });
  });
});

describe("numbers out of their ranges", () => {
  it.each<Partial<LoopOptions>>([
    { learningRate: Number.NaN },
    { learningRate: -1 },
    { averageDecay: Number.NaN },
    { averageDecay: 1.5 },
    { patience: -1 },
    { stepsPerEpoch: Number.NaN },
    { stepsPerEpoch: 0 },
    { warmUpSteps: Number.NaN },
    { checkpointEveryMs: Number.NaN },
  ])("are refused before the first step: %o", async (options) => {
    const { run, taken } = task(options);
    const [name] = Object.keys(options);
    await expect(run()).rejects.toMatchObject({
      code: "argument-range",
      message: expect.stringContaining(`\`${name}\``),
    });
    expect(taken).toEqual([]);
  });
});

describe("a budget of time", () => {
  it("ends after the step that uses it up, measured", async () => {
    const { run, notes, taken, events } = task({ budget: { timeMs: 1000 } });
    expect(await run()).toBe("complete");
    // 10 ms a step; every evaluation costs 20 ms and waits until ten times that has passed since the one before
    expect(taken.length).toBeLessThan(100);
    expect(taken.length).toBeGreaterThan(88);
    expect(taken.map(({ progress }) => progress)).toEqual(
      taken.map(({ progress }) => progress).toSorted((a, b) => a - b),
    );
    const last = notes.records.at(-1)!;
    expect([last.step, last.quality]).toEqual([taken.length, notes.best.fitness]);
    const steps = events.filter((event) => event.kind === "step");
    expect(steps.map(({ elapsedMs, remainingMs }) => elapsedMs + Math.max(0, remainingMs))).toEqual(
      steps.map(({ elapsedMs }) => Math.max(1000, elapsedMs)),
    );
    expect(steps.at(-1)!.progress).toBe(1);
  });

  it("spends no more than a tenth on evaluating, the last one apart", async () => {
    const { run, evaluated } = task({ budget: { timeMs: 2000 } });
    await run();
    const pauses = evaluated.slice(1, -1).map(({ at }, i) => at - (evaluated[i].at + 20));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(200);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(250); // the first end of an epoch after that
    expect(evaluated.length).toBeGreaterThan(6);
  });

  it("ends measured, however long checkpoints take", async () => {
    for (let timeMs = 300; timeMs < 400; timeMs += 7) {
      const { run, notes, state, evaluated } = task({
        budget: { timeMs },
        checkpointEveryMs: 10,
        checkpoint: async () => void pass(33),
      });
      expect(await run()).toBe("complete");
      expect(evaluated.at(-1)!.step).toBe(state.step);
      expect(notes.records.at(-1)).toMatchObject({ step: state.step, quality: evaluated.length });
    }
  });

  it("can be raised: an epoch that it cut in two has two rows, each with its own mean", async () => {
    const first = task({ budget: { timeMs: 90 } });
    await first.run();
    const second = task({ budget: { timeMs: 160 }, state: first.state, notes: first.notes });
    await second.run();
    expect(second.notes.records.map(({ epoch, step, loss }) => [epoch, step, loss])).toEqual([
      [1, 5, 2], // steps 0 … 4, then 20 ms of evaluation
      [2, 7, 5.5], // steps 5 and 6, then 20 ms more
      [2, 10, 8], // steps 7, 8 and 9
      [3, 12, 10.5],
    ]);
  });
});

describe("rates", () => {
  it("follow schedule and warm-up; the average's decay grows", async () => {
    const { run, taken } = task({
      warmUpSteps: 4,
      averageDecay: 0.9,
      schedule: (progress) => 1 - progress / 2,
    });
    await run();
    for (const { step, learningRate, averageDecay } of taken) {
      expect(learningRate).toBeCloseTo(0.1 * (1 - step / 40) * Math.min(1, (step + 1) / 4), 12);
      expect(averageDecay).toBe(emaDecay(step, 0.9));
    }
  });

  it("fall along a cosine by default", async () => {
    const { run, taken } = task({ warmUpSteps: 0 });
    await run();
    expect(taken[0].learningRate).toBeCloseTo(0.1, 12);
    expect(taken[10].learningRate).toBeCloseTo(0.1 * (0.01 + 0.99 / 2), 12);
  });
});

describe("nothing to measure by", () => {
  it("makes the newest the best, and leaves the figure out", async () => {
    const fitnesses = new Array(4).fill(Number.NaN);
    const { run, notes, kept } = task({ patience: 2, fitnesses });
    expect(await run()).toBe("complete");
    expect(kept).toEqual([true, true, true, true]);
    expect(notes.best).toEqual({ fitness: -1, epoch: 4 });
    expect(notes.records.every((record) => !("quality" in record))).toBe(true);
    expect(JSON.parse(JSON.stringify(notes))).toEqual(notes);
  });
});

describe("checkpoints", () => {
  it("are written as often as asked for, by time", async () => {
    const { run, saved } = task({ checkpointEveryMs: 100, schedule: steady() });
    await run();
    const times = saved.map(({ notes }) => notes.elapsedMs);
    const pauses = times.slice(1, -1).map((time, i) => time - times[i]);
    expect(saved.length).toBeGreaterThanOrEqual(3);
    expect(Math.min(times[0], ...pauses)).toBeGreaterThanOrEqual(100);
    expect(Math.max(times[0], ...pauses)).toBeLessThan(140);
  });
});

describe("events", () => {
  it("tell of every step and every epoch, in order", async () => {
    const { run, events, notes } = task({ budget: { epochs: 2 }, fitnesses: [0.5, 0.4] });
    await run();
    expect(events.map(({ kind }) => kind)).toEqual([
      ...["step", "step", "step", "step", "step", "epoch"],
      ...["step", "step", "step", "step", "step", "epoch"],
    ]);
    expect(events[6]).toEqual({
      kind: "step",
      step: 6,
      epoch: 2,
      progress: 0.6,
      elapsedMs: 80,
      remainingMs: expect.closeTo((80 / 0.6) * 0.4, 9),
      reports: { loss: 5, other: 10 },
    });
    expect(events[5]).toEqual({ kind: "epoch", epoch: 1, record: notes.records[0], improved: true });
    expect(events[11]).toEqual({ kind: "epoch", epoch: 2, record: notes.records[1], improved: false });
  });
});
