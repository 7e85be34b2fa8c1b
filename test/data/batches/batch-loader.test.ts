import { readFile, rm, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type BatchLoader,
  type BatchLoaderOptions,
  type BatchPlan,
  batchSheet,
  createBatchLoader,
  type DetectionBatch,
  letterboxInto,
} from "../../../src/data/batches/index.ts";
import type { Problem } from "../../../src/data/index.ts";
import { classColor, decodePicture, type Picture } from "../../../src/image/index.ts";
import { createPictureSet, type PictureSet } from "./picture-set.ts";

/** Multi-scale, with everything that draws random numbers, and plain at the end. */
function plan(step: number): BatchPlan {
  const [width, height] = step % 2 ? [64, 48] : [48, 32];
  const varied = { mosaic: 0.5, mixup: 0.3, rotate: 5, noise: 0.3, erase: 0.3, blur: 0.3 };
  return { width, height, augment: step < 8 ? varied : null };
}

let set: PictureSet;
const loaders: BatchLoader[] = [];

beforeEach(async () => {
  set = await createPictureSet(7);
});

afterEach(async () => {
  for (const loader of loaders.splice(0)) await loader.close();
  await set.remove();
});

function open(options: Partial<BatchLoaderOptions> = {}): BatchLoader {
  const loader = createBatchLoader({ samples: set.samples, batchSize: 3, seed: 11, plan, ...options });
  loaders.push(loader);
  return loader;
}

/** What a batch holds, out of the buffers that are used again. */
function snapshot({ images, width, height, boxes, sampleIds }: DetectionBatch) {
  return { images: Buffer.from(images).toString("base64"), width, height, boxes, sampleIds };
}

async function run(loader: BatchLoader, from: number, to: number) {
  const batches = [];
  for (let step = from; step < to; step++) batches.push(snapshot(await loader.batch(step)));
  return batches;
}

describe("what a batch holds", () => {
  it("does not depend on workers, memory, or where a run resumes", async () => {
    const expected = await run(open(), 0, 10);
    expect(await run(open({ workers: 2 }), 0, 10)).toEqual(expected);
    expect(await run(open({ cacheBytes: 0 }), 0, 10)).toEqual(expected);
    const resumed = open();
    expect(await run(resumed, 6, 10)).toEqual(expected.slice(6));
    expect(await run(resumed, 2, 4), "back to an earlier step").toEqual(expected.slice(2, 4));
    const different = await run(open({ seed: 12 }), 0, 3);
    for (const [step, batch] of different.entries()) expect(batch.images).not.toBe(expected[step].images);
  });

  it("is the letterboxed pictures and their boxes without augmentation", async () => {
    const loader = open();
    const { images, boxes, sampleIds } = await loader.batch(8);
    expect(loader.stepsPerEpoch).toBe(2);
    expect(new Set(sampleIds).size).toBe(3);
    for (const [slot, id] of sampleIds.entries()) {
      const sample = set.samples.find((other) => other.id === id)!;
      const expected = new Uint8Array(3 * 48 * 32);
      const { scale, padX, padY } = letterboxInto(await decodePicture(sample.path), 48, 32, expected);
      const shown = images.subarray(slot * expected.length, (slot + 1) * expected.length);
      expect(Buffer.compare(shown, expected)).toBe(0);
      const [x1, y1] = boxes[slot][0].box;
      expect(boxes[slot][0].classIndex).toBe(sample.boxes[0].classIndex);
      expect(x1).toBeCloseTo(5 * scale + padX, 0);
      expect(y1).toBeCloseTo(6 * scale + padY, 0);
    }
  });

  it("varies the same picture anew in every slot and step", async () => {
    const loader = open({ samples: set.samples.slice(0, 1), plan: () => plan(0) });
    const seen = new Set<string>();
    for (let step = 0; step < 4; step++) {
      const { images } = await loader.batch(step);
      const size = images.length / 3;
      for (let slot = 0; slot < 3; slot++) {
        seen.add(Buffer.from(images.subarray(slot * size, (slot + 1) * size)).toString("base64"));
      }
    }
    expect(seen.size).toBe(12);
  });

  it("moves regions as it moves boxes", async () => {
    const asBoxes = set.samples.map((sample) => ({ ...sample, boxes: [...sample.boxes, { classIndex: 99, box: [8, 9, 20, 22] as const }] })); // biome-ignore format: one thing
    const regions = { classIndex: 99, corners: Float32Array.from([8, 9, 20, 22]) };
    const asRegions = set.samples.map((sample) => ({ ...sample, regions }));
    const expected = await run(open({ samples: asBoxes }), 0, 4);
    expect(expected.flatMap(({ boxes }) => boxes.flat()).some(({ classIndex }) => classIndex === 99)).toBe(
      true,
    );
    expect(await run(open({ samples: asRegions }), 0, 4)).toEqual(expected);
  });

  it("repeats a set smaller than a batch", async () => {
    const { sampleIds, images } = await open({ samples: set.samples.slice(0, 2), batchSize: 5 }).batch(0);
    expect(sampleIds).toHaveLength(5);
    expect(images).toHaveLength(5 * 3 * 48 * 32);
  });

  it("can be looked at", async () => {
    const batch = await open().batch(8);
    const sheet = await batchSheet(batch, ["a", "b"]);
    const unmarked = await batchSheet({ ...batch, boxes: [[], [], []] }, []);
    const count = ({ data }: Picture, colour: string) =>
      Buffer.from(data).toString("hex").split(colour.slice(1).toLowerCase()).length;
    for (const [{ classIndex }] of batch.boxes) {
      const colour = classColor(classIndex);
      expect(count(sheet, colour)).toBeGreaterThan(count(unmarked, colour) + 20);
    }
  });
});

describe("a batch's memory", () => {
  it("is valid until the second next batch, then empty", async () => {
    const loader = open();
    const first = await loader.batch(0);
    const held = snapshot(first);
    await loader.batch(1);
    expect(snapshot(first)).toEqual(held);
    await loader.batch(2);
    expect(first.images).toHaveLength(0);
  });

  it("is given back early by release, which may be repeated", async () => {
    const loader = open();
    const first = await loader.batch(0);
    loader.release(first);
    expect(first.images).toHaveLength(0);
    loader.release(first);
    expect((await loader.batch(1)).images).toHaveLength(3 * 3 * 64 * 48);
  });
});

it("asks ahead for the next steps at once", async () => {
  const asked: number[] = [];
  const loader = open({
    decodeSize: 64,
    plan: (step) => {
      asked.push(step);
      return plan(step);
    },
  });
  const first = loader.batch(5);
  expect(asked).toEqual([5, 6, 7, 8]);
  await first;
  await loader.batch(6);
  expect(asked).toEqual([5, 6, 7, 8, 9]);
});

describe("pictures that fail", () => {
  async function spoil() {
    const [missing, truncated, changed] = set.samples;
    await rm(missing.path);
    await writeFile(truncated.path, (await readFile(truncated.path)).subarray(0, 700));
    set.samples[2] = { ...changed, width: changed.width + 1 };
    return [missing.id, truncated.id, changed.id];
  }

  it("are replaced by the same others in every run, and reported once", async () => {
    const bad = await spoil();
    const problems: Problem[] = [];
    const expected = await run(open({ onProblem: (problem) => problems.push(problem) }), 0, 10);
    for (const id of expected.flatMap(({ sampleIds }) => sampleIds)) expect(bad).not.toContain(id);
    expect(problems.map(({ kind, file }) => ({ kind, file }))).toHaveLength(3);
    expect(new Set(problems.map(({ kind }) => kind))).toEqual(
      new Set(["picture-missing", "picture-unreadable", "size-mismatch"]),
    );
    const again: Problem[] = [];
    const options = { workers: 2, cacheBytes: 0, onProblem: (problem: Problem) => again.push(problem) };
    expect(await run(open(options), 0, 10)).toEqual(expected);
    expect(again).toHaveLength(3);
  });

  it("are an error when they are more than half of the set", async () => {
    await spoil();
    const loader = open({ samples: set.samples.slice(0, 5) });
    await expect(run(loader, 0, 10)).rejects.toMatchObject({
      code: "pictures-unreadable",
      message: expect.stringMatching(/^3 of the 5 pictures to train with cannot be read, for example `/),
    });
    const none = open({ samples: set.samples.slice(0, 1) });
    await expect(none.batch(0)).rejects.toMatchObject({ name: "FoveaError", code: "pictures-unreadable" });
  });
});

describe("misuse", () => {
  it.each([
    [{ samples: [] }, "`samples` must hold at least one sample"],
    [{ batchSize: 0 }, "`batchSize` (=0) must be a whole number ≥ 1"],
    [{ workers: 1.5 }, "`workers` (=1.5) must be a whole number ≥ 1"],
    [{ seed: Number.NaN }, "`seed` (=NaN) must be a whole number"],
  ])("%j is refused", (options, message) => {
    expect(() => open(options)).toThrowError(message);
  });

  it("a plan or step that makes no sense is refused", async () => {
    const loader = open({ decodeSize: 64, plan: () => ({ width: 0, height: 32, augment: null }) });
    await expect(loader.batch(0)).rejects.toMatchObject({ code: "batch-plan-invalid" });
    await expect(open().batch(-1)).rejects.toMatchObject({ code: "batch-step-invalid" });
    const wild = open({ plan: () => ({ width: 32, height: 32, augment: { mosaic: 2 } }) });
    await expect(wild.batch(0)).rejects.toMatchObject({ code: "augment-invalid" });
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
