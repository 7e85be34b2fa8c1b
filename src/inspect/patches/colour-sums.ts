import type { View } from "../net/index.ts";

/** Sums over some pixels: of them, of their channels, of products of two channels. */
export interface ColourSums {
  count: number;
  channels: number[];
  products: number[];
}

/** Sums before the first pixel. */
export function noColours(): ColourSums {
  return { count: 0, channels: [0, 0, 0], products: new Array<number>(9).fill(0) };
}

/** Pixels of a picture that its colours are judged by. */
const SAMPLED = 64;

/** Some pixels of a view, evenly over what shows the picture: red, green, blue in 0…1, one after the other. */
export function samplePixels({
  pixels: { width, data },
  content,
}: Pick<View, "pixels" | "content">): number[] {
  const [left, top, right, bottom] = content;
  const across = right - left;
  const area = across * (bottom - top);
  const sample: number[] = [];
  for (let i = 0; i < area; i += Math.max(1, Math.floor(area / SAMPLED))) {
    const at = 3 * ((top + Math.floor(i / across)) * width + left + (i % across));
    for (let c = 0; c < 3; c++) sample.push(data[at + c] / 255);
  }
  return sample;
}

export function addColours(sums: ColourSums, sample: readonly number[]): void {
  for (let i = 0; i < sample.length; i += 3) {
    sums.count++;
    for (let a = 0; a < 3; a++) {
      sums.channels[a] += sample[i + a];
      for (let b = 0; b < 3; b++) sums.products[3 * a + b] += sample[i + a] * sample[i + b];
    }
  }
}
