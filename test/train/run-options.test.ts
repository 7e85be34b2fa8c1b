import { expect, it } from "vitest";
import { batchSizeOf, budgetOf } from "../../src/train/index.ts";

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
