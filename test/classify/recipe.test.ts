import { describe, expect, it } from "vitest";
import { classifierNames } from "../../src/classify/index.ts";
import { makeRecipe } from "../../src/classify/recipe.ts";
import { type ClassificationDataset, type ClassifiedArray, unvaried } from "../../src/data/index.ts";

const common = {
  root: "/set",
  splitSource: "files" as const,
  problems: [],
  fingerprint: "",
};

/** A set of so many examples of each class to train with. */
function pictures(...counts: number[]): ClassificationDataset {
  const train = counts.flatMap((count, classIndex) =>
    Array.from({ length: count }, (_, i) => ({ id: `${classIndex}/${i}`, classIndex, bytes: { file: "" } })),
  );
  const classes = counts.map((_, i) => `class ${i}`);
  return { ...common, kind: "pictures", classes, splits: { train, val: [], test: [] } };
}

function arrays(kind: "sequences" | "volumes", shape: number[], values: number[][]): ClassificationDataset {
  const train = values.map((row, i): ClassifiedArray => {
    return { id: `${i}`, classIndex: i % 2, values: Float32Array.from(row) };
  });
  return { ...common, kind, shape, classes: ["a", "b"], splits: { train, val: [], test: [] } };
}

describe("makeRecipe", () => {
  it("weighs classes so that each counts the same, and an average example counts 1", () => {
    const { weights } = makeRecipe(pictures(30, 10, 0, 5), 64, { balance: true });
    expect(weights).toEqual([0.5, 1.5, 0, 3]);
    expect(makeRecipe(pictures(30, 10), 64)).not.toHaveProperty("weights");
  });

  it("chooses the size by the pictures'", () => {
    expect(makeRecipe(pictures(4, 4), 96).shape).toEqual([3, 64, 64]);
    expect(makeRecipe(pictures(4, 4), 97).shape).toEqual([3, 128, 128]);
    expect(makeRecipe(pictures(4, 4), 97, { size: 32 }).shape).toEqual([3, 32, 32]);
    const upright = { width: 32, height: 96 };
    expect(makeRecipe(pictures(4, 4), 97, { size: upright }).shape).toEqual([3, 96, 32]);
  });

  it("changes of the variation what it is told to, and nothing else", () => {
    const usual = makeRecipe(pictures(4, 4), 64).augment!;
    const changed = makeRecipe(pictures(4, 4), 64, { augment: { pictures: { rotate: 0 }, mixup: 0.2 } })
      .augment!;
    expect(changed).toEqual({ ...usual, mixup: 0.2, pictures: { ...usual.pictures, rotate: 0 } });
    expect(usual.pictures!.rotate).toBeGreaterThan(0);
    expect(makeRecipe(pictures(4, 4), 64, { augment: null }).augment).toBeNull();
    const blended = makeRecipe(pictures(4, 4), 64, { augment: { ...unvaried, mixup: 0.2 } }).augment;
    expect(blended).toEqual({ pictures: null, series: null, volume: null, mixup: 0.2 });
  });

  it("varies volumes upon what is empty in them, and scans about the axis of the body", () => {
    const scans = arrays(
      "volumes",
      [1, 1, 1, 3],
      [
        [-1000, -1000, 40],
        [-1000, -1000, 60],
      ],
    );
    expect(makeRecipe(scans, 0).augment).toEqual({ volume: { fill: [-1000] } });
    expect(makeRecipe(scans, 0, { augment: { volume: { turn: 5 } } }).augment!.volume).toEqual({
      fill: [-1000],
      turn: 5,
    });
    expect(makeRecipe(scans, 0, { augment: { volume: null } }).augment).toEqual({ volume: null });
    for (const [i, example] of scans.splits.train.entries()) example.id = `head/${i}.nii.gz`;
    expect(makeRecipe(scans, 0).augment!.volume).toEqual({ fill: [-1000], vertical: "depth" });
    const occupancies = arrays(
      "volumes",
      [1, 1, 1, 2],
      [
        [0, 1],
        [1, 1],
      ],
    );
    expect(makeRecipe(occupancies, 0).augment).toEqual({ volume: {} });
  });

  it("fits the batch to a small set", () => {
    expect(makeRecipe(pictures(400, 400), 64).batchSize).toBe(64);
    expect(makeRecipe(pictures(5, 4), 64).batchSize).toBe(4);
    expect(makeRecipe(pictures(1, 1), 64).batchSize).toBe(1);
    expect(makeRecipe(pictures(5, 4), 64, { batchSize: 9 }).batchSize).toBe(9);
  });

  it.each([
    [pictures(4), {}, "dataset-classes", "one class only"],
    [pictures(0, 0), {}, "split-empty", "/set"],
    [pictures(4, 4), { model: "fcn" }, "argument-range", classifierNames("pictures").join(", ")],
    [pictures(4, 4), { size: 48 }, "argument-range", "48×48"],
    [pictures(4, 4), { size: { width: 64, height: 0 } }, "argument-range", "64×0"],
    [pictures(4, 4), { batchSize: 0 }, "argument-range", "`batchSize` (=0)"],
    [pictures(4, 4), { learningRate: -1 }, "argument-range", "`learningRate` (=-1)"],
    [pictures(4, 4), { labelSmoothing: 1 }, "argument-range", "`labelSmoothing` (=1)"],
    [pictures(4, 4), { weightDecay: Number.NaN }, "argument-range", "`weightDecay` (=NaN)"],
    [pictures(4, 4), { seed: 0.5 }, "argument-range", "`seed` (=0.5)"],
    [pictures(4, 4), { model: "vgg", backbone: "x.onnx" }, "argument-range", '"vgg"'],
  ])("refuses what cannot be trained (%#)", (dataset, options, code, text) => {
    expect(() => makeRecipe(dataset, 64, options)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(text) }),
    );
  });
});
