import { expect, it } from "vitest";
import { batchSizeOf, budgetOf, requireRunOptions } from "../../src/train/index.ts";

it("a batch has as many examples as told, at least one", () => {
  expect(batchSizeOf({}, 8)).toBe(8);
  expect(batchSizeOf({ batchSize: 3 }, 8)).toBe(3);
  for (const batchSize of [0, -1, 1.5, Number.NaN]) {
    expect(() => batchSizeOf({ batchSize }, 8)).toThrow(
      expect.objectContaining({ code: "argument-range", message: expect.stringContaining("`batchSize`") }),
    );
  }
});

it("a training takes as long as told, else as long as the run that it goes on with, else the usual epochs", () => {
  const saved = { budget: { timeMs: 9 } };
  expect(budgetOf({ out: "", epochs: 3 }, saved, 50)).toEqual({ epochs: 3 });
  expect(budgetOf({ out: "", timeMs: 4 }, saved, 50)).toEqual({ timeMs: 4 });
  expect(budgetOf({ out: "" }, saved, 50)).toEqual({ timeMs: 9 });
  expect(budgetOf({ out: "" }, undefined, 50)).toEqual({ epochs: 50 });
  expect(() => budgetOf({ out: "", epochs: 3, timeMs: 4 }, undefined, 50)).toThrow(
    expect.objectContaining({
      code: "argument-range",
      message: expect.stringContaining("`epochs` (=3) and `timeMs` (=4)"),
    }),
  );
});

it.each([
  { epochs: 0 },
  { timeMs: Number.NaN },
  { patience: -1 },
  { workers: 0 },
  { batchSize: 1.5 },
  { seed: 0.5 },
  { learningRate: 0 },
  { epochs: 1, timeMs: 1 },
])("a training cannot be told %j", (told) => {
  expect(() => requireRunOptions({ out: "", ...told })).toThrow(
    expect.objectContaining({
      code: "argument-range",
      message: expect.stringContaining(Object.keys(told)[0]),
    }),
  );
});

it("a training may be told nothing, or what can be", () => {
  requireRunOptions({ out: "" });
  requireRunOptions({
    out: "",
    epochs: 0.5,
    patience: 3,
    workers: 2,
    batchSize: 1,
    seed: -4,
    learningRate: 1e-3,
  });
});
