import { describe, expect, it } from "vitest";
import { bCubed } from "../../src/metrics/index.ts";

describe("bCubed", () => {
  it("by hand: Bagga and Baldwin's example of twelve items", () => {
    // Kinds of 5, 2 and 5 items. The first grouping joins the kind of 2 with one of 5, the second both of 5.
    const kinds = [..."AAAAABBCCCCC"];
    const small = bCubed([..."aaaaabbbbbbb"], kinds);
    expect(small.precision).toBeCloseTo((5 + 2 * (2 / 7) + 5 * (5 / 7)) / 12, 12);
    expect(small.recall).toBe(1);
    const large = bCubed([..."aaaaabbaaaaa"], kinds);
    expect(large.precision).toBeCloseTo(7 / 12, 12);
    expect(large.f1).toBeCloseTo((2 * (7 / 12)) / (19 / 12), 12);
  });

  it("is perfect for the kinds themselves under other names", () => {
    expect(bCubed([7, 7, "x"], ["a", "a", "b"])).toEqual({ precision: 1, recall: 1, f1: 1 });
  });

  it("single items are precise, and found by their share only", () => {
    const { precision, recall } = bCubed([1, 2, 3, 4], ["a", "a", "a", "b"]);
    expect(precision).toBe(1);
    expect(recall).toBeCloseTo((3 * (1 / 3) + 1) / 4, 12);
  });

  it("refuses lists of two lengths", () => {
    expect(() => bCubed([1], [])).toThrow(expect.objectContaining({ code: "groups-length" }));
  });
});
