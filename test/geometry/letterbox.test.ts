import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/index.ts";
import {
  boxFromLetterbox,
  boxToLetterbox,
  composeAffine,
  invertAffine,
  letterbox,
  transformBox,
  transformPoint,
} from "../../src/geometry/index.ts";

describe("letterbox", () => {
  test.each([
    ["lying", 640, 480, 416, 416, { newWidth: 416, newHeight: 312, padX: 0, padY: 52 }],
    ["standing", 100, 200, 64, 64, { newWidth: 32, newHeight: 64, padX: 16, padY: 0 }],
    ["enlarged", 10, 10, 50, 40, { newWidth: 40, newHeight: 40, padX: 5, padY: 0 }],
    ["an odd pixel goes below", 100, 50, 100, 53, { newWidth: 100, newHeight: 50, padX: 0, padY: 1 }],
    ["a thread keeps one pixel", 1000, 1, 32, 32, { newWidth: 32, newHeight: 1, padX: 0, padY: 15 }],
  ])("%s", (_, width, height, targetWidth, targetHeight, expected) => {
    expect(letterbox(width, height, targetWidth, targetHeight)).toMatchObject(expected);
  });

  test("the whole picture maps to the whole inner rectangle, and boxes come back", () => {
    const random = new Random(4);
    for (let round = 0; round < 200; round++) {
      const [width, height] = [1 + random.integer(2000), 1 + random.integer(2000)];
      const fit = letterbox(width, height, 1 + random.integer(700), 1 + random.integer(700));
      expect(boxToLetterbox([0, 0, width, height], fit)).toEqual([
        fit.padX,
        fit.padY,
        fit.padX + fit.newWidth,
        fit.padY + fit.newHeight,
      ]);
      const box = [random.uniform(0, width), random.uniform(0, height), width, height] as const;
      const back = boxFromLetterbox(boxToLetterbox(box, fit), fit);
      back.forEach((value, i) => void expect(value).toBeCloseTo(box[i], 8));
    }
  });

  test("refuses sizes that are no pixels", () => {
    expect(() => letterbox(0, 10, 32, 32)).toThrow("`width` (=0) must be a whole number ≥ 1");
    expect(() => letterbox(10, 10, 32, 31.5)).toThrow("`targetHeight` (=31.5)");
  });
});

describe("affine maps", () => {
  test("a mirror keeps the corners in order", () => {
    expect(transformBox([10, 20, 30, 50], [-1, 0, 100, 0, 1, 0])).toEqual([70, 20, 90, 50]);
  });

  test("a quarter turn swaps the sides", () => {
    expect(transformBox([0, 0, 30, 10], [0, -1, 0, 1, 0, 0])).toEqual([-10, 0, 0, 30]);
  });

  test("an eighth turn gives the box around the diamond", () => {
    const s = Math.SQRT1_2;
    const turned = transformBox([-1, -1, 1, 1], [s, -s, 0, s, s, 0]);
    for (const [i, expected] of [-Math.SQRT2, -Math.SQRT2, Math.SQRT2, Math.SQRT2].entries()) {
      expect(turned[i]).toBeCloseTo(expected, 14);
    }
  });

  test("composition is one map after the other; the inverse undoes it", () => {
    const random = new Random(8);
    const draw = () => random.uniform(-2, 2);
    for (let round = 0; round < 50; round++) {
      const first = [2 + draw() / 4, draw() / 4, draw(), draw() / 4, 2 + draw() / 4, draw()] as const;
      const second = [draw(), draw(), draw(), draw(), draw(), draw()] as const;
      const [x, y] = [draw(), draw()];
      const [u, v] = transformPoint(x, y, composeAffine(first, second));
      const [p, q] = transformPoint(...transformPoint(x, y, first), second);
      expect(u).toBeCloseTo(p, 12);
      expect(v).toBeCloseTo(q, 12);
      const [backX, backY] = transformPoint(...transformPoint(x, y, first), invertAffine(first));
      expect(backX).toBeCloseTo(x, 12);
      expect(backY).toBeCloseTo(y, 12);
    }
  });

  test("a map that flattens the plane has no inverse", () => {
    expect(() => invertAffine([1, 2, 0, 2, 4, 0])).toThrow("determinant 0");
  });
});
