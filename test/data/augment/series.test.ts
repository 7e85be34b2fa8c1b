import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/index.ts";
import {
  augmentSeries,
  resolveSeriesAugment,
  type SeriesAugmentOptions,
} from "../../../src/data/augment/index.ts";
import { drawTimePath, drawWarp } from "../../../src/data/augment/time-path.ts";
import { normals, seeds, variance } from "./draws.ts";

const sameSeries = {
  jitter: 0,
  scale: 0,
  timeWarp: 0,
  magnitudeWarp: 0,
  windowSlice: 1,
  shift: 0,
  flip: 0,
} satisfies SeriesAugmentOptions;

function varySeries(
  seed: number,
  source: ArrayLike<number>,
  channels: number,
  options: SeriesAugmentOptions,
) {
  const out = new Float32Array(source.length).fill(Number.NaN);
  augmentSeries(new Random(seed), source, channels, source.length / channels, out, options);
  return out;
}

describe("sequences", () => {
  const source = normals(1, 3 * 50);

  it("makes the same bytes of the same seed, others of another", () => {
    const options = { flip: 0.5 };
    expect(varySeries(7, source, 3, options)).toEqual(varySeries(7, source, 3, options));
    expect(varySeries(7, source, 3, options)).not.toEqual(varySeries(8, source, 3, options));
  });

  it("keeps every value when nothing is to vary", () => {
    expect(varySeries(7, source, 3, sameSeries)).toEqual(source);
    expect(varySeries(7, Uint8Array.of(3, 1, 255), 1, sameSeries)).toEqual(Float32Array.of(3, 1, 255));
  });

  it("stays finite for the shortest sequences", () => {
    for (const length of [1, 2, 3]) {
      const out = varySeries(7, normals(1, length), 1, { flip: 0.5, windowSlice: 0.1, shift: 0.5 });
      expect(out.every(Number.isFinite)).toBe(true);
    }
  });

  it("reverses time", () => {
    const out = varySeries(7, [1, 2, 3, 10, 20, 30], 2, { ...sameSeries, flip: 1 });
    expect([...out]).toEqual([3, 2, 1, 30, 20, 10]);
  });

  it("shifts by whole steps and repeats the ends", () => {
    const ramp = Array.from({ length: 10 }, (_, t) => t);
    const shifts = seeds.map((seed) => {
      const out = varySeries(seed, ramp, 1, { ...sameSeries, shift: 0.3 });
      const steps = 5 - out[5];
      expect([...out]).toEqual(ramp.map((t) => Math.min(Math.max(t - steps, 0), 9)));
      return steps;
    });
    expect(new Set(shifts).size).toBeGreaterThan(3);
    expect(Math.max(...shifts.map(Math.abs))).toBe(3);
  });

  it("leaves a ramp a ramp, less steep, when a window is cut out", () => {
    const ramp = Array.from({ length: 21 }, (_, t) => t);
    for (const seed of seeds) {
      const out = varySeries(seed, ramp, 1, { ...sameSeries, windowSlice: 0.5 });
      const slope = (out[20] - out[0]) / 20;
      expect(slope).toBeGreaterThanOrEqual(0.5);
      expect(slope).toBeLessThan(1);
      expect(out[0]).toBeGreaterThanOrEqual(0);
      expect(out[20]).toBeLessThanOrEqual(20);
      for (let t = 1; t < 21; t++) expect(out[t] - out[t - 1]).toBeCloseTo(slope, 5);
    }
  });

  it("warps time between fixed ends, never back", () => {
    for (const seed of seeds) {
      const path = drawWarp(new Random(seed), 40, 1);
      expect(path[0]).toBe(0);
      expect(path[39]).toBe(39);
      for (let t = 1; t < 40; t++) expect(path[t]).toBeGreaterThan(path[t - 1]);
      expect(path.some((place, t) => Math.abs(place - t) > 0.5)).toBe(true);
    }
  });

  it("never reads outside of the sequence", () => {
    const augment = resolveSeriesAugment({ timeWarp: 1, windowSlice: 0.1, shift: 0.5, flip: 0.5 });
    for (const seed of seeds) {
      const path = drawTimePath(new Random(seed), 30, augment)!;
      expect(Math.min(...path)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...path)).toBeLessThanOrEqual(29 + 1e-9);
    }
  });

  it("warps all channels alike in time", () => {
    const twice = Float32Array.of(...source.subarray(0, 50), ...source.subarray(0, 50));
    const out = varySeries(7, twice, 2, { ...sameSeries, timeWarp: 0.5, windowSlice: 0.8, shift: 0.1 });
    expect(out.subarray(0, 50)).toEqual(out.subarray(50));
    expect(out.subarray(0, 50)).not.toEqual(twice.subarray(0, 50));
  });

  it("multiplies each channel's distance from its mean by a factor of its own", () => {
    const out = varySeries(7, [-1, -2, 3, 99, 98, 103], 2, { ...sameSeries, scale: 0.3 });
    for (const [start, mean] of [
      [0, 0],
      [3, 100],
    ]) {
      expect(mean - out[start]).toBeGreaterThan(0);
      expect((mean - out[start + 1]) / (mean - out[start])).toBeCloseTo(2, 4);
      expect((out[start + 2] - mean) / (mean - out[start])).toBeCloseTo(3, 4);
    }
    expect(out[0]).not.toBeCloseTo(out[3] - 100, 3);
  });

  it("warps magnitudes by positive factors that change little from step to step", () => {
    const wave = Float32Array.from({ length: 100 }, (_, t) => 2048 + (t % 2 === 0 ? 1 : -1));
    const out = varySeries(7, wave, 1, { ...sameSeries, magnitudeWarp: 0.3 });
    const factors = Array.from(out, (value, t) => (value - 2048) / (wave[t] - 2048));
    expect(Math.min(...factors)).toBeGreaterThan(0);
    expect(Math.max(...factors) - Math.min(...factors)).toBeGreaterThan(0.1);
    for (let t = 1; t < 100; t++) expect(Math.abs(factors[t] - factors[t - 1])).toBeLessThan(0.15);
  });

  it("varies sequences far from 0 as it varies those around it", () => {
    const centred = normals(1, 200);
    const far = centred.map((value) => 2048 + 50 * value);
    const options = { magnitudeWarp: 0.1 };
    const out = varySeries(7, far, 1, options);
    for (const [t, value] of varySeries(7, centred, 1, options).entries())
      expect((out[t] - 2048) / 50).toBeCloseTo(value, 3);
  });

  it("adds noise in proportion to each channel's deviation", () => {
    const wave = Array.from({ length: 8000 }, (_, i) => (i < 4000 ? 1 : 10) * (i % 2 === 0 ? 1 : -1));
    const out = varySeries(7, wave, 2, { ...sameSeries, jitter: 0.1 });
    const noise = wave.map((value, i) => out[i] - value);
    expect(Math.sqrt(variance(noise.slice(0, 4000)))).toBeCloseTo(0.1, 2);
    expect(Math.sqrt(variance(noise.slice(4000))) / 10).toBeCloseTo(0.1, 2);
  });

  it("refuses arrays that do not fit", () => {
    const run = (source: number, out: number) => () =>
      augmentSeries(new Random(1), new Float32Array(source), 2, 3, new Float32Array(out), {});
    expect(run(5, 6)).toThrow("`source` has 5 values, but its shape [2, 3] needs 6");
    expect(run(6, 7)).toThrow("`out` has 7 values");
  });
});

describe("out-of-range options", () => {
  const series: SeriesAugmentOptions[] = [
    { jitter: -0.1 },
    { jitter: Number.NaN },
    { scale: 1.1 },
    { timeWarp: -1 },
    { magnitudeWarp: 2 },
    { windowSlice: 0 },
    { windowSlice: 1.01 },
    { shift: 0.6 },
    { flip: 1.5 },
  ];
  it.each(series)("refuses %o of a sequence", (options) => {
    const named = expect.stringContaining(`\`${Object.keys(options)[0]}\``);
    expect(() => resolveSeriesAugment(options)).toThrow(
      expect.objectContaining({ code: "augment-invalid", message: named }),
    );
  });

  it("takes undefined as left out", () => {
    expect(resolveSeriesAugment({ jitter: undefined })).toEqual(resolveSeriesAugment({}));
  });
});
