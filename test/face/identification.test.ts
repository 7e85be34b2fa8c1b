import { describe, expect, it } from "vitest";
import { pairRate } from "../../src/face/index.ts";

describe("pairRate", () => {
  it("is the rate itself for one face", () => {
    expect(pairRate(0.01, 1)).toBeCloseTo(0.01, 15);
  });

  it.each([2, 100, 10_000])("keeps a stranger's chance among %s faces", (faces) => {
    const rate = pairRate(0.01, faces);
    expect(1 - (1 - rate) ** faces).toBeCloseTo(0.01, 10);
    expect(rate).toBeLessThan(0.0101 / faces);
  });

  it.each([
    [0, 10],
    [1, 10],
    [0.1, 0],
    [Number.NaN, 5],
  ])("refuses %s for %s faces", (rate, faces) => {
    expect(() => pairRate(rate, faces)).toThrow(expect.objectContaining({ code: "argument-range" }));
  });
});
