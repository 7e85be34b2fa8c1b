import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/index.ts";
import {
  augmentVolume,
  resolveVolumeAugment,
  type VolumeAugmentOptions,
  type VolumeSize,
} from "../../../src/data/augment/index.ts";
import { sampleVolume } from "../../../src/data/augment/sample-volume.ts";
import { transformToSource, type VolumePlacement } from "../../../src/data/augment/volume-placement.ts";
import { mean, normals, seeds, variance } from "./draws.ts";

const sameVolume = {
  turn: 0,
  flip: 0,
  shift: 0,
  scale: [1, 1],
  noise: 0,
  dropout: 0,
} satisfies VolumeAugmentOptions;

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

  it("leaves what is empty where it is told what that is, in each channel", () => {
    const still = { ...sameVolume, shift: 0.5, fill: [-1000, 7] };
    const full = Float32Array.from({ length: 16 }, (_, i) => (i < 8 ? -1000 : 7));
    for (const seed of seeds) {
      const options = { ...still, turn: 180, scale: [0.5, 0.8], dropout: 0.5 } as const;
      expect(varyVolume(seed, full, 2, [2, 2, 2], options)).toEqual(full);
    }
    const run = () => varyVolume(1, full, 2, [2, 2, 2], { fill: [1, 2, 3] });
    expect(run).toThrow("`fill` (=[1,2,3]) must be one number, or one for each of the 2 channels");
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
  const volumes: VolumeAugmentOptions[] = [
    { vertical: "up" as "depth" },
    { turn: -1 },
    { turn: 181 },
    { flip: 2 },
    { shift: 0.51 },
    { scale: [0, 1] },
    { scale: [1.2, 0.8] },
    { scale: [1, Number.POSITIVE_INFINITY] },
    { fill: Number.NaN },
    { noise: -1 },
    { dropout: 1.1 },
  ];
  it.each(volumes)("refuses %o of a volume", (options) => {
    const named = expect.stringContaining(`\`${Object.keys(options)[0]}\``);
    expect(() => resolveVolumeAugment(options)).toThrow(
      expect.objectContaining({ code: "augment-invalid", message: named }),
    );
  });

  it("takes undefined as left out", () => {
    expect(resolveVolumeAugment({ turn: undefined })).toEqual(resolveVolumeAugment({}));
  });
});
