import type { Affine } from "../../geometry/index.ts";
import type { Picture } from "../../image/index.ts";

/** Fraction bits of an interpolation weight: a byte times two weights stays below 2³⁰. */
const weightBits = 11;
const weightOne = 1 << weightBits;
const rounding = 1 << (2 * weightBits - 1);

/**
 * Writes the columns start ≤ column < end of one row of a canvas, `[3, height, width]` bytes of which each
 * plane has `plane`.
 */
export type SampleRow = (
  row: number,
  start: number,
  end: number,
  out: Uint8Array,
  width: number,
  plane: number,
) => void;

/**
 * Bilinear sampling of a picture at the points where `toPicture` takes the centres of a canvas's pixels; beyond
 * its outermost pixel centres the picture goes on with their colour.
 */
export function createRowSampler(picture: Picture, toPicture: Affine, canvasWidth: number): SampleRow {
  const upright = toPicture[1] === 0 && toPicture[3] === 0;
  return upright ? sampleUpright(picture, toPicture, canvasWidth) : sampleTurned(picture, toPicture);
}

/** Without rotation or shear, a canvas's row lies on a row of the picture: columns are worked out once. */
function sampleUpright({ width, height, data }: Picture, toPicture: Affine, canvasWidth: number): SampleRow {
  const [scaleX, , shiftX, , scaleY, shiftY] = toPicture;
  const offsets = new Int32Array(canvasWidth);
  const steps = new Int32Array(canvasWidth);
  const weights = new Int32Array(canvasWidth);
  for (let column = 0; column < canvasWidth; column++) {
    const x = clamp(scaleX * (column + 0.5) + shiftX - 0.5, width - 1);
    const left = x | 0;
    offsets[column] = 3 * left;
    steps[column] = left < width - 1 ? 3 : 0;
    weights[column] = (x - left) * weightOne;
  }
  const stride = 3 * width;
  return (row, start, end, out, outWidth, plane) => {
    const y = clamp(scaleY * (row + 0.5) + shiftY - 0.5, height - 1);
    const upper = y | 0;
    const weightY = ((y - upper) * weightOne) | 0;
    const down = upper < height - 1 ? stride : 0;
    const first = upper * stride;
    for (let column = start; column < end; column++) {
      const at = first + offsets[column];
      const right = steps[column];
      const weightX = weights[column];
      const to = row * outWidth + column;
      out[to] = interpolate(data, at, right, down, weightX, weightY);
      out[to + plane] = interpolate(data, at + 1, right, down, weightX, weightY);
      out[to + 2 * plane] = interpolate(data, at + 2, right, down, weightX, weightY);
    }
  };
}

function sampleTurned({ width, height, data }: Picture, toPicture: Affine): SampleRow {
  const [a, b, shiftX, c, d, shiftY] = toPicture;
  const stride = 3 * width;
  return (row, start, end, out, outWidth, plane) => {
    const rowX = b * (row + 0.5) + shiftX - 0.5;
    const rowY = d * (row + 0.5) + shiftY - 0.5;
    for (let column = start; column < end; column++) {
      const x = clamp(a * (column + 0.5) + rowX, width - 1);
      const y = clamp(c * (column + 0.5) + rowY, height - 1);
      const left = x | 0;
      const upper = y | 0;
      const weightX = ((x - left) * weightOne) | 0;
      const weightY = ((y - upper) * weightOne) | 0;
      const at = upper * stride + 3 * left;
      const right = left < width - 1 ? 3 : 0;
      const down = upper < height - 1 ? stride : 0;
      const to = row * outWidth + column;
      out[to] = interpolate(data, at, right, down, weightX, weightY);
      out[to + plane] = interpolate(data, at + 1, right, down, weightX, weightY);
      out[to + 2 * plane] = interpolate(data, at + 2, right, down, weightX, weightY);
    }
  };
}

/** The value between the byte at `at`, the one `right` of it and the two `down` from these. */
function interpolate(
  data: Uint8Array,
  at: number,
  right: number,
  down: number,
  weightX: number,
  weightY: number,
): number {
  const below = at + down;
  const top = (data[at] << weightBits) + Math.imul(data[at + right] - data[at], weightX);
  const bottom = (data[below] << weightBits) + Math.imul(data[below + right] - data[below], weightX);
  return ((top << weightBits) + Math.imul(bottom - top, weightY) + rounding) >> (2 * weightBits);
}

function clamp(value: number, high: number): number {
  return Math.min(Math.max(value, 0), high);
}
