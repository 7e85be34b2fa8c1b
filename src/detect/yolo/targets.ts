import { shapeIou } from "../../geometry/index.ts";
import type { YoloConfig } from "./config.ts";

/** An object of a training picture, in input pixels. */
export interface TargetBox {
  classIndex: number;
  box: readonly [x1: number, y1: number, x2: number, y2: number];
}

/** Channels of a target map before the classes: is a cell positive, and its box's centre and size in pixels. */
export const TARGET_BOX_CHANNELS = 5;

/**
 * What each grid should answer for a batch: per grid a map `[N, anchors, 5 + classes, rows, columns]` with
 * channels (positive, cx, cy, width, height, classes one-hot). Cells that answer for nothing hold a unit box
 * that no loss looks at.
 */
export function buildTargets(
  batch: readonly (readonly TargetBox[])[],
  config: YoloConfig,
  input: { width: number; height: number },
): Float32Array[] {
  const channels = TARGET_BOX_CHANNELS + config.classes.length;
  const maps = config.grids.map(({ stride, anchors }) => {
    const cells = (input.width / stride) * (input.height / stride);
    const map = new Float32Array(batch.length * anchors.length * channels * cells);
    for (let block = 0; block < batch.length * anchors.length; block++) {
      for (const channel of [3, 4]) map.fill(1, (block * channels + channel) * cells, (block * channels + channel + 1) * cells);
    }
    return map;
  });
  for (const [n, objects] of batch.entries()) {
    const nearest = config.grids.map(
      ({ stride, anchors }) =>
        new Float32Array(anchors.length * (input.width / stride) * (input.height / stride)).fill(Infinity),
    );
    for (const object of objects) {
      for (const cell of answeringCells(object, config, input)) {
        const { stride, anchors } = config.grids[cell.grid];
        const [columns, rows] = [input.width / stride, input.height / stride];
        const place = (cell.anchor * rows + cell.row) * columns + cell.column;
        if (cell.distance >= nearest[cell.grid][place]) continue;
        nearest[cell.grid][place] = cell.distance;
        const block = (n * anchors.length + cell.anchor) * channels * rows * columns;
        const at = block + cell.row * columns + cell.column;
        writeCell(maps[cell.grid], at, rows * columns, object, config.classes.length);
      }
    }
  }
  return maps;
}

interface AnsweringCell {
  grid: number;
  anchor: number;
  row: number;
  column: number;
  /** Rank among objects that want the same cell: the smallest wins. */
  distance: number;
}

/** The grid and anchor whose shape is most like the object's, and the cells there that answer for it. */
function answeringCells(
  { box }: TargetBox,
  { grids, head }: YoloConfig,
  input: { width: number; height: number },
): AnsweringCell[] {
  const [width, height] = [box[2] - box[0], box[3] - box[1]];
  const [cx, cy] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  let best = { grid: 0, anchor: 0, iou: -1 };
  for (const [grid, { anchors }] of grids.entries()) {
    for (const [anchor, shape] of anchors.entries()) {
      const iou = shapeIou([width, height], shape);
      if (iou > best.iou) best = { grid, anchor, iou };
    }
  }
  const { stride } = grids[best.grid];
  const [columns, rows] = [input.width / stride, input.height / stride];
  const column = Math.min(columns - 1, Math.floor(cx / stride));
  const row = Math.min(rows - 1, Math.floor(cy / stride));
  if (head.positives === "centre") {
    return [{ grid: best.grid, anchor: best.anchor, row, column, distance: 1 / (1 + width * height) }];
  }
  const cells: AnsweringCell[] = [];
  for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
    for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++) {
      const distance = Math.hypot((c + 0.5) * stride - cx, (r + 0.5) * stride - cy);
      cells.push({ grid: best.grid, anchor: best.anchor, row: r, column: c, distance });
    }
  }
  return cells;
}

function writeCell(map: Float32Array, at: number, cells: number, { box, classIndex }: TargetBox, classes: number) {
  map[at] = 1;
  map[at + cells] = (box[0] + box[2]) / 2;
  map[at + 2 * cells] = (box[1] + box[3]) / 2;
  map[at + 3 * cells] = box[2] - box[0];
  map[at + 4 * cells] = box[3] - box[1];
  for (let k = 0; k < classes; k++) map[at + (TARGET_BOX_CHANNELS + k) * cells] = k === classIndex ? 1 : 0;
}
