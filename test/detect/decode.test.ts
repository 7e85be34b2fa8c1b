import { describe, expect, it } from "vitest";
import {
  answersPerAnchor,
  buildTargets,
  decodeAll,
  type GridObject,
  TARGET_BOX_CHANNELS,
  type YoloConfig,
} from "../../src/detect/yolo/index.ts";
import { Graph } from "../../src/graph/index.ts";
import { evaluate } from "../autodiff/evaluate.ts";
import { expectClose } from "../graph/closeness.ts";
import { textbookConfig, tinyConfig } from "./tiny-yolo.ts";

const close = { relative: 1e-5, ofLargest: 1e-6, absolute: 1e-4 };
const logit = (p: number) => Math.log(p / (1 - p));

/** Cells of each grid of a config. */
function gridShapes({ grids, input }: YoloConfig) {
  return grids.map(({ stride, anchors }) => ({
    anchors: anchors.length,
    rows: input.height / stride,
    columns: input.width / stride,
  }));
}

/** Decodes raw answers given as a vector ((Pc,) tx, ty, th, tw, classes…) for each (grid, anchor, row, column). */
async function decode(
  config: YoloConfig,
  answer: (grid: number, anchor: number, row: number, column: number) => number[],
) {
  const graph = new Graph();
  const feeds: Record<string, number[]> = {};
  const raws = gridShapes(config).map(({ anchors, rows, columns }, grid) => {
    const channels = answersPerAnchor(config);
    const data = new Array<number>(anchors * channels * rows * columns);
    for (let anchor = 0; anchor < anchors; anchor++) {
      for (let cell = 0; cell < rows * columns; cell++) {
        const vector = answer(grid, anchor, Math.floor(cell / columns), cell % columns);
        for (const [c, value] of vector.entries())
          data[(anchor * channels + c) * rows * columns + cell] = value;
      }
    }
    feeds[`raw${grid}`] = data;
    return graph.input(`raw${grid}`, [1, anchors, channels, rows, columns]);
  });
  const { boxes, scores } = await evaluate({ ...decodeAll(raws, config) }, feeds);
  return { boxes, scores };
}

/** The logits that say a box (centre and size in pixels) at a cell. */
function encode(
  config: YoloConfig,
  grid: number,
  anchor: number,
  row: number,
  column: number,
  box: number[],
) {
  const { stride, anchors } = config.grids[grid];
  const [cx, cy, width, height] = box;
  // a centre lies in its own cell (textbook), or up to a cell and a half further on every side
  const reach = config.head.positives === "centre" ? 0 : 1.5;
  const place = (centre: number, cell: number) => logit((centre / stride - cell + reach) / (1 + 2 * reach));
  return [
    place(cx, column),
    place(cy, row),
    Math.log(height / anchors[anchor][1]),
    Math.log(width / anchors[anchor][0]),
  ];
}

const twoGrids: YoloConfig = {
  ...textbookConfig,
  grids: [{ stride: 16, anchors: [[9, 12]] }, ...textbookConfig.grids],
};

describe.each([
  { name: "neighbourhood", config: tinyConfig },
  { name: "centre, two anchors", config: textbookConfig },
  { name: "two grids", config: twoGrids },
])("decoding, $name", ({ config }) => {
  it("reads back what targets and encoding put into a cell", async () => {
    const objects: GridObject[] = [
      { classIndex: 1, box: [31, 13, 70, 33] },
      { classIndex: 0, box: [3, 33, 13, 63] },
      { classIndex: 2, box: [60, 40, 90, 62] },
    ];
    const shapes = gridShapes(config);
    const targets = buildTargets([objects], config, config.input);
    const channels = TARGET_BOX_CHANNELS + config.classes.length;
    const withConfidence = config.head.score === "confidence";
    const expected: { at: number; box: number[]; classIndex: number }[] = [];
    let first = 0;
    const firstOf = shapes.map(({ anchors, rows, columns }) => {
      const start = first;
      first += anchors * rows * columns;
      return start;
    });
    const { boxes, scores } = await decode(config, (grid, anchor, row, column) => {
      const { rows, columns } = shapes[grid];
      const cell = row * columns + column;
      const target = (c: number) => targets[grid][(anchor * channels + c) * rows * columns + cell];
      const says = (confidence: number, coordinates: number[], classes: number[]) => [
        ...(withConfidence ? [confidence] : []),
        ...coordinates,
        ...classes,
      ];
      if (target(0) === 0) return says(-20, [0, 0, 0, 0], withConfidence ? [0, 0, 0] : [-20, -20, -20]);
      const [cx, cy, width, height] = [1, 2, 3, 4].map(target);
      const classes = [5, 6, 7].map(target);
      expected.push({
        at: firstOf[grid] + anchor * rows * columns + cell,
        box: [cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2],
        classIndex: classes.indexOf(1),
      });
      const coordinates = encode(config, grid, anchor, row, column, [cx, cy, width, height]);
      const classScores = classes.map((c) => (c ? logit(0.8) : -20));
      return says(logit(0.9), coordinates, classScores);
    });
    const count = boxes.length / 4;
    expect(count).toBe(first);
    expect(scores).toHaveLength(config.classes.length * count);
    expect(new Set(expected.map(({ classIndex }) => classIndex))).toEqual(new Set([0, 1, 2]));
    for (const { at, box, classIndex } of expected) {
      expectClose(boxes.slice(4 * at, 4 * at + 4), box, close, `box ${at}`);
      const expectedScores = [0, 1, 2].map((k) => (k === classIndex ? (withConfidence ? 0.72 : 0.8) : 0));
      expectClose(
        [0, 1, 2].map((k) => scores[k * count + at]),
        expectedScores,
        { ...close, absolute: 1e-6 },
        `scores ${at}`,
      );
    }
    const high = scores.filter((score) => score > 0.01);
    expect(high, "nothing is found elsewhere").toHaveLength(expected.length);
  });
});

it("a cell's zeros are its own middle and the anchor's shape", async () => {
  const { boxes, scores } = await decode(textbookConfig, () => new Array(8).fill(0));
  // two anchors, 2 × 3 cells of 32 pixels: the second anchor, row 1, column 2 is the 12th
  expectClose(boxes.slice(4 * 11), [80 - 20, 48 - 10, 80 + 20, 48 + 10], close, "last box");
  expect(new Set(scores)).toEqual(new Set([0.25]));
});

it("sizes stay finite whatever the net says", async () => {
  const { boxes } = await decode(tinyConfig, () => [500, -500, 500, -500, 0, 0, 0]);
  expect(boxes.every(Number.isFinite)).toBe(true);
});
