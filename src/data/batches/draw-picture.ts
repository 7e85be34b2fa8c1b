import { type Affine, composeAffine, invertAffine, type Xyxy } from "../../geometry/index.ts";
import { type ColourJitter, recolour } from "./colour-jitter.ts";
import type { PicturePyramid } from "./picture-pyramid.ts";
import { createRowSampler } from "./sample-row.ts";

/** A planar picture to draw on: `[3, height, width]` bytes. */
export interface PlanarCanvas {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * Draws the part `crop` of a picture where `toCanvas` puts it, sampled bilinearly (from a halved level when
 * shrunk) and recoloured. PlanarCanvas pixels whose centre falls outside the part stay untouched. `toCanvas` and
 * `crop` are in pixels of the full picture.
 */
export function drawPicture(
  { width, height, data }: PlanarCanvas,
  pyramid: PicturePyramid,
  toCanvas: Affine,
  crop: Xyxy,
  colours: ColourJitter,
): void {
  const [a, b, , c, d] = toCanvas;
  const { picture, reduction } = pyramid.level(1 / Math.sqrt(Math.abs(a * d - b * c)));
  const toLevel: Affine = [1 / reduction, 0, 0, 0, 1 / reduction, 0];
  const toPicture = composeAffine(invertAffine(toCanvas), toLevel);
  const [left, top, right, bottom] = crop.map((side) => side / reduction);
  const sampleRow = createRowSampler(picture, toPicture, width);
  const plane = width * height;
  for (let row = 0; row < height; row++) {
    const [slopeX, perRowX, shiftX, slopeY, perRowY, shiftY] = toPicture;
    const inX = columnsWithin(slopeX, perRowX * (row + 0.5) + shiftX, left, right, width);
    const inY = columnsWithin(slopeY, perRowY * (row + 0.5) + shiftY, top, bottom, width);
    const start = Math.max(inX[0], inY[0]);
    const end = Math.min(inX[1], inY[1]);
    if (start >= end) continue;
    sampleRow(row, start, end, data, width, plane);
    recolour(data, row * width + start, row * width + end, plane, colours);
  }
}

/** The columns start ≤ column < end of a canvas whose centres have low ≤ slope · centre + offset < high. */
function columnsWithin(
  slope: number,
  offset: number,
  low: number,
  high: number,
  width: number,
): [start: number, end: number] {
  if (slope === 0) return offset >= low && offset < high ? [0, width] : [0, 0];
  const [from, to] = slope > 0 ? [low, high] : [high, low];
  const start = Math.ceil((from - offset) / slope - 0.5);
  const end = Math.ceil((to - offset) / slope - 0.5);
  return [Math.max(start, 0), Math.min(end, width)];
}
