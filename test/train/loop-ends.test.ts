import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LoopNotes } from "../../src/train/index.ts";
import { task, weight } from "./loop-task.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("stopping early", () => {
  it("ends `patience` epochs after the best", async () => {
    const fitnesses = [0.1, 0.3, 0.2, 0.3, 0.25, 0.9];
    const { run, notes, kept, saved, state } = task({ budget: { epochs: 20 }, patience: 3, fitnesses });
    expect(await run()).toBe("early-stop");
    expect(notes.best).toEqual({ fitness: 0.3, epoch: 2 });
    expect(notes.records.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5]);
    expect(kept).toEqual([true, true, false, false, false]);
    expect(saved.at(-1)!.step).toBe(state.step);
  });

  it("does not happen while it gets better, or without patience", async () => {
    expect(await task({ budget: { epochs: 8 }, patience: 1 }).run()).toBe("complete");
    expect(await task({ budget: { epochs: 8 }, fitnesses: new Array(8).fill(0.5) }).run()).toBe("complete");
  });
});

describe("an abort", () => {
  it.each([
    0, 3, 5, 7,
  ])("after step %d leaves a checkpoint from which the run ends as if it had not been", async (at) => {
    const straight = task();
    await straight.run();
    const controller = new AbortController();
    const first = task({
      signal: controller.signal,
      losses: (step) => {
        if (step === at) controller.abort();
        return step;
      },
    });
    expect(await first.run()).toBe("interrupted");
    expect(first.saved).toHaveLength(1);
    expect([first.saved[0].step, first.saved[0].weight], "the step is finished").toEqual([at + 1, at + 1]);
    const notes: LoopNotes = JSON.parse(JSON.stringify(first.saved[0].notes));
    const second = task({ state: first.state, notes });
    expect(await second.run()).toBe("complete");
    expect(second.taken[0]).toEqual(straight.taken[at + 1]);
    expect({ ...second.notes, best: null, evaluation: null }).toEqual({
      ...straight.notes,
      records: straight.notes.records.map((record, i) => ({
        ...record,
        quality: second.notes.records[i].quality,
      })),
      best: null,
      evaluation: null,
    });
  });

  it.each([
    [2, [{ epoch: 1, step: 3, loss: 1, quality: 1 }]],
    [4, [{ epoch: 1, step: 5, loss: 2, quality: 1 }]],
  ])("after step %d, resumed with nothing left to do, still ends measured", async (at, records) => {
    const controller = new AbortController();
    const budget = { epochs: 400 }; // so many that the first epochs are not measured
    const losses = (step: number) => {
      if (step === at) controller.abort();
      return step;
    };
    const first = task({ signal: controller.signal, losses, budget });
    await first.run();
    expect(first.kept).toEqual([]);
    const second = task({ state: first.state, notes: first.notes, budget: { epochs: 0.5 } });
    expect(await second.run()).toBe("complete");
    expect([second.taken, second.kept, second.notes.best.epoch]).toEqual([[], [true], 1]);
    expect(second.notes.records).toEqual(records.map((record) => expect.objectContaining(record)));
  });

  it("after an epoch beyond the one measured last, resumed with nothing left to do, is measured anew", async () => {
    const controller = new AbortController();
    const losses = (step: number) => {
      if (step === 19) controller.abort();
      return step;
    };
    const first = task({ signal: controller.signal, losses, budget: { epochs: 120 } }); // every third is measured
    expect([await first.run(), first.evaluated.map(({ step }) => step)]).toEqual(["interrupted", [15]]);
    const { learningRate } = first.notes.records[3];
    const second = task({ state: first.state, notes: first.notes });
    expect([await second.run(), second.evaluated.map(({ step }) => step)]).toEqual(["complete", [20]]);
    expect(second.notes.records).toHaveLength(4);
    expect(second.notes.records[3]).toMatchObject({ step: 20, quality: 1, learningRate });
    const third = task({ state: first.state, notes: first.notes });
    expect([await third.run(), third.evaluated]).toEqual(["complete", []]);
  });

  it("within an epoch, resumed with nothing left to do, records the rate of the last step", async () => {
    const controller = new AbortController();
    const losses = (step: number) => {
      if (step === 6) controller.abort();
      return step;
    };
    const first = task({ signal: controller.signal, losses });
    await first.run();
    const second = task({ state: first.state, notes: first.notes, budget: { epochs: 1 } });
    await second.run();
    expect(second.notes.records.at(-1)).toMatchObject({ step: 7, learningRate: first.taken[6].learningRate });
    expect(first.taken[6].learningRate).toBeGreaterThan(0);
  });

  it("before the first step saves the state at its start", async () => {
    const { run, saved, taken } = task({ signal: AbortSignal.abort() });
    expect(await run()).toBe("interrupted");
    expect([taken.length, saved.map(({ step }) => step)]).toEqual([0, [0]]);
  });
});

describe("a loss that is no number", () => {
  it.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ])("%d stops the run before the step is taken", async (value) => {
    const { run, saved, state, events } = task({ losses: (step) => (step === 7 ? value : step) });
    await expect(run()).rejects.toMatchObject({
      code: "loss-not-finite",
      message: expect.stringMatching(
        new RegExp(`step 8: \`loss\` became ${value}; start anew with a lower .*; it was 0.1\\)`),
      ),
    });
    expect(saved, "a slower run could not go on from there either").toEqual([]);
    expect([state.step, weight(state)]).toEqual([7, 7]);
    expect(events.filter(({ kind }) => kind === "step")).toHaveLength(7);
  });

  it("leaves the newest checkpoint whose loss was one", async () => {
    const losses = (step: number) => (step === 7 ? Number.NaN : step);
    const first = task({ losses, checkpointEveryMs: 1, budget: { epochs: 400 } });
    await expect(first.run()).rejects.toThrow(/`resume` from the checkpoint of step 6 with a lower/);
    expect(first.saved.at(-1)).toMatchObject({ step: 6, weight: 6 });
    expect(first.saved.at(-1)!.notes.sums, "without the loss of the step that it lies before").toEqual({
      loss: 5,
      other: 10,
    });
    const again = task({ state: first.state, notes: first.notes, losses });
    await expect(again.run(), "where the first step fails already").rejects.toThrow(/start anew/);
  });
});
