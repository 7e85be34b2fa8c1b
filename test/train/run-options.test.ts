import { expect, it } from "vitest";
import { batchSizeOf } from "../../src/train/index.ts";

it("a batch has as many examples as told, at least one", () => {
  expect(batchSizeOf({}, 8)).toBe(8);
  expect(batchSizeOf({ batchSize: 3 }, 8)).toBe(3);
  for (const batchSize of [0, -1, 1.5, Number.NaN]) {
    expect(() => batchSizeOf({ batchSize }, 8)).toThrow(
      expect.objectContaining({ code: "argument-range", message: expect.stringContaining("`batchSize`") }),
    );
  }
});
