import { execFileSync } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type AugmentOptions,
  type ExampleBatch,
  type ExampleLoader,
  type ExampleLoaderOptions,
  type ExamplePlan,
  letterboxInto,
  unvaried,
} from "../../../src/data/batches/index.ts";
import type {
  ClassificationDataset,
  ClassifiedArray,
  ClassifiedArrays,
  Problem,
} from "../../../src/data/index.ts";
import { decodePicture } from "../../../src/image/index.ts";
import { common, datasetOf, labelledPictures, oneHot, plain, rowsOf, size } from "./example-set.ts";

const { folder, pictures, open } = labelledPictures();

/** Sequences or volumes whose values are all different, below 256 where they are bytes. */
function arrays(
  kind: "sequences" | "volumes",
  shape: number[],
  ArrayOf: typeof Float32Array | typeof Uint8Array,
  shared = true,
): ClassifiedArrays {
  const length = shape.reduce((product, dim) => product * dim, 1);
  const scale = ArrayOf === Uint8Array ? 1 : 0.37;
  const train = Array.from({ length: 5 }, (_, i): ClassifiedArray => {
    const bytes = length * ArrayOf.BYTES_PER_ELEMENT;
    const buffer = shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
    const values = new ArrayOf(buffer as ArrayBuffer);
    for (let k = 0; k < length; k++) values[k] = scale * (i * length + k);
    return { id: `array-${i}`, classIndex: i % 3, values };
  });
  return { ...common, kind, shape, splits: { train, val: [], test: [] } };
}

const varied = (step: number): ExamplePlan => ({
  size: step % 2 ? { width: 40, height: 40 } : size,
  augment:
    step < 6
      ? { pictures: { rotate: 10, noise: 0.5, erase: 0.3 }, mixup: 0.4, cutmix: step % 3 ? 0.5 : 0 }
      : null,
});

/** What a batch holds, out of the buffers that are used again. */
function snapshot({ inputs, targets, ids }: ExampleBatch) {
  const { buffer, byteOffset, byteLength } = inputs.data as Uint8Array;
  const bytes = Buffer.from(buffer, byteOffset, byteLength).toString("base64");
  return { bytes, dtype: inputs.dtype, shape: inputs.shape, targets: [...rowsOf(targets.data)], ids };
}

async function run(loader: ExampleLoader, from: number, to: number) {
  const batches = [];
  for (let step = from; step < to; step++) batches.push(snapshot(await loader.batch(step)));
  return batches;
}

describe("the same seed gives the same batches", () => {
  const blended = { mixup: 0.3 };
  it.each<[string, () => ClassificationDataset, (step: number) => ExamplePlan]>([
    ["pictures", () => datasetOf(pictures()), varied],
    [
      "sequences",
      () => arrays("sequences", [2, 9], Float32Array),
      () => ({ augment: { series: { flip: 0.5 }, ...blended } }),
    ],
    [
      "volumes",
      () => arrays("volumes", [1, 3, 4, 2], Uint8Array),
      () => ({ augment: { volume: { noise: 0.1 }, ...blended } }),
    ],
  ])("of %s, with one worker and two, in order or not", async (_, makeDataset, plan) => {
    const options = { dataset: makeDataset(), plan, labelSmoothing: 0.1 };
    const expected = await run(open(options), 0, 8);
    expect(await run(open({ ...options, workers: 2 }), 0, 8)).toEqual(expected);
    expect(await run(open({ ...options, cacheBytes: 0 }), 0, 3)).toEqual(expected.slice(0, 3));
    const resumed = open({ ...options, workers: 2 });
    expect(await run(resumed, 5, 8)).toEqual(expected.slice(5));
    expect(await run(resumed, 1, 3), "back to an earlier step").toEqual(expected.slice(1, 3));
    const different = await run(open({ ...options, seed: 12 }), 0, 3);
    for (const [step, { bytes }] of different.entries()) expect(bytes).not.toBe(expected[step].bytes);
    expect(new Set(expected.map(({ bytes }) => bytes)).size, "each step differs").toBe(8);
  });
});

describe("what a batch holds", () => {
  it("is the letterboxed pictures without augmentation", async () => {
    const loader = open();
    expect(loader.stepsPerEpoch).toBe(2);
    const { inputs, targets, ids } = await loader.batch(4);
    expect([inputs.dtype, inputs.shape]).toEqual(["uint8", [3, 3, 32, 48]]);
    expect([targets.dtype, targets.shape]).toEqual(["float32", [3, 3]]);
    expect(new Set(ids).size).toBe(3);
    for (const [slot, id] of ids.entries()) {
      const picture = pictures().find((other) => other.id === id)!;
      const expected = new Uint8Array(3 * 48 * 32);
      letterboxInto(await decodePicture(picture.bytes.file), 48, 32, expected);
      const shown = (inputs.data as Uint8Array).subarray(
        slot * expected.length,
        (slot + 1) * expected.length,
      );
      expect(Buffer.compare(shown, expected)).toBe(0);
    }
  });

  it("is the same from a tar file", async () => {
    const archive = join(folder(), "set.tar");
    execFileSync("tar", [
      "-cf",
      archive,
      "-C",
      folder(),
      ...pictures().map(({ bytes }) => basename(bytes.file)),
    ]);
    const whole = await readFile(archive);
    const packed = await Promise.all(
      pictures().map(async (picture) => {
        const bytes = await readFile(picture.bytes.file);
        return { ...picture, bytes: { file: archive, offset: whole.indexOf(bytes), length: bytes.length } };
      }),
    );
    const expected = await run(open(), 0, 3);
    expect(await run(open({ dataset: datasetOf(packed) }), 0, 3)).toEqual(expected);
  });

  it.each([
    ["sequences", [2, 9], Float32Array, true],
    ["sequences", [1, 12], Float32Array, false],
    ["volumes", [1, 3, 4, 2], Uint8Array, true],
    ["volumes", [2, 2, 3, 2], Float32Array, true],
  ] as const)("is the values of %s %j, %o, without augmentation", async (kind, shape, ArrayOf, shared) => {
    const dataset = arrays(kind, [...shape], ArrayOf, shared);
    const { inputs, targets, ids } = await open({ dataset, plan: () => ({ augment: null }) }).batch(1);
    expect([inputs.dtype, inputs.shape]).toEqual(["float32", [3, ...shape]]);
    const examples = ids.map((id) => dataset.splits.train.find((other) => other.id === id)!);
    const values = examples.flatMap((example) => [...example.values]);
    expect(inputs.data).toEqual(new Float32Array(values));
    expect(rowsOf(targets.data)).toEqual(examples.map(({ classIndex }) => oneHot(classIndex)));
  });

  it.each<[string, () => ClassificationDataset]>([
    ["pictures", () => datasetOf(pictures())],
    ["sequences", () => arrays("sequences", [2, 9], Float32Array)],
    ["volumes", () => arrays("volumes", [1, 3, 4, 2], Uint8Array)],
  ])("is %s blended with each other and not varied where only that is asked for", async (_, makeDataset) => {
    const dataset = makeDataset();
    const batch = (augment: ExamplePlan["augment"]) =>
      open({ dataset, plan: () => ({ size, augment }) }).batch(1);
    const asTheyAre = await run(open({ dataset, plan: () => ({ size, augment: null }) }), 1, 2);
    expect(await run(open({ dataset, plan: () => ({ size, augment: unvaried }) }), 1, 2)).toEqual(asTheyAre);
    const { targets } = await batch({ ...unvaried, mixup: 0.4 });
    expect(rowsOf(targets.data).some((row) => Math.max(...row) < 1)).toBe(true);
  });

  it("is of the split asked for, which repeats if it is smaller than a batch", async () => {
    const dataset = datasetOf(pictures().slice(2));
    dataset.splits.val = pictures().slice(0, 2) as never[];
    const { ids, inputs } = await open({ dataset, split: "val", batchSize: 5 }).batch(0);
    expect(new Set(ids)).toEqual(new Set([pictures()[0].id, pictures()[1].id]));
    expect([ids.length, inputs.shape[0]]).toEqual([5, 5]);
  });

  it("comes from each example once in an epoch, anew in each", async () => {
    const batches = await run(open({ batchSize: 1 }), 0, 14);
    const order = batches.map(({ ids }) => ids[0]);
    const all = new Set(pictures().map(({ id }) => id));
    expect(new Set(order.slice(0, 7))).toEqual(all);
    expect(new Set(order.slice(7))).toEqual(all);
    expect(order.slice(0, 7)).not.toEqual(order.slice(7));
  });

  it("shows fine detail in steps with larger pictures than the first", async () => {
    const plan = (step: number) => ({
      size: step < 2 ? { width: 8, height: 8 } : { width: 64, height: 64 },
      augment: null,
    });
    const { inputs, ids } = await open({ plan }).batch(2);
    const expected = new Uint8Array(3 * 64 * 64);
    const picture = pictures().find(({ id }) => id === ids[0])!;
    letterboxInto(await decodePicture(picture.bytes.file), 64, 64, expected);
    expect(Buffer.compare((inputs.data as Uint8Array).subarray(0, expected.length), expected)).toBe(0);
  });
});

describe("examples that fail", () => {
  const isFoundIn = (problems: Problem[]) => problems.map(({ kind, file }) => [kind, file]);

  async function spoil(): Promise<string[]> {
    const [missing, truncated] = [pictures()[2], pictures()[1]];
    await rm(missing.bytes.file);
    expect(truncated.bytes.file).toMatch(/\.jpg$/);
    await writeFile(truncated.bytes.file, (await readFile(truncated.bytes.file)).subarray(0, 700));
    return [missing.id, truncated.id];
  }

  it("are replaced by the same others in every run, labels too, and reported once", async () => {
    const bad = await spoil();
    const problems: Problem[] = [];
    const expected = await run(open({ onProblem: (problem) => problems.push(problem) }), 0, 8);
    for (const { ids, targets } of expected) {
      for (const [slot, id] of ids.entries()) {
        expect(bad).not.toContain(id);
        expect(targets[slot]).toEqual(oneHot(pictures().find((other) => other.id === id)!.classIndex));
      }
    }
    expect(isFoundIn(problems).sort()).toEqual([
      ["picture-missing", pictures()[2].bytes.file],
      ["picture-unreadable", pictures()[1].bytes.file],
    ]);
    expect(problems.find(({ kind }) => kind === "picture-unreadable")!.detail).toMatch(/is truncated .*\.$/);
    const again: Problem[] = [];
    const options = { workers: 2, cacheBytes: 0, onProblem: (problem: Problem) => again.push(problem) };
    expect(await run(open(options), 0, 8)).toEqual(expected);
    expect(again).toHaveLength(2);
  });

  it("in an archive are named by archive and place", async () => {
    const archive = join(folder(), "set.tar");
    await writeFile(archive, "x".repeat(50));
    const packed = pictures().map((picture, i) =>
      i === 0 ? { ...picture, bytes: { file: archive, offset: 20, length: 100 } } : picture,
    );
    const problems: Problem[] = [];
    const onProblem = (problem: Problem) => problems.push(problem);
    await run(open({ dataset: datasetOf(packed), onProblem }), 0, 3);
    expect(isFoundIn(problems)).toEqual([["picture-missing", `${archive}/sample-0`]]);
    expect(problems[0].detail).toContain("ends before byte 120");
  });

  it("are an error when they are more than half of the set", async () => {
    await spoil();
    const half = open({ dataset: datasetOf(pictures().slice(0, 4)) });
    expect(await run(half, 0, 6)).toHaveLength(6);
    await expect(run(open({ dataset: datasetOf(pictures().slice(0, 3)) }), 0, 6)).rejects.toMatchObject({
      name: "FoveaError",
      code: "pictures-unreadable",
      message: expect.stringMatching(
        /^2 of the 3 pictures to train with cannot be read, for example `.*`: check the data set\.$/,
      ),
    });
    const none = open({ dataset: datasetOf(pictures().slice(1, 3)) });
    await expect(none.batch(0)).rejects.toMatchObject({ name: "FoveaError", code: "pictures-unreadable" });
  });
});

describe("a batch's memory", () => {
  it.each(["pictures", "volumes"])("of %s is valid until the second next batch, then empty", async (kind) => {
    const loader = open(
      kind === "pictures" ? {} : { dataset: arrays("volumes", [1, 3, 4, 2], Uint8Array), plan: plain },
    );
    const first = await loader.batch(0);
    const held = snapshot(first);
    await loader.batch(1);
    expect(snapshot(first)).toEqual(held);
    await loader.batch(2);
    expect(first.inputs.data).toHaveLength(0);
  });

  it("is given back early by release, which may be repeated", async () => {
    const loader = open();
    const expected = snapshot(await open().batch(1));
    const first = await loader.batch(0);
    loader.release(first);
    expect(first.inputs.data).toHaveLength(0);
    loader.release(first);
    expect(snapshot(await loader.batch(1))).toEqual(expected);
  });
});

describe("misuse", () => {
  it.each<[Partial<ExampleLoaderOptions>, string]>([
    [{ dataset: datasetOf([]) }, "the split `train` must hold at least one example"],
    [{ split: "test" }, "the split `test` must hold at least one example"],
    [{ batchSize: 0 }, "`batchSize` (=0) must be a whole number ≥ 1"],
    [{ batchSize: 2.5 }, "`batchSize` (=2.5) must be a whole number ≥ 1"],
    [{ batchSize: Number.NaN }, "`batchSize` (=NaN) must be a whole number ≥ 1"],
    [{ workers: 0 }, "`workers` (=0) must be a whole number ≥ 1"],
    [{ seed: 0.5 }, "`seed` (=0.5) must be a whole number"],
    [{ cacheBytes: -1 }, "`cacheBytes` (=-1) must be a number ≥ 0"],
    [{ labelSmoothing: 1 }, "`labelSmoothing` (=1) must be at least 0 and less than 1"],
    [{ labelSmoothing: Number.NaN }, "`labelSmoothing` (=NaN) must be at least 0 and less than 1"],
    [{ weights: [1, 2] }, "`weights` (=[1, 2]) must be 3 finite numbers ≥ 0, one for each class"],
    [{ weights: [1, 2, -1] }, "`weights` (=[1, 2, -1]) must be 3 finite numbers ≥ 0, one for each class"],
    [{ weights: [1, 2, Number.NaN] }, "`weights` (=[1, 2, NaN]) must be 3 finite numbers ≥ 0"],
  ])("%j is refused", (options, message) => {
    expect(() => open(options)).toThrowError(
      expect.objectContaining({ code: "batch-options-invalid", message: expect.stringContaining(message) }),
    );
  });

  it("a plan or step that makes no sense is refused", async () => {
    const sizes = [undefined, { width: 0, height: 8 }, { width: 8, height: 8.5 }];
    const loader = open({ plan: (step) => ({ size: sizes[step] ?? sizes[0], augment: null }) });
    for (const step of sizes.keys()) {
      await expect(loader.batch(step)).rejects.toMatchObject({ code: "batch-plan-invalid" });
    }
    for (const step of [-1, 0.5]) {
      await expect(loader.batch(step)).rejects.toMatchObject({ code: "batch-step-invalid" });
    }
    const wild = open({ plan: () => ({ size, augment: { mixup: -1 } }) });
    await expect(wild.batch(0)).rejects.toMatchObject({ code: "augment-invalid" });
    const pictures: AugmentOptions = { mosaic: 0.5 };
    const boxed = open({ plan: () => ({ size, augment: { pictures } }) });
    await expect(boxed.batch(0)).rejects.toMatchObject({
      code: "augment-invalid",
      message: expect.stringMatching(/`mosaic` \(=0\.5\) means nothing to pictures without boxes/),
    });
    const dataset = arrays("sequences", [1, 8], Float32Array);
    const cut = open({ dataset, plan: () => ({ augment: { cutmix: 1 } }) });
    await expect(cut.batch(0)).rejects.toMatchObject({ code: "shape-mismatch" });
  });

  it("a closed loader says so, also to those who wait", async () => {
    const loader = open();
    const waiting = expect(loader.batch(0)).rejects.toMatchObject({ code: "batch-loader-closed" });
    await loader.close();
    await waiting;
    await expect(loader.batch(1)).rejects.toMatchObject({ code: "batch-loader-closed" });
    await loader.close();
  });
});
