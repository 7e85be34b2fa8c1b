import type { Planes } from "./colour-spaces.ts";
import type { Segmentation } from "./segment.ts";
import { TEXTURE_BINS, TEXTURE_SIZE, textureCodes } from "./texture.ts";

/** Bins of a channel's colour histogram: Uijlings et al. 2013, §3.2. */
export const COLOUR_BINS = 25;

/** What is known of each region: the first `count` are segments; there is room for all that grouping makes. */
export interface RegionFeatures {
  /** Number of segments. */
  readonly count: number;
  /** Pixels of a region. */
  readonly sizes: Int32Array;
  /** Corners `[regions, 4]`: left, top, right, bottom, the latter two one beyond the last pixel. */
  readonly boxes: Int32Array;
  /** Histograms of colour `[regions, colourSize]`, each of sum 1. */
  readonly colours: Float32Array;
  readonly colourSize: number;
  /** Histograms of texture `[regions, textureSize]`, each of sum 1. */
  readonly textures: Float32Array;
  readonly textureSize: number;
}

/** What histograms count at each pixel. It serves every segmentation of the same planes. */
export interface PixelCodes {
  readonly colours: readonly Uint8ClampedArray[];
  readonly textures: readonly Uint8Array[];
}

/** The bins of each pixel. */
export function pixelCodes(planes: Planes): PixelCodes {
  const colours = planes.channels.map((plane) => {
    const bins = new Uint8ClampedArray(plane.length);
    for (let i = 0; i < bins.length; i++) bins[i] = Math.floor((plane[i] * COLOUR_BINS) / 256);
    return bins;
  });
  return { colours, textures: textureCodes(planes) };
}

/** Sizes, boxes and histograms of the segments. */
export function regionFeatures(segmentation: Segmentation, codes: PixelCodes): RegionFeatures {
  const { count, labels } = segmentation;
  const room = 2 * count - 1;
  const channels = codes.colours.length;
  const [colourSize, textureSize] = [channels * COLOUR_BINS, channels * TEXTURE_SIZE];
  const sizes = new Int32Array(room);
  for (let i = 0; i < labels.length; i++) sizes[labels[i]]++;
  const colours = new Float32Array(room * colourSize);
  for (const [channel, bins] of codes.colours.entries()) {
    countBins(colours, labels, bins, colourSize, channel * COLOUR_BINS);
  }
  const textures = new Float32Array(room * textureSize);
  for (const [axis, bins] of codes.textures.entries()) {
    const start = axis * 2 * TEXTURE_BINS;
    countBins(textures, labels, bins, textureSize, start);
    for (let r = 0; r < count; r++) completeAxis(textures, r * textureSize + start, sizes[r]);
  }
  normalise(colours, colourSize, count);
  normalise(textures, textureSize, count);
  return { count, sizes, boxes: boxesOf(segmentation), colours, colourSize, textures, textureSize };
}

function countBins(
  histograms: Float32Array,
  labels: Int32Array,
  bins: Uint8Array | Uint8ClampedArray,
  size: number,
  start: number,
): void {
  for (let i = 0; i < labels.length; i++) histograms[labels[i] * size + start + bins[i]]++;
}

/** A pixel that counts for one direction has no derivative in the opposite one, and belongs to its bin 0. */
function completeAxis(textures: Float32Array, start: number, size: number): void {
  for (const first of [start, start + TEXTURE_BINS]) {
    let above = 0;
    for (let bin = 1; bin < TEXTURE_BINS; bin++) above += textures[first + bin];
    textures[first] = size - above;
  }
}

function normalise(histograms: Float32Array, size: number, count: number): void {
  for (let start = 0; start < count * size; start += size) {
    let sum = 0;
    for (let i = start; i < start + size; i++) sum += histograms[i];
    for (let i = start; i < start + size; i++) histograms[i] /= sum;
  }
}

function boxesOf({ width, height, count, labels }: Segmentation): Int32Array {
  const boxes = new Int32Array(4 * (2 * count - 1));
  for (let r = 0; r < count; r++) boxes.set([width, height, 0, 0], 4 * r);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const at = 4 * labels[i];
      if (x < boxes[at]) boxes[at] = x;
      if (y < boxes[at + 1]) boxes[at + 1] = y;
      if (x >= boxes[at + 2]) boxes[at + 2] = x + 1;
      boxes[at + 3] = y + 1;
    }
  }
  return boxes;
}
