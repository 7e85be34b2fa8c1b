import { describe, expect, it } from "vitest";
import { buildTargets, type GridObject, type YoloConfig } from "../../src/detect/yolo/index.ts";
import { textbookConfig, tinyConfig } from "./tiny-yolo.ts";

const { input } = tinyConfig;

/** The vectors (positive, cx, cy, width, height, classes…) of a grid's positive cells by "picture anchor row column". */
function positives(batch: GridObject[][], config: YoloConfig, index = 0): Record<string, number[]> {
  const map = buildTargets(batch, config, input)[index];
  const { stride, anchors } = config.grids[index];
  const [columns, rows] = [input.width / stride, input.height / stride];
  const channels = 5 + config.classes.length;
  expect(map).toHaveLength(batch.length * anchors.length * channels * rows * columns);
  const found: Record<string, number[]> = {};
  for (let block = 0; block < batch.length * anchors.length; block++) {
    for (let cell = 0; cell < rows * columns; cell++) {
      const vector = Array.from(
        { length: channels },
        (_, c) => map[(block * channels + c) * rows * columns + cell],
      );
      if (vector[0] === 0) {
        expect(vector, "don't care").toEqual([0, 0, 0, 1, 1, ...config.classes.map(() => 0)]);
        continue;
      }
      const place = [
        Math.floor(block / anchors.length),
        block % anchors.length,
        Math.floor(cell / columns),
        cell % columns,
      ];
      found[place.join(" ")] = vector;
    }
  }
  return found;
}

describe("buildTargets with centres", () => {
  it("marks the cell of each centre at the anchor most like the shape, boxes in pixels", () => {
    const car: GridObject = { classIndex: 1, box: [30, 40, 80, 60] }; // centre (55, 50), 50 × 20
    const pedestrian: GridObject = { classIndex: 0, box: [50, 34, 62, 64] }; // centre (56, 49), 12 × 30
    expect(positives([[], [car, pedestrian]], textbookConfig)).toEqual({
      "1 0 1 1": [1, 56, 49, 12, 30, 1, 0, 0],
      "1 1 1 1": [1, 55, 50, 50, 20, 0, 1, 0],
    });
  });

  it("keeps the larger of two that want the same place", () => {
    const small: GridObject = { classIndex: 1, box: [4, 6, 28, 16] };
    const large: GridObject = { classIndex: 2, box: [0, 0, 30, 16] };
    for (const objects of [
      [small, large],
      [large, small],
    ]) {
      expect(positives([objects], textbookConfig)).toEqual({ "0 1 0 0": [1, 15, 8, 30, 16, 0, 0, 1] });
    }
  });
});

describe("buildTargets with neighbourhoods", () => {
  it("marks the 3 × 3 cells around a centre, all with the same box", () => {
    const object: GridObject = { classIndex: 2, box: [30, 10, 60, 40] }; // centre (45, 25): row 3, column 5
    const found = positives([[object]], tinyConfig);
    expect(Object.keys(found)).toEqual(
      [2, 3, 4].flatMap((row) => [4, 5, 6].map((column) => `0 0 ${row} ${column}`)),
    );
    for (const vector of Object.values(found)) expect(vector).toEqual([1, 45, 25, 30, 30, 0, 0, 1]);
  });

  it("stays within the picture", () => {
    const found = positives(
      [
        [
          { classIndex: 0, box: [0, 0, 8, 8] },
          { classIndex: 1, box: [88, 56, 96, 64] },
        ],
      ],
      tinyConfig,
    );
    expect(Object.keys(found)).toEqual([
      "0 0 0 0",
      "0 0 0 1",
      "0 0 1 0",
      "0 0 1 1",
      "0 0 6 10",
      "0 0 6 11",
      "0 0 7 10",
      "0 0 7 11",
    ]);
  });

  it("gives a cell that two want to the nearer centre", () => {
    const left: GridObject = { classIndex: 0, box: [10, 18, 30, 38] }; // centre (20, 28): row 3, column 2
    // Column 3, whose middle is at 28, is the only one that both want: it lies 8 from the left centre, 6 from the right one.
    const right: GridObject = { classIndex: 1, box: [24, 18, 44, 38] }; // centre (34, 28): row 3, column 4
    for (const objects of [
      [left, right],
      [right, left],
    ]) {
      const found = positives([objects], tinyConfig);
      expect(Object.keys(found)).toHaveLength(15); // columns 1 … 5
      for (const [place, [, cx]] of Object.entries(found)) {
        const column = Number(place.split(" ")[3]);
        expect(cx, place).toBe(column < 3 ? 20 : 34);
      }
    }
  });

  it("leaves no object without a cell where two share one", () => {
    const first: GridObject = { classIndex: 0, box: [20, 20, 40, 40] }; // centre (30, 30)
    const second: GridObject = { classIndex: 1, box: [20, 20, 43, 42] }; // centre (31.5, 31): the same cell
    const classes = Object.values(positives([[first, second]], tinyConfig)).map(
      (vector) => vector.indexOf(1, 5) - 5,
    );
    expect(new Set(classes)).toEqual(new Set([0, 1]));
  });
});

describe("buildTargets with several grids", () => {
  it("gives an object to the grid that has the anchor most like it", () => {
    const config: YoloConfig = {
      ...textbookConfig,
      grids: [
        { stride: 8, anchors: [[10, 10]] },
        { stride: 32, anchors: [[50, 50]] },
      ],
    };
    const small: GridObject = { classIndex: 0, box: [40, 20, 52, 31] };
    const large: GridObject = { classIndex: 1, box: [10, 5, 70, 60] };
    expect(Object.keys(positives([[small, large]], config, 0))).toEqual(["0 0 3 5"]);
    expect(Object.keys(positives([[small, large]], config, 1))).toEqual(["0 0 1 1"]);
  });
});
