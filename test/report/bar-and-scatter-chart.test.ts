import { describe, expect, it } from "vitest";
import { barChart, scatterChart } from "../../src/report/index.ts";
import { readChart } from "./drawn.ts";

describe("barChart", () => {
  const bars = [
    { name: "few", value: 10, color: "#111111" },
    { name: "many", value: 40, color: "#222222" },
  ];
  const extent = (svg: string, color: string, axis: 0 | 1) => {
    const path = new RegExp(
      `<path d="M([\\d.-]+) ([\\d.-]+)l([\\d.-]+) ([\\d.-]+)l([\\d.-]+) ([\\d.-]+)[^>]*fill="${color}"`,
    ).exec(svg)!;
    const steps = path.slice(3).map(Number);
    return Math.max(Math.abs(steps[axis]), Math.abs(steps[2 + axis]));
  };

  it("draws bars as long as their values, upright and lying", () => {
    for (const horizontal of [false, true]) {
      const svg = barChart({ bars, horizontal, valueLabel: "count" });
      const axis = horizontal ? 0 : 1;
      expect(extent(svg, "#222222", axis) / extent(svg, "#111111", axis)).toBeCloseTo(4, 1);
      expect(readChart(svg).texts).toEqual(expect.arrayContaining(["few", "many", "10", "40", "count"]));
    }
  });

  it("keeps two categories of one name apart", () => {
    const svg = barChart({ bars: [bars[0], { ...bars[1], name: "few" }] });
    expect(readChart(svg).texts.filter((text) => text === "few")).toHaveLength(2);
  });
});

describe("scatterChart", () => {
  it("draws a mark for each finite point and names the kinds", () => {
    const points: [number, number][] = [
      [0, 0],
      [5, 10],
      [10, 10],
      [Number.NaN, 3],
    ];
    const svg = scatterChart({ series: [{ name: "kind", points, color: "#123456" }] });
    const { dots, texts } = readChart(svg);
    const marks = dots("#123456");
    expect(marks).toHaveLength(3);
    const [a, b, c] = marks;
    expect((b[0] - a[0]) / (c[0] - a[0])).toBeCloseTo(1 / 2, 2);
    expect(b[1]).toBe(c[1]);
    expect(texts).toContain("kind");
  });

  it("thins many points evenly over the series", () => {
    const cloud = (count: number) => Array.from({ length: count }, (_, i): [number, number] => [i, i]);
    const svg = scatterChart({
      series: [
        { name: "a", points: cloud(30_000), color: "#123456" },
        { name: "b", points: cloud(10_000), color: "#654321" },
      ],
    });
    const count = (color: string) => readChart(svg).dots(color).length;
    expect(count("#123456")).toBe(3_000);
    expect(count("#654321")).toBe(1_000);
  });
});
