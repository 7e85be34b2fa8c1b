import type { FlatBoxes } from "../../geometry/index.ts";

/**
 * A cell's anchors at every cell of a feature map, row by row, those of one cell together.
 *
 * @param anchors corners `[A, 4]`
 * @param stride pixels from one cell to the next
 * @returns corners in pixels `[rows × columns × A, 4]`
 */
export function gridAnchors(anchors: FlatBoxes, rows: number, columns: number, stride: number): Float32Array {
  const boxes = new Float32Array(rows * columns * anchors.length);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let i = 0; i < anchors.length; i++)
        boxes[at++] = anchors[i] + stride * (i % 2 === 0 ? column : row);
    }
  }
  return boxes;
}
