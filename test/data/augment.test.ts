import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/index.ts";
import {
  augmentSeries,
  augmentVolume,
  cutmix,
  drawBeta,
  drawGamma,
  mixup,
  resolveSeriesAugment,
  resolveVolumeAugment,
  type SeriesAugmentOptions,
  type VolumeAugmentOptions,
  type VolumeSize,
} from "../../src/data/augment/index.ts";
import { sampleVolume } from "../../src/data/augment/sample-volume.ts";
import { drawTimePath, drawWarp } from "../../src/data/augment/time-path.ts";
import { transformToSource, type VolumePlacement } from "../../src/data/augment/volume-placement.ts";

const seeds = Array.from({ length: 20 }, (_, seed) => seed);

const sameSeries = {
  jitter: 0,
  scale: 0,
  timeWarp: 0,
  magnitudeWarp: 0,
  windowSlice: 1,
  shift: 0,
  flip: 0,
} satisfies SeriesAugmentOptions;

const sameVolume = {
  turn: 0,
  flip: 0,
  shift: 0,
  scale: [1, 1],
  noise: 0,
  dropout: 0,
} satisfies VolumeAugmentOptions;

function normals(seed: number, count: number): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: count }, () => random.normal());
}

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

function varyVolume(
  seed: number,
  source: ArrayLike<number>,
  channels: number,
  size: VolumeSize,
  options: VolumeAugmentOptions,
) {
  const out = new Float32Array(source.length).fill(Number.NaN);
  augmentVolume(new Random(seed), source, channels, size, out, options);
  return out;
}

function place(source: ArrayLike<number>, size: VolumeSize, placement: Partial<VolumePlacement>) {
  const still: VolumePlacement = { vertical: "width", turn: 0, mirrored: null, scale: 1, shift: [0, 0, 0] };
  const out = new Float32Array(source.length).fill(Number.NaN);
  sampleVolume(source, 1, size, transformToSource(size, { ...still, ...placement }), out);
  return Array.from(out, (value) => Math.round(value * 1e6) / 1e6 + 0);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
function variance(values: readonly number[]): number {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
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

  it("multiplies each channel by a factor of its own", () => {
    const out = varySeries(7, [1, 2, 4, 1, 2, 4], 2, { ...sameSeries, scale: 0.3 });
    for (const start of [0, 3]) {
      expect(out[start]).toBeGreaterThan(0);
      expect(out[start + 1] / out[start]).toBeCloseTo(2, 5);
      expect(out[start + 2] / out[start]).toBeCloseTo(4, 5);
    }
    expect(out[0]).not.toBeCloseTo(out[3], 3);
  });

  it("warps magnitudes by positive factors that change little from step to step", () => {
    const out = varySeries(7, new Float32Array(100).fill(1), 1, { ...sameSeries, magnitudeWarp: 0.3 });
    expect(Math.min(...out)).toBeGreaterThan(0);
    expect(Math.max(...out) - Math.min(...out)).toBeGreaterThan(0.1);
    for (let t = 1; t < 100; t++) expect(Math.abs(out[t] - out[t - 1])).toBeLessThan(0.15);
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

describe("volumes", () => {
  const size = [5, 6, 7] as const;
  const source = normals(2, 2 * 5 * 6 * 7);

  it("makes the same bytes of the same seed, others of another", () => {
    const options = { noise: 0.1, dropout: 0.1 };
    expect(varyVolume(7, source, 2, size, options)).toEqual(varyVolume(7, source, 2, size, options));
    expect(varyVolume(7, source, 2, size, options)).not.toEqual(varyVolume(8, source, 2, size, options));
  });

  it("keeps every value when nothing is to vary", () => {
    expect(varyVolume(7, source, 2, size, sameVolume)).toEqual(source);
    expect(place(Float32Array.of(1, 2, 3, 4), [1, 2, 2], {})).toEqual([1, 2, 3, 4]);
  });

  // Values 1 … 8 at [depth][height][width].
  const cube = [1, 2, 3, 4, 5, 6, 7, 8];
  const quarterTurns = [
    { vertical: "depth", expected: [2, 4, 1, 3, 6, 8, 5, 7] },
    { vertical: "height", expected: [2, 6, 4, 8, 1, 5, 3, 7] },
    { vertical: "width", expected: [3, 4, 7, 8, 1, 2, 5, 6] },
  ] as const;
  it.each(quarterTurns)("turns by 90° about $vertical", ({ vertical, expected }) => {
    expect(place(cube, [2, 2, 2], { vertical, turn: 90 })).toEqual(expected);
  });

  const mirrors = [
    { mirrored: "depth", expected: [5, 6, 7, 8, 1, 2, 3, 4] },
    { mirrored: "height", expected: [3, 4, 1, 2, 7, 8, 5, 6] },
    { mirrored: "width", expected: [2, 1, 4, 3, 6, 5, 8, 7] },
  ] as const;
  it.each(mirrors)("mirrors along $mirrored", ({ mirrored, expected }) => {
    expect(place(cube, [2, 2, 2], { mirrored })).toEqual(expected);
  });

  it("shifts and leaves zeros", () => {
    expect(place(cube, [2, 2, 2], { shift: [1, 0, 0] })).toEqual([0, 0, 0, 0, 1, 2, 3, 4]);
    expect(place(cube, [2, 2, 2], { shift: [0, -1, 1] })).toEqual([0, 3, 0, 0, 0, 7, 0, 0]);
  });

  it("interpolates half-way, against zeros at the border", () => {
    expect(place([2, 4, 8], [1, 1, 3], { shift: [0, 0, 0.5] })).toEqual([1, 3, 6]);
    expect(place([2, 4, 8], [1, 3, 1], { shift: [0, 0.25, 0] })).toEqual([1.5, 3.5, 7]);
  });

  it("scales about the centre", () => {
    expect(place([1, 2, 3, 4, 5], [1, 1, 5], { scale: 2 })).toEqual([2, 2.5, 3, 3.5, 4]);
    expect(place([0, 1, 2, 3, 4], [5, 1, 1], { scale: 0.5 })).toEqual([0, 0, 2, 4, 0]);
  });

  it("agrees with eight weighted neighbours at any angle", () => {
    const [depth, height, width] = size;
    const values = source.subarray(0, depth * height * width);
    const at = (z: number, y: number, x: number) => {
      const isWithin = z >= 0 && z < depth && y >= 0 && y < height && x >= 0 && x < width;
      return isWithin ? values[(z * height + y) * width + x] : 0;
    };
    for (const seed of seeds) {
      const random = new Random(seed);
      const placement: VolumePlacement = {
        vertical: random.pick(["depth", "height", "width"] as const),
        turn: random.uniform(-180, 180),
        mirrored: random.pick(["depth", "height", "width", null] as const),
        scale: random.uniform(0.5, 2),
        shift: [random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(-1, 1)],
      };
      const rows = transformToSource(size, placement);
      const out = new Float32Array(values.length).fill(Number.NaN);
      sampleVolume(values, 1, size, rows, out);
      let largest = 0;
      for (let i = 0; i < out.length; i++) {
        const index = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
        const [z, y, x] = [0, 4, 8].map(
          (r) => rows[r] * index[0] + rows[r + 1] * index[1] + rows[r + 2] * index[2] + rows[r + 3],
        );
        let sum = 0;
        for (const nz of [Math.floor(z), Math.floor(z) + 1]) {
          for (const ny of [Math.floor(y), Math.floor(y) + 1]) {
            for (const nx of [Math.floor(x), Math.floor(x) + 1]) {
              const weight = (1 - Math.abs(z - nz)) * (1 - Math.abs(y - ny)) * (1 - Math.abs(x - nx));
              sum += weight * at(nz, ny, nx);
            }
          }
        }
        largest = Math.max(largest, Math.abs(sum - out[i]));
      }
      expect(largest).toBeLessThan(1e-5);
    }
  });

  it("never touches the vertical axis by turning and mirroring", () => {
    // One plane of ones per height: whatever the turn, it stays in its plane.
    const planes = Float32Array.from({ length: 6 ** 3 }, (_, i) => (Math.floor(i / 6) % 6 === 2 ? 1 : 0));
    const out = varyVolume(3, planes, 1, [6, 6, 6], {
      ...sameVolume,
      vertical: "height",
      turn: 180,
      flip: 1,
    });
    for (let i = 0; i < out.length; i++) if (Math.floor(i / 6) % 6 !== 2) expect(out[i]).toBe(0);
    expect(Math.max(...out)).toBeCloseTo(1, 5);
  });

  it("mirrors one of the horizontal axes with flip 1, either in turn", () => {
    const results = new Set(
      seeds.map((seed) => varyVolume(seed, cube, 1, [2, 2, 2], { ...sameVolume, flip: 1 }).join()),
    );
    expect(results).toEqual(new Set([mirrors[0].expected.join(), mirrors[1].expected.join()]));
  });

  it("adds noise in proportion to the deviation", () => {
    const wave = Array.from({ length: 20 ** 3 }, (_, i) => (i % 2 === 0 ? 10 : -10));
    const out = varyVolume(7, wave, 1, [20, 20, 20], { ...sameVolume, noise: 0.1 });
    const noise = wave.map((value, i) => out[i] - value);
    expect(mean(noise)).toBeCloseTo(0, 1);
    expect(Math.sqrt(variance(noise))).toBeCloseTo(1, 1);
  });

  it("drops the same voxels in all channels, half of the largest share on average", () => {
    const shares = seeds.map((seed) => {
      const ones = new Float32Array(2 * 1000).fill(1);
      const out = varyVolume(seed, ones, 2, [10, 10, 10], { ...sameVolume, dropout: 0.4 });
      expect(out.subarray(0, 1000)).toEqual(out.subarray(1000));
      return 1 - mean([...out]);
    });
    expect(Math.max(...shares)).toBeLessThan(0.45);
    expect(Math.abs(mean(shares) - 0.2)).toBeLessThan(0.08);
  });

  it("refuses arrays that do not fit", () => {
    const run = () => augmentVolume(new Random(1), [1, 2], 1, [2, 2, 2], new Float32Array(8), {});
    expect(run).toThrow("augmentVolume: `source` has 2 values, but its shape [1, 2, 2, 2] needs 8.");
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

  const volumes: VolumeAugmentOptions[] = [
    { vertical: "up" as "depth" },
    { turn: -1 },
    { turn: 181 },
    { flip: 2 },
    { shift: 0.51 },
    { scale: [0, 1] },
    { scale: [1.2, 0.8] },
    { scale: [1, Number.POSITIVE_INFINITY] },
    { noise: -1 },
    { dropout: 1.1 },
  ];
  it.each(volumes)("refuses %o of a volume", (options) => {
    const named = expect.stringContaining(`\`${Object.keys(options)[0]}\``);
    expect(() => resolveVolumeAugment(options)).toThrow(
      expect.objectContaining({ code: "augment-invalid", message: named }),
    );
  });

  it.each([-0.1, Number.NaN, 101])("refuses α = %d", (alpha) => {
    const invalid = expect.objectContaining({ code: "augment-invalid" });
    const [batch, targets] = [new Float32Array(8), new Float32Array(4)];
    expect(() => mixup(new Random(1), batch, targets, 2, alpha)).toThrow(invalid);
    expect(() => cutmix(new Random(1), batch, targets, [2, 1, 2, 2], alpha)).toThrow(invalid);
  });

  it("takes undefined as left out", () => {
    expect(resolveSeriesAugment({ jitter: undefined })).toEqual(resolveSeriesAugment({}));
    expect(resolveVolumeAugment({ turn: undefined })).toEqual(resolveVolumeAugment({}));
  });
});

describe("Gamma and Beta", () => {
  it.each([0.1, 0.5, 1, 2.5, 30])("draws Gamma variables of shape %d with its mean and variance", (shape) => {
    const random = new Random(11);
    const draws = Array.from({ length: 40000 }, () => drawGamma(random, shape));
    // Five standard errors; a Gamma variable's fourth central moment is 3k² + 6k.
    expect(Math.abs(mean(draws) - shape)).toBeLessThan(5 * Math.sqrt(shape / 40000));
    expect(Math.abs(variance(draws) - shape)).toBeLessThan(
      5 * Math.sqrt((2 * shape ** 2 + 6 * shape) / 40000),
    );
  });

  it.each([
    [0.2, 0.2],
    [1, 1],
    [0.5, 2],
    [8, 3],
  ])("draws Beta(%d, %d) variables with its mean and variance", (a, b) => {
    const random = new Random(12);
    const draws = Array.from({ length: 40000 }, () => drawBeta(random, a, b));
    const expected = (a * b) / ((a + b) ** 2 * (a + b + 1));
    expect(Math.abs(mean(draws) - a / (a + b))).toBeLessThan(5 * Math.sqrt(expected / 40000));
    expect(variance(draws) / expected).toBeCloseTo(1, 1);
    expect(draws.every((draw) => draw >= 0 && draw <= 1)).toBe(true);
  });

  it("draws 0 or 1, never NaN, where the parameters are tiny", () => {
    const random = new Random(13);
    const draws = Array.from({ length: 1000 }, () => drawBeta(random, 1e-4, 1e-4));
    expect(draws.every(Number.isFinite)).toBe(true);
    expect(Math.abs(mean(draws) - 0.5)).toBeLessThan(0.1);
  });
});

describe("mixup and CutMix", () => {
  const count = 16;

  function oneHot(classes: number): Float32Array {
    return Float32Array.from({ length: count * classes }, (_, i) => (i % (classes + 1) === 0 ? 1 : 0));
  }

  /** One-hot targets of as many classes as examples, so that a target tells the share of every example. */
  function mix(seed: number, alpha: number) {
    // Example i holds the value i + 1.
    const batch = Float32Array.from({ length: count * 36 }, (_, i) => Math.floor(i / 36) + 1);
    const targets = oneHot(count);
    mixup(new Random(seed), batch, targets, count, alpha);
    return { batch, targets };
  }

  it("makes the same bytes of the same seed, others of another", () => {
    expect(mix(1, 0.4)).toEqual(mix(1, 0.4));
    expect(mix(1, 0.4)).not.toEqual(mix(2, 0.4));
  });

  it("changes nothing with α = 0", () => {
    const { batch, targets } = mix(1, 0);
    expect(batch.every((value, i) => value === Math.floor(i / 36) + 1)).toBe(true);
    expect(targets).toEqual(oneHot(count));
  });

  it("blends values as the targets say, whose sums stay", () => {
    for (const seed of seeds) {
      const { batch, targets } = mix(seed, 1);
      const partners = new Set<number>();
      for (let example = 0; example < count; example++) {
        const target = [...targets.subarray(example * count, (example + 1) * count)];
        expect(target.reduce((sum, share) => sum + share)).toBeCloseTo(1, 6);
        const shares = target.flatMap((share, index) => (share > 0 ? [index] : []));
        expect(shares).toContain(example);
        expect(shares.length).toBeLessThanOrEqual(2);
        partners.add(shares.find((index) => index !== example) ?? example);
        const expected = target.reduce((sum, share, index) => sum + share * (index + 1), 0);
        expect(batch[example * 36]).toBeCloseTo(expected, 4);
        expect(batch[example * 36 + 35]).toBeCloseTo(expected, 4);
      }
      // Every example is a partner once.
      expect(partners.size).toBe(count);
    }
  });

  it("rounds blends of bytes and pastes bytes as they are", () => {
    const bytes = Uint8Array.of(0, 0, 255, 255);
    const targets = Float32Array.of(1, 0, 0, 1);
    const seed = seeds.find((first) => drawsSwap(first))!;
    mixup(new Random(seed), bytes, targets, 2, 1);
    expect([...bytes]).toEqual(
      [0, 1].flatMap((row) => Array(2).fill(Math.round(255 * targets[2 * row + 1]))),
    );
    const pictures = Uint8Array.of(7, 7, 7, 7, 9, 9, 9, 9);
    cutmix(new Random(seed), pictures, Float32Array.of(1, 0, 0, 1), [2, 1, 2, 2], 1);
    expect(pictures.every((value) => value === 7 || value === 9)).toBe(true);
  });

  /** Whether two examples become each other's partners. */
  function drawsSwap(seed: number): boolean {
    return new Random(seed).shuffle([0, 1])[0] === 1;
  }

  function paste(seed: number, alpha: number) {
    // Picture i of 2 × 6 × 3 holds i + 1 in the first plane and its negative in the second.
    const batch = Float32Array.from({ length: count * 36 }, (_, i) => {
      return (Math.floor(i / 36) + 1) * (i % 36 < 18 ? 1 : -1);
    });
    const targets = oneHot(count);
    cutmix(new Random(seed), batch, targets, [count, 2, 6, 3], alpha);
    return { batch, targets };
  }

  it("pastes rectangles in all planes alike, targets by area", () => {
    let mixed = 0;
    for (const seed of seeds) {
      const { batch, targets } = paste(seed, 1);
      for (let example = 0; example < count; example++) {
        const first = [...batch.subarray(example * 36, example * 36 + 18)];
        const second = [...batch.subarray(example * 36 + 18, example * 36 + 36)];
        expect(second).toEqual(first.map((value) => -value));
        const target = [...targets.subarray(example * count, (example + 1) * count)];
        target.forEach((share, index) => {
          expect(first.filter((value) => value === index + 1).length / 18).toBeCloseTo(share, 5);
        });
        const pasted = first.flatMap((value, i) => (value === example + 1 ? [] : [i]));
        if (pasted.length === 0) continue;
        mixed++;
        const rows = pasted.map((i) => Math.floor(i / 3));
        const columns = pasted.map((i) => i % 3);
        const height = Math.max(...rows) - Math.min(...rows) + 1;
        const width = Math.max(...columns) - Math.min(...columns) + 1;
        expect(pasted.length).toBe(height * width);
      }
    }
    expect(mixed).toBeGreaterThan(count);
    expect(paste(3, 1)).toEqual(paste(3, 1));
    expect(paste(3, 0).targets).toEqual(oneHot(count));
  });

  it("refuses arrays that do not fit", () => {
    const [random, four, seven] = [new Random(1), new Float32Array(4), new Float32Array(7)];
    const mismatch = expect.objectContaining({ code: "shape-mismatch" });
    expect(() => mixup(random, seven, four, 2, 1)).toThrow(mismatch);
    expect(() => mixup(random, four, seven, 2, 1)).toThrow(mismatch);
    expect(() => mixup(random, four, four, 0, 1)).toThrow(mismatch);
    expect(() => cutmix(random, seven, four, [2, 1, 2, 1], 1)).toThrow(mismatch);
    expect(() => cutmix(random, four, seven, [2, 1, 2, 1], 1)).toThrow(mismatch);
    expect(() => cutmix(random, four, four, [2, 1, 2], 1)).toThrow(mismatch);
  });
});
