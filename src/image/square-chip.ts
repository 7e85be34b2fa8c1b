import type { Picture } from "./picture.ts";
import { requirePicture } from "./require-picture.ts";

/** A part of a picture in whole pixels. */
export interface PixelRect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A part of a picture in the middle of a black square, sampled bilinearly without smoothing at the upper left corners
 * of the chip's pixels: how face-api prepares faces. An odd row or column of black goes to the end.
 *
 * @param side of the chip in pixels
 * @param into where it goes, `[3, side, side]`, 0…255
 * @throws `picture-size`
 */
export function squareChip(picture: Picture, rect: PixelRect, side: number, into: Float32Array): void {
  requirePicture(picture);
  const { width, height } = rect;
  const longer = Math.max(width, height);
  const padX = longer - width - Math.round((longer - width) / 2);
  const padY = longer - height - Math.round((longer - height) / 2);
  const columns = samplesOf(side, longer, padX, width);
  const rows = samplesOf(side, longer, padY, height);
  const plane = side * side;
  for (const [row, vertical] of rows.entries()) {
    for (const [column, horizontal] of columns.entries()) {
      const at = row * side + column;
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (const [y, weightY] of vertical) {
          for (const [x, weightX] of horizontal) {
            const pixel = (rect.y + y) * picture.width + rect.x + x;
            sum += weightY * weightX * picture.data[3 * pixel + channel];
          }
        }
        into[channel * plane + at] = sum;
      }
    }
  }
}

/** For each pixel of the chip along one axis: the places in the part that it is made of, and their weights. */
function samplesOf(side: number, longer: number, pad: number, length: number): [number, number][][] {
  return Array.from({ length: side }, (_, i) => {
    const at = (i * longer) / side;
    const first = Math.floor(at);
    const share = at - first;
    const places: [number, number][] = [
      [first - pad, 1 - share],
      [Math.min(first + 1, longer - 1) - pad, share],
    ];
    return places.filter(([place]) => place >= 0 && place < length);
  });
}
