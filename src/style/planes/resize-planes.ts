import type { PictureSize } from "../../image/index.ts";

/** What an output element takes: `weights.length` elements from `first` on. */
interface Taps {
  first: number;
  weights: Float64Array;
}

/**
 * Planes of floats in another size, by linear interpolation between element centres, over a wider triangle where they
 * shrink, so that nothing aliases.
 *
 * @param data `[channels, from.height, from.width]`
 */
export function resizePlanes(
  data: Float32Array,
  from: PictureSize,
  to: PictureSize,
  channels: number = 3,
): Float32Array {
  if (from.width === to.width && from.height === to.height) return data.slice();
  const across = tapsFor(from.width, to.width);
  const down = tapsFor(from.height, to.height);
  const rows = new Float32Array(from.height * to.width);
  const result = new Float32Array(channels * to.height * to.width);
  for (let c = 0; c < channels; c++) {
    const plane = data.subarray(c * from.height * from.width);
    for (let y = 0; y < from.height; y++)
      for (let x = 0; x < to.width; x++)
        rows[y * to.width + x] = weighed(plane, y * from.width + across[x].first, 1, across[x].weights);
    const out = result.subarray(c * to.height * to.width);
    for (let y = 0; y < to.height; y++)
      for (let x = 0; x < to.width; x++)
        out[y * to.width + x] = weighed(rows, down[y].first * to.width + x, to.width, down[y].weights);
  }
  return result;
}

function weighed(from: Float32Array, start: number, step: number, weights: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum += weights[k] * from[start + k * step];
  return sum;
}

function tapsFor(from: number, to: number): Taps[] {
  const scale = from / to;
  const radius = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const center = (i + 0.5) * scale - 0.5;
    const first = Math.max(0, Math.ceil(center - radius));
    const last = Math.min(from - 1, Math.floor(center + radius));
    const weights = Float64Array.from({ length: last - first + 1 }, (_, k) =>
      Math.max(0, 1 - Math.abs(first + k - center) / radius),
    );
    const total = weights.reduce((a, b) => a + b, 0);
    return total > 0
      ? { first, weights: weights.map((w) => w / total) }
      : { first: Math.min(from - 1, Math.max(0, Math.round(center))), weights: Float64Array.of(1) };
  });
}
