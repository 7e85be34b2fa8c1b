import { shapeIou } from "../../geometry/index.ts";
import { suitsGrid, type YoloConfig } from "./config.ts";
import { type Grid, type GridObject, type Placement, placeOnGrid } from "./grid-labels.ts";

/** Channels of a target map before the classes: is a cell positive, and its box's centre and size in pixels. */
export const TARGET_BOX_CHANNELS = 5;

/**
 * What each grid should answer for a batch: per grid a map `[N, anchors, 5 + classes, rows, columns]` with
 * channels (positive, cx, cy, width, height, classes one-hot). Cells that answer for nothing hold a unit box
 * that no loss looks at.
 *
 * @param batch The objects of each picture, in input pixels.
 */
export function buildTargets(
  batch: readonly (readonly GridObject[])[],
  config: YoloConfig,
  input: { width: number; height: number },
): Float32Array[] {
  const classes = config.classes.length;
  return config.grids.map(({ stride, anchors }, index) => {
    const [columns, rows] = [input.width / stride, input.height / stride];
    const map = new TargetMap(batch.length, anchors.length, classes, rows, columns);
    for (const [n, all] of batch.entries()) {
      const objects = all.filter(({ box }) => answersFor(box, config, index));
      const grid = { columns, rows, cellWidth: stride, cellHeight: stride, anchors };
      const cells =
        config.head.positives === "centre"
          ? placeOnGrid(objects, grid).placements
          : neighbourhoods(objects, grid);
      for (const { object, anchor, row, column } of cells) map.write(n, anchor, row, column, objects[object]);
    }
    return map.data;
  });
}

/** Whether grid `index` answers for a box. */
function answersFor([x1, y1, x2, y2]: GridObject["box"], { grids }: YoloConfig, index: number): boolean {
  const { smallest, largest } = grids[index];
  if (smallest !== undefined || largest !== undefined) return suitsGrid(grids[index], x2 - x1, y2 - y1);
  const overlaps = grids.map(({ anchors }) =>
    Math.max(...anchors.map((anchor) => shapeIou([x2 - x1, y2 - y1], anchor))),
  );
  return overlaps.indexOf(Math.max(...overlaps)) === index;
}

/** The 3 × 3 cells around each object's centre; where objects meet, the cell goes to the nearest centre. */
function neighbourhoods(objects: readonly GridObject[], grid: Grid): Placement[] {
  const nearest = new Map<string, { distance: number; placement: Placement }>();
  for (const [object, { box }] of objects.entries()) {
    const [{ anchor, row, column }] = placeOnGrid([objects[object]], grid).placements;
    for (let r = Math.max(0, row - 1); r <= Math.min(grid.rows - 1, row + 1); r++) {
      for (let c = Math.max(0, column - 1); c <= Math.min(grid.columns - 1, column + 1); c++) {
        const distance = Math.hypot(
          (c + 0.5) * grid.cellWidth - (box[0] + box[2]) / 2,
          (r + 0.5) * grid.cellHeight - (box[1] + box[3]) / 2,
        );
        const key = `${anchor} ${r} ${c}`;
        if (distance >= (nearest.get(key)?.distance ?? Number.POSITIVE_INFINITY)) continue;
        nearest.set(key, { distance, placement: { object, anchor, row: r, column: c } });
      }
    }
  }
  return [...nearest.values()].map(({ placement }) => placement);
}

/** A batch's target map of one grid. */
class TargetMap {
  readonly data: Float32Array;
  readonly #anchors: number;
  readonly #channels: number;
  readonly #columns: number;
  readonly #cells: number;

  constructor(batch: number, anchors: number, classes: number, rows: number, columns: number) {
    this.#anchors = anchors;
    this.#channels = TARGET_BOX_CHANNELS + classes;
    this.#columns = columns;
    this.#cells = rows * columns;
    this.data = new Float32Array(batch * anchors * this.#channels * this.#cells);
    for (let block = 0; block < batch * anchors; block++) {
      const sizes = (block * this.#channels + 3) * this.#cells;
      this.data.fill(1, sizes, sizes + 2 * this.#cells);
    }
  }

  write(n: number, anchor: number, row: number, column: number, { box, classIndex }: GridObject): void {
    const block = (n * this.#anchors + anchor) * this.#channels * this.#cells;
    const at = (channel: number) => block + channel * this.#cells + row * this.#columns + column;
    this.data[at(0)] = 1;
    this.data[at(1)] = (box[0] + box[2]) / 2;
    this.data[at(2)] = (box[1] + box[3]) / 2;
    this.data[at(3)] = box[2] - box[0];
    this.data[at(4)] = box[3] - box[1];
    this.data[at(TARGET_BOX_CHANNELS + classIndex)] = 1;
  }
}
