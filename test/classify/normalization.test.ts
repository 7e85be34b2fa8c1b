import { describe, expect, it } from "vitest";
import {
  type Normalization,
  normalizationOf,
  normalizeInputs,
  reportFarValues,
} from "../../src/classify/normalization.ts";
import { Random } from "../../src/core/index.ts";
import type { ClassificationDataset, ClassifiedArray } from "../../src/data/index.ts";
import { Graph } from "../../src/graph/index.ts";
import { evaluate } from "../autodiff/evaluate.ts";

function arrays(
  kind: "sequences" | "volumes",
  shape: number[],
  values: (number[] | Uint8Array)[],
): ClassificationDataset {
  const train = values.map((row, i): ClassifiedArray => {
    const own = row instanceof Uint8Array ? row : Float32Array.from(row);
    return { id: `set.csv:${i + 1}`, classIndex: i % 2, values: own };
  });
  return {
    root: "/data/set.csv",
    splitSource: "files",
    problems: [],
    fingerprint: "",
    kind,
    shape,
    classes: ["a", "b"],
    splits: { train, val: [], test: [] },
  };
}

/** Examples of normal numbers, a mean and a deviation for each channel. */
function normals(count: number, length: number, channels: [mean: number, deviation: number][]): number[][] {
  const random = new Random(5);
  return Array.from({ length: count }, () =>
    channels.flatMap(([mean, deviation]) =>
      Array.from({ length }, () => Math.fround(random.normal(mean, deviation))),
    ),
  );
}

async function normalized(normalize: Normalization, shape: number[], values: number[]): Promise<number[]> {
  const inputs = new Graph().input("inputs", shape);
  const value = normalizeInputs(inputs, normalize);
  return value === inputs ? values : (await evaluate({ value }, { inputs: values })).value;
}

describe("sequences", () => {
  it("have each channel's own mean and deviation", async () => {
    const values = normals(30, 50, [
      [0, 0.02],
      [1500, 100],
    ]);
    const normalize = normalizationOf(arrays("sequences", [2, 50], values));
    expect(Object.keys(normalize)).toEqual(["mean", "deviation"]);
    const inputs = await normalized(normalize, [30, 2, 50], values.flat());
    for (const channel of [0, 1]) {
      const own = inputs.filter((_, i) => Math.floor(i / 50) % 2 === channel);
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
      const squares = own.reduce((sum, value) => sum + value * value, 0) / own.length;
      expect(mean).toBeCloseTo(0, 4);
      expect(squares).toBeCloseTo(1, 4);
    }
  });

  it("that never change stay 0", () => {
    const flat = arrays(
      "sequences",
      [1, 2],
      [
        [3, 3],
        [3, 3],
      ],
    );
    expect(normalizationOf(flat)).toEqual({ mean: [3], deviation: [1] });
  });

  it("are limited to the range of all others where a cell is wrong, and it is told", async () => {
    const values = normals(100, 40, [[20, 5]]);
    const clean = normalizationOf(arrays("sequences", [1, 40], values));
    values[41][7] = 99_999_999;
    const dataset = arrays("sequences", [1, 40], values);
    const normalize = normalizationOf(dataset);
    expect(normalize.mean[0]).toBeCloseTo(clean.mean[0], 1);
    expect(normalize.deviation[0]).toBeCloseTo(clean.deviation[0], 1);
    const inputs = await normalized(normalize, [1, 1, 40], values[41]);
    expect(Math.max(...inputs.map(Math.abs))).toBeLessThan(6);
    expect(reportFarValues(dataset)).toEqual([
      {
        kind: "value-far",
        file: "/data/set.csv:42",
        detail: expect.stringContaining("Value 100000000 lies far beyond"),
      },
    ]);
  });

  it("keep rare but large values that several examples have", () => {
    const values = normals(100, 40, [[0, 1e-3]]);
    for (const row of values.slice(0, 5)) row[3] = 500;
    const dataset = arrays("sequences", [1, 40], values);
    expect(normalizationOf(dataset)).not.toHaveProperty("limits");
    expect(reportFarValues(dataset)).toEqual([]);
  });
});

describe("volumes", () => {
  it.each([
    [
      [0, 0, 0, 1],
      [0, 0, 1, 0],
    ],
    [
      [1, 1, 0, 1],
      [1, 1, 1, 0],
    ],
    [Uint8Array.of(1, 1, 1, 1), Uint8Array.of(1, 1, 1, 1)],
    [Uint8Array.of(0, 0, 0, 0), Uint8Array.of(0, 0, 0, 0)],
  ])("of occupancies stay as they are (%#)", async (...values) => {
    const normalize = normalizationOf(arrays("volumes", [1, 1, 2, 2], values));
    expect(normalize).toEqual({ mean: [0], deviation: [1] });
  });

  it.each([0, -1000, 31_768])("have 0 where they are empty, upon a background of %i", (background) => {
    const values = [1, 2, 3].map((factor) => [background, background, background, background + 100 * factor]);
    expect(normalizationOf(arrays("volumes", [1, 1, 2, 2], values))).toEqual({
      mean: [background],
      deviation: [200],
    });
  });

  it("have the background of measured numbers where these are densest", () => {
    const random = new Random(3);
    const values = Array.from({ length: 10 }, () =>
      Array.from({ length: 1000 }, (_, i) =>
        i < 600 ? random.normal(-1000, 5) : random.uniform(-900, 1000),
      ),
    );
    const { mean, deviation } = normalizationOf(arrays("volumes", [1, 10, 10, 10], values));
    expect(Math.abs(mean[0] + 1000)).toBeLessThan(5);
    expect(Math.abs(deviation[0] - 2000)).toBeLessThan(20);
  });

  it("are limited to the range of all others where a voxel is wrong", () => {
    const values = Array.from({ length: 20 }, (_, i) =>
      Array.from({ length: 27 }, (_, voxel) => (voxel < 20 ? -1000 : voxel * 10 + i)),
    );
    values[3][5] = 1e9;
    const { mean, deviation, limits } = normalizationOf(arrays("volumes", [1, 3, 3, 3], values));
    expect(mean).toEqual([-1000]);
    expect(deviation[0]).toBeCloseTo(1279, -1);
    expect(limits).toEqual({ low: [-1000], high: [279] });
  });
});

it("pictures go from bytes to 0 … 1", () => {
  const pictures = { ...arrays("volumes", [], []), kind: "pictures" } as unknown as ClassificationDataset;
  expect(normalizationOf(pictures)).toEqual({ mean: [0], deviation: [255] });
});
