import { describe, expect, it } from "vitest";
import { classColor } from "../../src/image/index.ts";
import { cumulativeErrorChart } from "../../src/report/index.ts";
import { readChart } from "./drawn.ts";

describe("cumulativeErrorChart", () => {
  it("draws the share of errors up to each as steps", () => {
    const errors = [0.02, 0.04, 0.2, Number.POSITIVE_INFINITY];
    const { lines, texts } = readChart(cumulativeErrorChart([{ name: "net", errors }], { limit: 0.1 }));
    const { points } = lines(classColor(0))[0];
    const [left, right] = [points[0][0], points.at(-1)![0]];
    const bottom = points[0][1];
    const share = ([x, y]: readonly [number, number]) => [(x - left) / (right - left), bottom - y] as const;
    const [, , [x1, half], [x2], [, whole]] = points.map(share);
    expect(x1).toBeCloseTo(0.2, 2);
    expect(x2).toBeCloseTo(0.4, 2);
    expect(whole / half).toBeCloseTo(2, 2); // a quarter, then a half
    expect(points.map(share).at(-1)![1]).toBeCloseTo(whole, 2);
    expect(texts).toEqual(expect.arrayContaining(["Cumulative errors", "0 %", "10 %", "share of pictures"]));
  });

  it("draws nothing of nothing", () => {
    expect(readChart(cumulativeErrorChart([])).texts).toContain("Cumulative errors");
    expect(readChart(cumulativeErrorChart([{ name: "a", errors: [] }])).lines(classColor(0))).toEqual([]);
  });
});
