import { describe, expect, it } from "vitest";
import { pairRate } from "../../src/face/index.ts";

describe("pairRate", () => {
  it("is the rate itself for one person", () => {
    expect(pairRate(0.01, 1)).toBeCloseTo(0.01, 15);
  });

  it.each([2, 100, 10_000])("keeps a stranger's chance among %s people", (people) => {
    const rate = pairRate(0.01, people);
    expect(1 - (1 - rate) ** people).toBeCloseTo(0.01, 10);
    expect(rate).toBeLessThan(0.0101 / people);
  });

  it.each([
    [0, 10],
    [1, 10],
    [0.1, 0],
    [Number.NaN, 5],
  ])("refuses %s for %s people", (rate, people) => {
    expect(() => pairRate(rate, people)).toThrow(expect.objectContaining({ code: "argument-range" }));
  });
});
