import { describe, expect, it } from "vitest";
import { type GridObject, gridLabels } from "../../src/detect/index.ts";
import { placeOnGrid } from "../../src/detect/yolo/index.ts";

const [PEDESTRIAN, CAR] = [0, 1];
const unknown = Number.NaN;
const nothing = [0, ...new Array(7).fill(unknown)];

/** An object by its centre and size in cells of a 3 × 3 grid. */
function object(classIndex: number, cx: number, cy: number, width: number, height: number): GridObject {
  return {
    classIndex,
    box: [(cx - width / 2) / 3, (cy - height / 2) / 3, (cx + width / 2) / 3, (cy + height / 2) / 3],
  };
}

/** The vectors of a 3 × 3 grid with 3 classes, [row][column], each of all anchors. */
function vectors(objects: readonly GridObject[], anchors?: readonly [number, number][]) {
  const { labels, collisions } = gridLabels(objects, { rows: 3, columns: 3, classes: 3, anchors });
  const length = labels.length / 9;
  const cell = (i: number) => Array.from(labels.subarray(i * length, (i + 1) * length));
  const rows = [0, 1, 2].map((row) => [0, 1, 2].map((column) => cell(3 * row + column)));
  return { labels, collisions, rows };
}

const closeTo = (numbers: number[]) => numbers.map((n) => (Number.isNaN(n) ? unknown : expect.closeTo(n, 5)));

describe("gridLabels, the textbook's 3 × 3 grid with 3 classes", () => {
  it("is 3 × 3 × 8; a picture without objects is 0 ? ? ? ? ? ? ? everywhere", () => {
    const { labels, rows } = vectors([]);
    expect(labels).toHaveLength(3 * 3 * 8);
    expect(rows.flat()).toEqual(new Array(9).fill(nothing));
  });

  it("gives each object to the one cell that holds its centre, however many it spans", () => {
    const left = object(CAR, 0.4, 1.3, 0.9, 0.5);
    const right = object(CAR, 2.6, 1.7, 1.7, 2.4); // spans four cells and more
    const { rows, collisions } = vectors([left, right]);
    expect(rows[1][0]).toEqual(closeTo([1, 0.4, 0.3, 0.5, 0.9, 0, 1, 0]));
    expect(rows[1][2]).toEqual(closeTo([1, 0.6, 0.7, 2.4, 1.7, 0, 1, 0]));
    expect(rows.flat().filter((cell) => cell[0] === 0)).toEqual(new Array(7).fill(nothing));
    expect(collisions).toEqual([]);
  });

  it("has bx, by within the cell from (0, 0) to (1, 1), and bh, bw in cells, above 1 for large objects", () => {
    const { rows } = vectors([object(PEDESTRIAN, 1, 2, 0.5, 0.5), object(CAR, 1.5, 1.5, 2.9, 1.2)]);
    expect(rows[2][1], "a centre on the line belongs to the cell below and right of it").toEqual(
      closeTo([1, 0, 0, 0.5, 0.5, 1, 0, 0]),
    );
    expect(rows[1][1]).toEqual(closeTo([1, 0.5, 0.5, 1.2, 2.9, 0, 1, 0]));
  });

  it("keeps a centre on the picture's far edge in the last cell", () => {
    const { rows } = vectors([{ classIndex: 2, box: [1, 1, 1, 1] }]);
    expect(rows[2][2]).toEqual([1, 1, 1, 0, 0, 0, 0, 1]);
  });

  it("reports a collision and keeps the larger, whichever comes first", () => {
    const small = object(PEDESTRIAN, 1.2, 1.2, 0.3, 0.6);
    const large = object(CAR, 1.7, 1.6, 1.5, 1);
    for (const [objects, kept] of [
      [[small, large], 1],
      [[large, small], 0],
    ] as const) {
      const { rows, collisions } = vectors(objects);
      expect(collisions).toEqual([{ row: 1, column: 1, anchor: 0, kept, dropped: 1 - kept }]);
      expect(rows[1][1]).toEqual(closeTo([1, 0.7, 0.6, 1, 1.5, 0, 1, 0]));
    }
  });
});

describe("gridLabels with two anchors", () => {
  const anchors: [number, number][] = [
    [0.2, 0.6], // tall
    [0.6, 0.2], // wide
  ];

  it("is 3 × 3 × 2 × 8", () => {
    expect(vectors([], anchors).labels).toHaveLength(3 * 3 * 2 * 8);
  });

  it("a cell with only a car shaped like anchor 2 is [0, ? … ?, 1, bx, by, bh, bw, 0, 1, 0]", () => {
    const { rows } = vectors([object(CAR, 1.5, 2.25, 1.6, 0.7)], anchors);
    expect(rows[2][1]).toEqual(closeTo([...nothing, 1, 0.5, 0.25, 0.7, 1.6, 0, 1, 0]));
  });

  it("holds a pedestrian and a car whose centres share a cell", () => {
    const pedestrian = object(PEDESTRIAN, 1.5, 1.5, 0.5, 1.8);
    const car = object(CAR, 1.4, 1.6, 2, 0.8);
    const { rows, collisions } = vectors([car, pedestrian], anchors);
    const expected = [1, 0.5, 0.5, 1.8, 0.5, 1, 0, 0, 1, 0.4, 0.6, 0.8, 2, 0, 1, 0];
    expect(rows[1][1]).toEqual(closeTo(expected));
    expect(collisions).toEqual([]);
  });

  it("reports two of the same shape in a cell, and three objects for two anchors", () => {
    const wide = [1, 1.2, 1.4].map((width) => object(CAR, 0.5, 0.5, width, 0.5));
    const { rows, collisions } = vectors(wide, anchors);
    expect(collisions.map(({ anchor, kept, dropped }) => [anchor, kept, dropped])).toEqual([
      [1, 1, 0],
      [1, 2, 1],
    ]);
    expect(rows[0][0]).toEqual(closeTo([...nothing, 1, 0.5, 0.5, 0.5, 1.4, 0, 1, 0]));
  });
});

describe("placeOnGrid", () => {
  it("works in any unit, and on cells that are no squares", () => {
    const grid = { columns: 4, rows: 2, cellWidth: 10, cellHeight: 30, anchors: [[1, 1] as const] };
    const { placements } = placeOnGrid([{ classIndex: 0, box: [22, 31, 26, 39] }], grid);
    expect(placements).toEqual([{ object: 0, row: 1, column: 2, anchor: 0 }]);
  });
});
