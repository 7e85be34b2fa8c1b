import type { Xyxy } from "./box.ts";
import { countBoxes, type FlatBoxes } from "./flat-boxes.ts";

/** Width and height of a box, wherever it lies. */
export type BoxShape = readonly [width: number, height: number];

/** Area of a box; 0 if it is empty or its corners are swapped. */
export function boxArea([x1, y1, x2, y2]: Xyxy): number {
  return Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
}

/** Area that two boxes share; 0 where they only touch. */
export function intersectionArea(a: Xyxy, b: Xyxy): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Intersection over union of two boxes, in [0, 1]; 0 if both are empty. */
export function iou(a: Xyxy, b: Xyxy): number {
  const intersection = intersectionArea(a, b);
  return intersection > 0 ? intersection / (boxArea(a) + boxArea(b) - intersection) : 0;
}

/**
 * IoU of every box of one list with every box of another.
 *
 * @param a flat corners, [N, 4]
 * @param b flat corners, [M, 4]
 * @returns [N, M], rows by `a`
 * @throws FoveaError `boxes-not-flat`
 */
export function iouMatrix(a: FlatBoxes, b: FlatBoxes): Float64Array {
  const rows = countBoxes(a);
  const columns = countBoxes(b);
  const areas = flatAreas(b);
  const matrix = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const x1 = a[4 * i];
    const y1 = a[4 * i + 1];
    const x2 = a[4 * i + 2];
    const y2 = a[4 * i + 3];
    const area = Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
    for (let j = 0; j < columns; j++) {
      const width = Math.min(x2, b[4 * j + 2]) - Math.max(x1, b[4 * j]);
      if (!(width > 0)) continue;
      const height = Math.min(y2, b[4 * j + 3]) - Math.max(y1, b[4 * j + 1]);
      if (!(height > 0)) continue;
      const intersection = width * height;
      matrix[i * columns + j] = intersection / (area + areas[j] - intersection);
    }
  }
  return matrix;
}

/** Areas of flat boxes, [N]; 0 for an empty box. */
export function flatAreas(boxes: FlatBoxes): Float64Array {
  const areas = new Float64Array(countBoxes(boxes));
  for (let i = 0; i < areas.length; i++) {
    areas[i] =
      Math.max(0, boxes[4 * i + 2] - boxes[4 * i]) * Math.max(0, boxes[4 * i + 3] - boxes[4 * i + 1]);
  }
  return areas;
}

/** IoU of two shapes laid corner on corner (or centre on centre, which is the same), in [0, 1]; 0 if one is empty. */
export function shapeIou(a: BoxShape, b: BoxShape): number {
  const intersection = Math.max(0, Math.min(a[0], b[0])) * Math.max(0, Math.min(a[1], b[1]));
  return intersection > 0 ? intersection / (a[0] * a[1] + b[0] * b[1] - intersection) : 0;
}
