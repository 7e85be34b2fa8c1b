import type { Random } from "../../core/index.ts";
import { requireLength } from "./require-length.ts";
import { resolveSeriesAugment, type SeriesAugment, type SeriesAugmentOptions } from "./series-options.ts";
import { drawSmoothCurve } from "./smooth-curve.ts";
import { meanOf, standardDeviation } from "./standard-deviation.ts";
import { drawTimePath } from "./time-path.ts";

export type { SeriesAugmentOptions } from "./series-options.ts";

/**
 * Writes a variation of one sequence `[channels, length]` to `out`, of the same shape and other memory. All
 * channels pass through time alike (linear interpolation between steps); factors and noise are drawn for each.
 * Every variation comes from `random`: the same state gives the same bytes. Throws `augment-invalid` on an
 * option out of its range, `shape-mismatch` if `source` or `out` has another number of values.
 */
export function augmentSeries(
  random: Random,
  source: ArrayLike<number>,
  channels: number,
  length: number,
  out: Float32Array,
  options: SeriesAugmentOptions,
): void {
  const augment = resolveSeriesAugment(options);
  requireLength("augmentSeries", "source", source, [channels, length]);
  requireLength("augmentSeries", "out", out, [channels, length]);
  const path = drawTimePath(random, length, augment);
  for (let start = 0; start < out.length; start += length) {
    if (path === null) for (let i = start; i < start + length; i++) out[i] = source[i];
    else follow(path, source, start, out);
    scaleChannel(random, out, start, length, augment);
    if (augment.jitter > 0) {
      const deviation = augment.jitter * standardDeviation(source, start, start + length);
      for (let i = start; i < start + length; i++) out[i] += random.normal(0, deviation);
    }
  }
}

/** Reads the channel that begins at `start` along the path. */
function follow(path: Float64Array, source: ArrayLike<number>, start: number, out: Float32Array): void {
  const last = path.length - 1;
  for (let t = 0; t <= last; t++) {
    const before = Math.floor(path[t]);
    const share = path[t] - before;
    const value = source[start + Math.min(before, last)];
    out[start + t] =
      share > 0 && before < last ? value + share * (source[start + before + 1] - value) : value;
  }
}

/** Multiplies a channel's distance from its mean by one factor and by a smooth curve. */
function scaleChannel(
  random: Random,
  out: Float32Array,
  start: number,
  length: number,
  { scale, magnitudeWarp }: SeriesAugment,
): void {
  const factor = scale > 0 ? Math.exp(random.normal(0, scale)) : 1;
  if (factor === 1 && magnitudeWarp === 0) return;
  const curve = magnitudeWarp > 0 ? drawSmoothCurve(random, length, magnitudeWarp) : undefined;
  const mean = meanOf(out, start, start + length);
  for (let t = 0; t < length; t++) {
    const factorNow = curve ? factor * Math.exp(curve[t]) : factor;
    out[start + t] = mean + factorNow * (out[start + t] - mean);
  }
}
