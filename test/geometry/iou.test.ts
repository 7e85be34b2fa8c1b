import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/index.ts";
import { boxArea, ciou, diou, giou, iou, iouMatrix, shapeIou, type Xyxy } from "../../src/geometry/index.ts";

/** A box with whole corners in [0, side], perhaps empty. */
function randomBox(random: Random, side: number): Xyxy {
  const [x1, y1] = [random.integer(side), random.integer(side)];
  return [x1, y1, x1 + random.integer(side - x1 + 1), y1 + random.integer(side - y1 + 1)];
}

/** The slow way: counts unit cells. */
function iouByCells(a: Xyxy, b: Xyxy, side: number): number {
  const covers = (box: Xyxy, x: number, y: number) => x >= box[0] && x < box[2] && y >= box[1] && y < box[3];
  let both = 0;
  let either = 0;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (covers(a, x, y) && covers(b, x, y)) both++;
      if (covers(a, x, y) || covers(b, x, y)) either++;
    }
  }
  return either === 0 ? 0 : both / either;
}

describe("iou", () => {
  test.each([
    ["itself", [0, 0, 2, 2], [0, 0, 2, 2], 1],
    ["half a shift", [0, 0, 2, 2], [1, 0, 3, 2], 1 / 3],
    ["one inside the other", [0, 0, 4, 4], [1, 1, 3, 3], 1 / 4],
    ["touching edges", [0, 0, 2, 2], [2, 0, 4, 2], 0],
    ["apart", [0, 0, 1, 1], [5, 5, 6, 6], 0],
    ["an empty box on itself", [3, 3, 3, 3], [3, 3, 3, 3], 0],
    ["swapped corners count as empty", [2, 2, 0, 0], [0, 0, 2, 2], 0],
  ] as const)("%s", (_, a, b, expected) => {
    expect(iou(a, b)).toBe(expected);
    expect(iou(b, a)).toBe(expected);
  });

  test("equals counting cells", () => {
    const random = new Random(7);
    for (let round = 0; round < 400; round++) {
      const [a, b] = [randomBox(random, 12), randomBox(random, 12)];
      expect(iou(a, b)).toBe(iouByCells(a, b, 12));
    }
  });

  test("boxArea", () => {
    expect(boxArea([1, 2, 4, 8])).toBe(18);
    expect(boxArea([4, 2, 1, 8])).toBe(0);
  });
});

describe("iouMatrix", () => {
  test("equals iou pair by pair, rows by the first list", () => {
    const random = new Random(3);
    const a = Array.from({ length: 9 }, () => randomBox(random, 20));
    const b = Array.from({ length: 5 }, () => randomBox(random, 20));
    const matrix = iouMatrix(new Float32Array(a.flat()), b.flat());
    expect(matrix).toEqual(Float64Array.from(a.flatMap((rowBox) => b.map((box) => iou(rowBox, box)))));
  });

  test("empty lists", () => {
    expect(iouMatrix([], [0, 0, 1, 1])).toHaveLength(0);
    expect(iouMatrix([0, 0, 1, 1], new Float32Array(0))).toHaveLength(0);
  });

  test("refuses a length that is no multiple of four", () => {
    expect(() => iouMatrix([0, 0, 1], [])).toThrow("its length (=3) is no multiple of 4");
  });
});

test("shapeIou equals iou of the boxes laid corner on corner or centre on centre", () => {
  const random = new Random(5);
  for (let round = 0; round < 200; round++) {
    const [w1, h1, w2, h2] = Array.from({ length: 4 }, () => 2 * (1 + random.integer(30)));
    const overlap = shapeIou([w1, h1], [w2, h2]);
    expect(overlap).toBe(iou([0, 0, w1, h1], [0, 0, w2, h2]));
    expect(overlap).toBe(iou([-w1 / 2, -h1 / 2, w1 / 2, h1 / 2], [-w2 / 2, -h2 / 2, w2 / 2, h2 / 2]));
  }
  expect(shapeIou([2, 8], [8, 2])).toBe(4 / 28);
  expect(shapeIou([0, 0], [0, 0])).toBe(0);
});

describe("giou, diou, ciou", () => {
  test("by hand: unit squares two apart", () => {
    // Enclosing box 3 × 1, union 2; centres 2 apart, squared diagonal 10; same aspect ratio.
    expect(giou([0, 0, 1, 1], [2, 0, 3, 1])).toBeCloseTo(-1 / 3, 15);
    expect(diou([0, 0, 1, 1], [2, 0, 3, 1])).toBeCloseTo(-0.4, 15);
    expect(ciou([0, 0, 1, 1], [2, 0, 3, 1])).toBeCloseTo(-0.4, 15);
  });

  test("by hand: a lying and a standing box on one centre", () => {
    // 4 × 2 and 2 × 4: intersection 4, union 12, enclosing 16.
    const [lying, standing] = [[0, 1, 4, 3] as const, [1, 0, 3, 4] as const];
    expect(giou(lying, standing)).toBeCloseTo(1 / 3 - 4 / 16, 15);
    expect(diou(lying, standing)).toBeCloseTo(1 / 3, 15);
    const v = (4 / Math.PI ** 2) * (Math.atan(2) - Math.atan(0.5)) ** 2;
    expect(ciou(lying, standing)).toBeCloseTo(1 / 3 - v ** 2 / (1 - 1 / 3 + v), 15);
  });

  test("order, symmetry and range on random boxes", () => {
    const random = new Random(11);
    for (let round = 0; round < 300; round++) {
      const [a, b] = [randomBox(random, 40), randomBox(random, 40)];
      if (boxArea(a) === 0 || boxArea(b) === 0) continue;
      const overlap = iou(a, b);
      for (const measure of [giou, diou, ciou]) {
        expect(measure(a, b)).toBeLessThanOrEqual(overlap);
        expect(measure(a, b)).toBeCloseTo(measure(b, a), 14);
        expect(measure(a, a)).toBe(1);
      }
      expect(giou(a, b)).toBeGreaterThan(-1);
      expect(diou(a, b)).toBeGreaterThan(-1);
      expect(ciou(a, b)).toBeLessThanOrEqual(diou(a, b));
    }
  });

  test("two points on one spot give zero, not NaN", () => {
    const point = [3, 3, 3, 3] as const;
    expect([giou(point, point), diou(point, point), ciou(point, point)]).toEqual([0, 0, 0]);
  });
});

test("shapes of negative sides have nothing in common", () => {
  expect(shapeIou([-2, -2], [-2, -2])).toBe(0);
  expect(shapeIou([-2, -2], [3, 3])).toBe(0);
});
