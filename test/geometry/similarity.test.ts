import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/index.ts";
import { type Affine, similarityTransform, transformPoint } from "../../src/geometry/index.ts";

type Point = [number, number];

const turned = (degrees: number, scale: number, tx: number, ty: number): Affine => {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return [scale * cos, -scale * sin, tx, scale * sin, scale * cos, ty];
};
const distance = (points: readonly Point[], to: readonly Point[], map: Affine) =>
  points.reduce((sum, [x, y], i) => {
    const [px, py] = transformPoint(x, y, map);
    return sum + (px - to[i][0]) ** 2 + (py - to[i][1]) ** 2;
  }, 0);

describe("similarityTransform", () => {
  const random = new Random(5);
  const points = Array.from({ length: 9 }, (): Point => [random.uniform(-9, 9), random.uniform(0, 30)]);

  it.each([0, 30, 90, 180, -135])("finds a turn of %s degrees", (degrees) => {
    const map = turned(degrees, 2.5, 7, -3);
    const to = points.map(([x, y]) => transformPoint(x, y, map));
    for (const [i, number] of similarityTransform(points, to).entries())
      expect(number).toBeCloseTo(map[i], 9);
  });

  it("is the best of all where no map fits", () => {
    const to = points.map((): Point => [random.uniform(0, 5), random.uniform(0, 5)]);
    const best = similarityTransform(points, to);
    const least = distance(points, to, best);
    for (let i = 0; i < 6; i++) {
      const [a, b, tx, , , ty] = best;
      for (const step of [-1e-3, 1e-3]) {
        const [e, f] = [a + (i === 0 ? step : 0), -b + (i === 1 ? step : 0)];
        const other: Affine = [e, -f, tx + (i === 2 ? step : 0), f, e, ty + (i === 3 ? step : 0)];
        expect(distance(points, to, other)).toBeGreaterThanOrEqual(least);
      }
    }
  });

  it("does not mirror", () => {
    const to = points.map(([x, y]): Point => [-x, y]);
    const [a, b, , c, d] = similarityTransform(points, to);
    expect(a * d - b * c).toBeGreaterThan(0);
  });

  it("refuses to bring points to more or fewer others", () => {
    const to = points.slice(1);
    for (const [a, b] of [
      [points, to],
      [to, points],
      [points, []],
      [[], points],
    ] as const) {
      expect(() => similarityTransform(a, b)).toThrow(
        expect.objectContaining({
          code: "points-degenerate",
          message: `similarityTransform: ${a.length} points cannot be brought to ${b.length}: give as many of both.`,
        }),
      );
    }
  });

  it("refuses points in one place", () => {
    const same: Point[] = [
      [1, 1],
      [1, 1],
    ];
    expect(() => similarityTransform(same, same)).toThrow(
      expect.objectContaining({ code: "points-degenerate" }),
    );
  });
});
