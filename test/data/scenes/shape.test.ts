import { describe, expect, test } from "vitest";
import { boundsInWindow } from "../../../src/data/scenes/clip.ts";
import { coverage, type Shape, shapeBounds } from "../../../src/data/scenes/shape.ts";

const colour = [0, 0, 0] as const;

describe("shapeBounds", () => {
  test.each<[string, Shape, number[]]>([
    ["ellipse", { kind: "ellipse", colour, x: 1, y: 2, rx: 3, ry: 4 }, [-2, -2, 4, 6]],
    ["ring", { kind: "ring", colour, x: 0, y: 0, radius: 2, width: 1 }, [-2.5, -2.5, 2.5, 2.5]],
    [
      "line",
      {
        kind: "line",
        colour,
        width: 2,
        points: [
          [0, 0],
          [3, 4],
        ],
      },
      [-1, -1, 4, 5],
    ],
    [
      "sharp polygon",
      {
        kind: "polygon",
        colour,
        corners: [
          [0, 0],
          [2, 3],
          [4, 0],
        ],
      },
      [0, 0, 4, 3],
    ],
    // A corner whose curve starts and ends a metre down its edges peaks halfway between them and itself.
    [
      "rounded tip",
      {
        kind: "polygon",
        colour,
        corners: [
          [-3, 0],
          [0, 4, 2.5],
          [3, 0],
        ],
      },
      [-3, 0, 3, 3],
    ],
  ])("of a %s", (_, shape, bounds) => {
    for (const [i, value] of shapeBounds(shape).entries()) expect(value).toBeCloseTo(bounds[i], 12);
  });
});

describe("coverage", () => {
  test("of a ring leaves its hole free", () => {
    const covers = coverage({ kind: "ring", colour, x: 0, y: 0, radius: 2, width: 1 });
    expect([covers(0, 0), covers(1.4, 0), covers(1.6, 0), covers(0, 2.4), covers(2.6, 0)]).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  test("of a line has round ends", () => {
    const covers = coverage({
      kind: "line",
      colour,
      width: 2,
      points: [
        [0, 0],
        [4, 0],
      ],
    });
    expect([covers(2, 0.9), covers(2, 1.1), covers(-0.9, 0), covers(-0.8, 0.8)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  test("of a polygon follows its outline, whichever way round it is drawn", () => {
    const corners = [
      [0, 0],
      [4, 0],
      [4, 4],
      [2, 1],
      [0, 4],
    ] as const;
    for (const order of [corners, [...corners].reverse()]) {
      const covers = coverage({ kind: "polygon", colour, corners: order });
      expect([covers(1, 1), covers(2, 2), covers(3.8, 3), covers(5, 1)]).toEqual([true, false, true, false]);
    }
  });

  test("of a rounded corner leaves the corner free", () => {
    const covers = coverage({
      kind: "polygon",
      colour,
      corners: [
        [0, 0, 1],
        [0, 4],
        [4, 4],
        [4, 0],
      ],
    });
    expect([covers(0.1, 0.1), covers(0.5, 0.5), covers(3.9, 0.1)]).toEqual([false, true, true]);
  });
});

describe("boundsInWindow", () => {
  test("follows a slanted edge that the window's side cuts", () => {
    const triangle: Shape = {
      kind: "polygon",
      colour,
      corners: [
        [0, 0],
        [0, 4],
        [8, 0],
      ],
    };
    expect(boundsInWindow(triangle, [4, -10, 10, 10])).toEqual([4, 0, 8, 2]);
  });

  test("of a ring and of a line is that of what is left of them", () => {
    const rim: Shape = { kind: "ring", colour, x: 0, y: 0, radius: 4, width: 2 };
    const [x1, y1, x2, y2] = boundsInWindow(rim, [3, -10, 10, 10])!;
    expect([x1, x2]).toEqual([3, 5]);
    expect(y1).toBeCloseTo(-4, 1);
    expect(y2).toBeCloseTo(4, 1);
    const stroke: Shape = {
      kind: "line",
      colour,
      width: 2,
      points: [
        [0, 0],
        [10, 0],
      ],
    };
    expect(boundsInWindow(stroke, [2, -10, 3, 10])).toEqual([2, -1, 3, 1]);
  });

  test("is null outside", () => {
    const disc: Shape = { kind: "ellipse", colour, x: 0, y: 0, rx: 1, ry: 1 };
    expect(boundsInWindow(disc, [2, -1, 3, 1])).toBeNull();
  });
});
