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

  it("draws the few small errors of many as exactly as the others", () => {
    const errors = [0.01, 0.02, 0.03, ...Array.from({ length: 5000 }, (_, i) => 0.05 + i / 1e5)];
    const few = [...errors.slice(0, 3), 0.05];
    const pointsOf = (list: number[]) =>
      readChart(cumulativeErrorChart([{ name: "net", errors: list }])).lines(classColor(0))[0].points;
    const right = pointsOf(few)[6][0]; // the corner at 0.03
    const corners = pointsOf(few)
      .slice(0, 7)
      .map(([x]) => x);
    const drawn = pointsOf(errors).filter(([x]) => x <= right + 0.1);
    for (const x of corners) expect(Math.min(...drawn.map(([at]) => Math.abs(at - x)))).toBeLessThan(0.2);
  });

  it("draws nothing of nothing", () => {
    expect(readChart(cumulativeErrorChart([])).texts).toContain("Cumulative errors");
    expect(readChart(cumulativeErrorChart([{ name: "a", errors: [] }])).lines(classColor(0))).toEqual([]);
  });
});
