import { sizeOf } from "../../core/index.ts";
import { type Elements, putElements } from "./elements.ts";
import { mostFrequent } from "./most-frequent.ts";
import { formatShape } from "./volume.ts";

/** Volumes are fitted to another size where each axis is longer than a half of it, and shorter than the double. */
const FARTHEST = 2;

type Shape = readonly number[];

/**
 * The shape that volumes are brought to: that of more than half of them, else the median along each axis.
 *
 * @param shapes at least one, all of as many channels
 */
export function usualShape(shapes: readonly Shape[]): Shape {
  const most = mostFrequent(shapes, formatShape);
  const ofMost = shapes.filter((shape) => formatShape(shape) === most);
  if (ofMost.length > shapes.length / 2) return ofMost[0];
  return shapes[0].map((_, axis) => median(shapes.map((shape) => shape[axis])));
}

/**
 * Whether a volume can be brought to a shape by cutting and filling up: only its size differs, and not by much. The same
 * lengths in another order are axes in another order.
 */
export function canFit(shape: Shape, wanted: Shape): boolean {
  if (formatShape(shape) === formatShape(wanted)) return true;
  if (shape[0] !== wanted[0] || inOrder(shape) === inOrder(wanted)) return false;
  return shape.every((length, axis) => {
    return length * FARTHEST > wanted[axis] && length < wanted[axis] * FARTHEST;
  });
}

/**
 * Writes a volume in another size, its middle in the middle: what is too long is cut on both sides, what is too short
 * filled up with the background, which is the median of the corners of each channel.
 *
 * @param shape `[channels, depth, height, width]` of the elements
 * @param into as many values as `wanted` says
 */
export function putFitted(
  into: Float32Array | Uint8Array,
  wanted: Shape,
  elements: Elements,
  shape: Shape,
): void {
  if (formatShape(shape) === formatShape(wanted)) {
    putElements(into, 0, elements);
    return;
  }
  const values = into instanceof Uint8Array ? new Uint8Array(sizeOf(shape)) : new Float32Array(sizeOf(shape));
  putElements(values, 0, elements);
  const [channels, depth, height, width] = shape;
  const [, newDepth, newHeight, newWidth] = wanted;
  const [z, y, x] = [1, 2, 3].map((axis) => middle(shape[axis], wanted[axis]));
  for (let c = 0; c < channels; c++) {
    const channel = values.subarray(c * depth * height * width, (c + 1) * depth * height * width);
    const newSize = newDepth * newHeight * newWidth;
    const fitted = into.subarray(c * newSize, (c + 1) * newSize);
    fitted.fill(backgroundOf(channel, [depth, height, width]));
    for (let slice = 0; slice < z.length; slice++) {
      for (let row = 0; row < y.length; row++) {
        const from = ((z.from + slice) * height + y.from + row) * width + x.from;
        const to = ((z.to + slice) * newHeight + y.to + row) * newWidth + x.to;
        fitted.set(channel.subarray(from, from + x.length), to);
      }
    }
  }
}

/** The lengths of all axes, from the shortest to the longest. */
function inOrder(shape: Shape): string {
  return formatShape([...shape].sort((a, b) => a - b));
}

/** What of an axis is kept: so many places, from where to where. */
function middle(length: number, wanted: number): { from: number; to: number; length: number } {
  const difference = Math.floor(Math.abs(length - wanted) / 2);
  if (length > wanted) return { from: difference, to: 0, length: wanted };
  return { from: 0, to: difference, length };
}

function backgroundOf(
  channel: Float32Array | Uint8Array,
  [depth, height, width]: readonly [number, number, number],
): number {
  const corners = [0, depth - 1].flatMap((z) =>
    [0, height - 1].flatMap((y) => [0, width - 1].map((x) => channel[(z * height + y) * width + x])),
  );
  return median(corners);
}

/** The middle one of some numbers, of two the lower one. */
function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)];
}
