import { expect, test } from "vitest";
import { Random } from "../../src/core/index.ts";
import {
  clipBox,
  cxcywhToXywh,
  cxcywhToXyxy,
  xywhToCxcywh,
  xywhToXyxy,
  xyxyToCxcywh,
  xyxyToXywh,
} from "../../src/geometry/index.ts";

test("the three forms of one box", () => {
  const corners = [10, 20, 40, 80] as const;
  const topLeft = [10, 20, 30, 60] as const;
  const centred = [25, 50, 30, 60] as const;
  expect(xyxyToXywh(corners)).toEqual(topLeft);
  expect(xyxyToCxcywh(corners)).toEqual(centred);
  expect(xywhToXyxy(topLeft)).toEqual(corners);
  expect(xywhToCxcywh(topLeft)).toEqual(centred);
  expect(cxcywhToXyxy(centred)).toEqual(corners);
  expect(cxcywhToXywh(centred)).toEqual(topLeft);
});

test("there and back is the identity on quarter pixels", () => {
  const random = new Random(1);
  for (let round = 0; round < 200; round++) {
    const [x1, y1] = [random.integer(4000) / 4, random.integer(4000) / 4];
    const box = [x1, y1, x1 + random.integer(400) / 4, y1 + random.integer(400) / 4] as const;
    expect(xywhToXyxy(xyxyToXywh(box))).toEqual(box);
    expect(cxcywhToXyxy(xyxyToCxcywh(box))).toEqual(box);
    expect(xywhToXyxy(cxcywhToXywh(xywhToCxcywh(xyxyToXywh(box))))).toEqual(box);
  }
});

test.each([
  ["inside", [1, 2, 3, 4], [1, 2, 3, 4]],
  ["over every edge", [-5, -6, 700, 500], [0, 0, 640, 480]],
  ["left of the picture", [-9, 10, -2, 20], [0, 10, 0, 20]],
  ["below the picture", [10, 481, 20, 500], [10, 480, 20, 480]],
] as const)("clipBox: %s", (_, box, expected) => {
  expect(clipBox(box, 640, 480)).toEqual(expected);
});
