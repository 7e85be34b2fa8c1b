import { type BoxShape, shapeIou } from "../../geometry/index.ts";

/** An object by class and corners; the unit is the caller's. */
export interface GridObject {
  classIndex: number;
  box: readonly [x1: number, y1: number, x2: number, y2: number];
}

/** A grid over a picture, in the unit of the objects. */
export interface Grid {
  columns: number;
  rows: number;
  /** Size of one cell. */
  cellWidth: number;
  cellHeight: number;
  /** Anchor shapes `[width, height]`; one entry means that every object goes to it. */
  anchors: readonly BoxShape[];
}

/** Where an object's label stands: in the cell that holds its centre, at the anchor most like its shape. */
export interface Placement {
  object: number;
  row: number;
  column: number;
  anchor: number;
}

/** Two objects that want the same cell and anchor: the larger keeps it. */
export interface GridCollision {
  row: number;
  column: number;
  anchor: number;
  kept: number;
  dropped: number;
}

/**
 * Assigns objects to (cell, anchor): the one cell that holds the centre, however many the object spans, and
 * the anchor whose shape has the highest IoU with the object's.
 */
export function placeOnGrid(
  objects: readonly GridObject[],
  grid: Grid,
): { placements: Placement[]; collisions: GridCollision[] } {
  const taken = new Map<string, Placement>();
  const collisions: GridCollision[] = [];
  for (const [object, { box }] of objects.entries()) {
    const placement: Placement = {
      object,
      row: cellOf((box[1] + box[3]) / 2, grid.cellHeight, grid.rows),
      column: cellOf((box[0] + box[2]) / 2, grid.cellWidth, grid.columns),
      anchor: bestAnchor([box[2] - box[0], box[3] - box[1]], grid.anchors),
    };
    const { row, column, anchor } = placement;
    const key = `${row} ${column} ${anchor}`;
    const before = taken.get(key);
    if (before) {
      const larger = area(box) > area(objects[before.object].box);
      const [kept, dropped] = larger ? [object, before.object] : [before.object, object];
      collisions.push({ row, column, anchor, kept, dropped });
      if (!larger) continue;
    }
    taken.set(key, placement);
  }
  return { placements: [...taken.values()], collisions };
}

function cellOf(position: number, size: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(position / size)));
}

function bestAnchor(shape: BoxShape, anchors: readonly BoxShape[]): number {
  const overlaps = anchors.map((anchor) => shapeIou(shape, anchor));
  return overlaps.indexOf(Math.max(...overlaps));
}

function area([x1, y1, x2, y2]: GridObject["box"]): number {
  return (x2 - x1) * (y2 - y1);
}

/** Textbook labels of one picture. */
export interface GridLabels {
  /**
   * `[rows, columns, anchors, 5 + classes]`: Pc, bx, by, bh, bw, c1 … ck. Where Pc is 0 the rest is "don't
   * care", held as NaN so that it cannot enter a loss unnoticed.
   */
  labels: Float32Array;
  collisions: GridCollision[];
}

/**
 * The label of a picture whose objects' boxes are fractions of it (top-left (0, 0), bottom-right (1, 1)):
 * bx, by in 0…1 within the cell; bh, bw as multiples of the cell's size (Redmon et al. 2016).
 *
 * @param anchors Shapes as fractions of the picture; default: one, for any shape.
 */
export function gridLabels(
  objects: readonly GridObject[],
  options: { rows: number; columns: number; classes: number; anchors?: readonly BoxShape[] },
): GridLabels {
  const { rows, columns, classes, anchors = [[1, 1]] } = options;
  const grid: Grid = { rows, columns, cellWidth: 1 / columns, cellHeight: 1 / rows, anchors };
  const length = 5 + classes;
  const labels = new Float32Array(rows * columns * anchors.length * length);
  for (let i = 0; i < labels.length; i++) labels[i] = i % length === 0 ? 0 : Number.NaN;
  const { placements, collisions } = placeOnGrid(objects, grid);
  for (const { object, row, column, anchor } of placements) {
    const { box, classIndex } = objects[object];
    const at = ((row * columns + column) * anchors.length + anchor) * length;
    labels[at] = 1;
    labels[at + 1] = ((box[0] + box[2]) / 2) * columns - column;
    labels[at + 2] = ((box[1] + box[3]) / 2) * rows - row;
    labels[at + 3] = (box[3] - box[1]) * rows;
    labels[at + 4] = (box[2] - box[0]) * columns;
    for (let k = 0; k < classes; k++) labels[at + 5 + k] = k === classIndex ? 1 : 0;
  }
  return { labels, collisions };
}
