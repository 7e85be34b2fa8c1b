import { describe, expect, it } from "vitest";
import { classColor, renderSvg } from "../../src/image/index.ts";
import { lineChart } from "../../src/report/index.ts";
import { readChart } from "./drawn.ts";

describe("lineChart", () => {
  it("draws each line's points to scale, in its colour and under its name", () => {
    const svg = lineChart({
      title: "Title",
      xLabel: "across",
      yLabel: "up",
      yRange: [0, 10],
      series: [
        {
          name: "zigzag",
          points: [
            [0, 0],
            [1, 10],
            [4, 5],
          ],
          dots: false,
        },
        {
          name: "other",
          points: [
            [0, 1],
            [4, 1],
          ],
          color: "#123456",
          width: 3,
          dots: false,
        },
      ],
    });
    const { texts, lines } = readChart(svg);
    expect(texts).toEqual(expect.arrayContaining(["Title", "across", "up", "zigzag", "other"]));
    const [a, b, c] = lines(classColor(0))[0].points;
    expect((b[0] - a[0]) / (c[0] - a[0])).toBeCloseTo(1 / 4, 2);
    expect((a[1] - c[1]) / (a[1] - b[1])).toBeCloseTo(1 / 2, 2);
    expect(lines("#123456").map(({ width }) => width)).toEqual([3]);
  });

  it("interrupts a line where a value is not finite, and marks a point that stands alone", () => {
    const points = Array.from({ length: 60 }, (_, x): [number, number] => [
      x,
      x === 20 || x === 22 ? Number.NaN : 1,
    ]);
    const { lines, dots } = readChart(lineChart({ series: [{ name: "a", points, color: "#123456" }] }));
    const [dot, ...others] = dots("#123456");
    expect(others).toHaveLength(0);
    const line = lines("#123456")[0];
    const [first, last] = [line.points[0][0], line.points.at(-1)![0]];
    expect((dot[0] - first) / (last - first)).toBeCloseTo(21 / 59, 2);
  });

  it("thins a line of more points than there are pixels", () => {
    const points = Array.from({ length: 50_000 }, (_, x): [number, number] => [x, Math.sin(x / 3_000)]);
    expect(lineChart({ series: [{ name: "a", points }] }).length).toBeLessThan(60_000);
  });

  it("draws every corner of an exact line, few as they may be among the others", () => {
    const steps = [0.1, 0.2, 0.3, 0.4].flatMap((x): [number, number][] => [
      [x, x - 0.1],
      [x, x],
    ]);
    const dense = Array.from({ length: 10_000 }, (_, i): [number, number] => [0.5 + i / 20_000, 0.4]);
    const points = [[0, 0], ...steps, ...dense] as const;
    const draw = (exact: boolean) => lineChart({ series: [{ name: "a", points, exact, color: "#123456" }] });
    const drawn = readChart(draw(true)).lines("#123456")[0].points;
    const [left, bottom] = drawn[0];
    const [right, top] = drawn.at(-1)!;
    for (const [i, [x, y]] of steps.entries()) {
      expect((drawn[1 + i][0] - left) / (right - left)).toBeCloseTo(x, 2);
      expect((bottom - drawn[1 + i][1]) / (bottom - top)).toBeCloseTo(y / 0.4, 2);
    }
    expect(draw(true).length).toBeLessThan(60_000);
    expect(readChart(draw(false)).lines("#123456")[0].points.length).toBeGreaterThan(100);
  });

  it("shows a lone point", () => {
    const { dots, texts } = readChart(
      lineChart({ series: [{ name: "a", points: [[3, 0.5]], color: "#123456" }] }),
    );
    expect(texts).not.toContain("no data");
    expect(dots("#123456")).toHaveLength(1);
  });

  it("escapes names, keeps markup out, and replaces what XML forbids", () => {
    const name = `<script>&"'{a|b}\u0001\ud800`;
    const svg = lineChart({
      title: name,
      series: [
        {
          name,
          points: [
            [0, 1],
            [1, 2],
          ],
        },
      ],
    });
    expect(svg).not.toContain("<script>");
    expect(readChart(svg).texts.filter((text) => text === `<script>&"'{a|b}��`)).toHaveLength(2);
  });

  it("keeps long legends inside: every name in a place of its own", () => {
    const names = Array.from({ length: 12 }, (_, i) => `class number ${i} of them all`);
    const svg = lineChart({
      series: names.map((name) => ({
        name,
        points: [
          [0, 0],
          [1, 1],
        ],
      })),
    });
    const places = Array.from(
      svg.matchAll(/x="([\d.]+)" y="([\d.]+)"[^>]*>class number/g),
      ([, x, y]) => `${x} ${y}`,
    );
    expect(new Set(places).size).toBe(12);
    for (const place of places) expect(Number(place.split(" ")[0])).toBeLessThan(760 - 150);
  });

  it("gives the same text for the same data, without anything that a live chart needs", () => {
    const draw = () =>
      lineChart({
        series: [
          {
            name: "a",
            points: [
              [0, 0],
              [1, 1],
            ],
          },
        ],
      });
    expect(draw()).toBe(draw());
    expect(draw()).not.toMatch(/<style|class=|ecmeta|zr\d/);
  });

  it("renders to a PNG of the right size in the shipped font", async () => {
    const svg = lineChart(
      {
        series: [
          {
            name: "a",
            points: [
              [0, 0],
              [1, 1],
            ],
          },
        ],
      },
      { width: 600, height: 300 },
    );
    expect(svg).toContain("font-family:DejaVu Sans");
    // The renderer knows no `font` shorthand: family, size and weight must stand by themselves.
    for (const [, style] of svg.matchAll(/<text[^>]* style="([^"]*)"/g))
      expect(style).toMatch(/font-size:.*font-family:/);
    const png = Buffer.from(await renderSvg(svg, { width: 1200, background: "#ffffff" }));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1200, 600]);
  });
});
