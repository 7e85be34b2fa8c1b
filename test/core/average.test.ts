import { describe, expect, it } from "vitest";
import { mean, meanOfDefined, median } from "../../src/core/index.ts";

describe("averages", () => {
  it("of some numbers", () => {
    expect([mean([1, 2, 6]), median([6, 1, 2])]).toEqual([3, 2]);
    expect([mean(Float32Array.of(1, 2)), median(Float64Array.of(10, 9, 100, 1))]).toEqual([1.5, 9.5]);
  });

  it("of those that are numbers", () => {
    expect(meanOfDefined([Number.NaN, 1, 4])).toBe(2.5);
  });

  it("of nothing are none, and what is given stays in its order", () => {
    expect([mean([]), meanOfDefined([Number.NaN]), median([])]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    const given = [3, 1, 2];
    median(given);
    expect(given).toEqual([3, 1, 2]);
  });
});
