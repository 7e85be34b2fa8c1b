import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/index.ts";
import { assignAnchor, type BoxShape, kMeansAnchors, shapeIou } from "../../src/geometry/index.ts";

/** Shapes scattered by ±5 % around the given ones. */
function scatter(random: Random, centres: readonly BoxShape[], each: number): BoxShape[] {
  const draw = () => random.uniform(0.95, 1.05);
  return random.shuffle(
    centres.flatMap(([w, h]) => Array.from({ length: each }, (): BoxShape => [w * draw(), h * draw()])),
  );
}

describe("assignAnchor", () => {
  test("a car goes to the lying anchor, a pedestrian to the standing one", () => {
    const anchors: BoxShape[] = [
      [1, 3],
      [4, 2],
    ];
    expect(assignAnchor([5, 2], anchors)).toBe(1);
    expect(assignAnchor([1, 4], anchors)).toBe(0);
  });

  test("of equally good anchors the first", () => {
    expect(
      assignAnchor(
        [2, 2],
        [
          [1, 2],
          [2, 1],
        ],
      ),
    ).toBe(0);
  });

  test("refuses an empty list", () => {
    expect(() => assignAnchor([1, 1], [])).toThrow("`anchors` is empty");
  });
});

describe("kMeansAnchors", () => {
  test("finds well separated clusters, sorted by area", () => {
    const centres: BoxShape[] = [
      [10, 12],
      [60, 20],
      [20, 70],
      [150, 140],
    ];
    const shapes = scatter(new Random(1), centres, 40);
    const { anchors, meanBestIou, assignments } = kMeansAnchors(shapes, 4, { random: new Random(2) });
    centres.forEach((centre, i) => void expect(shapeIou(anchors[i], centre)).toBeGreaterThan(0.95));
    expect(meanBestIou).toBeGreaterThan(0.93);
    for (let i = 0; i < 4; i++) expect(assignments.filter((anchor) => anchor === i)).toHaveLength(40);
  });

  test("assignments and meanBestIou are those of the returned anchors", () => {
    const random = new Random(9);
    const shapes = Array.from(
      { length: 200 },
      (): BoxShape => [random.uniform(1, 90), random.uniform(1, 90)],
    );
    const { anchors, meanBestIou, assignments } = kMeansAnchors(shapes, 5, { random });
    const best = shapes.map((shape) => Math.max(...anchors.map((anchor) => shapeIou(shape, anchor))));
    expect(meanBestIou).toBeCloseTo(best.reduce((sum, value) => sum + value, 0) / shapes.length, 12);
    shapes.forEach((shape, i) => void expect(shapeIou(shape, anchors[assignments[i]])).toBe(best[i]));
    const areas = anchors.map(([width, height]) => width * height);
    expect(areas).toEqual(areas.toSorted((a, b) => a - b));
  });

  test("more anchors fit better, and as many as shapes fit exactly", () => {
    const random = new Random(10);
    const shapes = Array.from({ length: 30 }, (): BoxShape => [random.uniform(1, 90), random.uniform(1, 90)]);
    const fitBy = (k: number) => kMeansAnchors(shapes, k, { random: new Random(3) }).meanBestIou;
    expect(fitBy(3)).toBeGreaterThan(fitBy(1));
    expect(fitBy(9)).toBeGreaterThan(fitBy(3));
    expect(fitBy(30)).toBe(1);
  });

  test("comes close to the best pair of shapes found by trying all", () => {
    const random = new Random(12);
    for (let round = 0; round < 5; round++) {
      const shapes = Array.from(
        { length: 40 },
        (): BoxShape => [random.uniform(5, 60), random.uniform(5, 60)],
      );
      let exhaustive = 0;
      for (const a of shapes) {
        for (const b of shapes) {
          const sum = shapes.reduce((total, s) => total + Math.max(shapeIou(s, a), shapeIou(s, b)), 0);
          exhaustive = Math.max(exhaustive, sum / shapes.length);
        }
      }
      expect(kMeansAnchors(shapes, 2, { random }).meanBestIou).toBeGreaterThan(exhaustive - 0.02);
    }
  });

  test("the same seed gives the same anchors; the unit does not matter", () => {
    const shapes = scatter(
      new Random(1),
      [
        [8, 8],
        [30, 10],
        [12, 40],
      ],
      20,
    );
    const run = (list: BoxShape[]) => kMeansAnchors(list, 3, { random: new Random(5) });
    expect(run(shapes)).toEqual(run(shapes));
    const halved = run(shapes.map(([width, height]) => [width / 2, height / 2]));
    expect(halved.anchors).toEqual(run(shapes).anchors.map(([width, height]) => [width / 2, height / 2]));
  });

  test("refuses a k that the shapes cannot fill, and shapes without area", () => {
    const options = { random: new Random(1) };
    const twice: BoxShape[] = [
      [1, 2],
      [1, 2],
    ];
    expect(() => kMeansAnchors(twice, 2, options)).toThrow("number of distinct shapes (=1)");
    expect(() => kMeansAnchors([], 1, options)).toThrow("number of distinct shapes (=0)");
    expect(() => kMeansAnchors(twice, 0.5, options)).toThrow("`k` (=0.5)");
    expect(() => kMeansAnchors([[3, 0]], 1, options)).toThrow("shape 0 is 3 × 0");
  });
});

test("numbers of searches and rounds that are none are refused", () => {
  const shapes: BoxShape[] = [
    [1, 1],
    [2, 3],
  ];
  for (const options of [{ restarts: Number.NaN }, { restarts: 0 }, { maxIterations: Number.NaN }]) {
    expect(() => kMeansAnchors(shapes, 1, { random: new Random(1), ...options })).toThrow(
      expect.objectContaining({ code: "argument-range" }),
    );
  }
});
