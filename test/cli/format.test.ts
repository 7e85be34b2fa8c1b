import { describe, expect, it } from "vitest";
import { formatCount, formatDuration } from "../../src/cli/format.ts";

describe("formatDuration", () => {
  it.each([
    [0, "0.0 s"],
    [840, "0.8 s"],
    [9_940, "9.9 s"],
    [9_960, "10 s"],
    [59_600, "1 min 00 s"],
    [200_000, "3 min 20 s"],
    [3_599_600, "1 h 00 min"],
    [3_900_000, "1 h 05 min"],
  ])("%d ms is %s", (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
});

describe("formatCount", () => {
  it("agrees with its number", () => {
    expect(formatCount(1, "box", "boxes")).toBe("1 box");
    expect(formatCount(0, "box", "boxes")).toBe("0 boxes");
    expect(formatCount(1200, "picture")).toBe("1,200 pictures");
  });
});
