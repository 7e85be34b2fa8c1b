import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDetectionDataset, writeScenes } from "../../src/data/index.ts";
import { type TrainDetectorOptions, trainDetector } from "../../src/detect/index.ts";
import { readModel } from "../../src/graph/index.ts";
import type { EpochRecord } from "../../src/train/index.ts";

let folder: string;
let data: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-train-"));
  data = join(folder, "scenes");
  await writeScenes(data, { count: 20, seed: 4, width: 64, height: 64, maxObjects: 2, emptyShare: 0 });
});
afterAll(() => rm(folder, { recursive: true }));

/** 16 pictures in batches of 4: 3 epochs of 4 steps, mosaics in the first ones. */
const settings = { size: 64, batchSize: 4, epochs: 3, threads: 1, seed: 6 };

/** Trains in a folder of the given name, until a number of steps is done. */
function train(
  name: string,
  options: Partial<TrainDetectorOptions> = {},
  stopAfter = Number.POSITIVE_INFINITY,
) {
  const controller = new AbortController();
  return trainDetector({
    data,
    out: join(folder, name),
    ...options,
    signal: controller.signal,
    onEvent(event) {
      if (event.kind === "step" && event.step === stopAfter) controller.abort();
    },
  });
}

/** The tensors of a checkpoint by name, their bytes as text. */
async function tensorsOf(name: string): Promise<Record<string, string>> {
  const { graph } = readModel(await readFile(join(folder, name, "checkpoint.fovea")));
  return Object.fromEntries(
    graph.initializer.map(({ name, rawData }) => [name, Buffer.from(rawData).toString("base64")]),
  );
}

const withoutSeconds = (records: EpochRecord[]) => records.map((record) => ({ ...record, seconds: 0 }));

describe("trainDetector", () => {
  it("resumed after interruptions is bit for bit what it is in one go", async () => {
    const straight = await train("straight", settings);
    expect(straight.ending).toBe("complete");
    expect(straight.notes.records.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 4],
      [2, 8],
      [3, 12],
    ]);

    const parts = [await train("parts", settings, 3), await train("parts", { resume: true, threads: 1 }, 9)];
    expect(parts.map(({ ending }) => ending)).toEqual(["interrupted", "interrupted"]);
    const resumed = await train("parts", { resume: true, threads: 1 });
    expect(resumed.ending).toBe("complete");
    expect(resumed.recipe).toEqual(straight.recipe);

    const expected = await tensorsOf("straight");
    expect(Object.keys(expected)).toContain("statistic/average");
    expect(await tensorsOf("parts")).toEqual(expected);
    expect(withoutSeconds(resumed.notes.records)).toEqual(withoutSeconds(straight.notes.records));
    for (const file of ["best.onnx", "last.onnx"]) {
      const [one, other] = await Promise.all(
        ["straight", "parts"].map((name) => readFile(join(folder, name, file))),
      );
      expect(Buffer.compare(one, other), file).toBe(0);
    }
    expect(resumed.evaluation!.coco).toEqual(straight.evaluation!.coco);
  });

  it("goes on after its end when it is given more epochs", async () => {
    const longer = await train("parts", { resume: true, epochs: 5, threads: 1 }, 17);
    expect(longer.ending).toBe("interrupted");
    expect(longer.notes.records.map(({ step }) => step)).toEqual([4, 8, 12, 16]);
  });

  it("resumes with the splits that the run's own seed drew", async () => {
    const unsplit = join(folder, "unsplit");
    await writeScenes(unsplit, { count: 12, seed: 5, width: 64, height: 64, emptyShare: 0, format: "voc" });
    for (const list of ["train.txt", "val.txt"]) await rm(join(unsplit, list));
    expect((await loadDetectionDataset(unsplit)).splitSource).not.toBe("files");
    await train("own-splits", { ...settings, data: unsplit, seed: 3 }, 1);
    const resumed = await train("own-splits", { data: unsplit, resume: true, threads: 1 }, 3);
    expect(resumed.recipe.seed).toBe(3);
    expect(resumed.dataset.splitSource).toMatchObject({ seed: 3 });
  });

  it("refuses to resume with other labels", async () => {
    const dataset = await loadDetectionDataset(data);
    const other = { ...dataset, fingerprint: "other" };
    await expect(train("parts", { data: other, resume: true })).rejects.toMatchObject({
      code: "checkpoint-mismatch",
    });
  });

  it("refuses to resume what is missing or damaged, naming the file", async () => {
    await expect(train("nowhere", { resume: true })).rejects.toMatchObject({
      code: "checkpoint-missing",
      message: expect.stringContaining(join("nowhere", "checkpoint.fovea")),
    });
    expect(existsSync(join(folder, "nowhere"))).toBe(false);
    await mkdir(join(folder, "damaged"));
    await writeFile(join(folder, "damaged", "checkpoint.fovea"), "not a checkpoint");
    await expect(train("damaged", { resume: true })).rejects.toMatchObject({ code: "checkpoint-unreadable" });
  });

  it("says so where the best model of a run that is complete is gone", async () => {
    await rename(join(folder, "straight", "best.onnx"), join(folder, "straight", "aside.onnx"));
    await expect(train("straight", { resume: true, threads: 1 })).rejects.toMatchObject({
      code: "model-missing",
      message: expect.stringMatching(/straight.best\.onnx`, cannot be opened \(ENOENT\): put it back there/),
    });
  });

  it("leaves nothing behind where settings are wrong", async () => {
    await expect(train("wrong", { model: "giant" })).rejects.toMatchObject({ code: "argument-range" });
    expect(existsSync(join(folder, "wrong"))).toBe(false);
  });

  it.each([
    { workers: 0 },
    { seed: 1.5 },
    { learningRate: 0 },
    { epochs: -1 },
    { batchSize: 0 },
  ])("refuses %j before it searches for proposals", async (wrong) => {
    const told = { ...settings, model: "fast-rcnn", onProposals: () => expect.unreachable(), ...wrong };
    await expect(train("wrong", told)).rejects.toMatchObject({
      code: "argument-range",
      message: expect.stringContaining(Object.keys(wrong)[0]),
    });
    expect(existsSync(join(folder, "wrong"))).toBe(false);
  });

  it("without pictures to validate with keeps the newest as the best", async () => {
    const dataset = await loadDetectionDataset(data);
    const blind = { ...dataset, splits: { ...dataset.splits, val: [] } };
    const run = await train("blind", { ...settings, data: blind, epochs: 2 });
    expect(run.ending).toBe("complete");
    expect(run.notes.records.map((record) => "mAP50" in record)).toEqual([false, false]);
    const [best, last] = await Promise.all([run.best, run.last].map((path) => readFile(path)));
    expect(Buffer.compare(best, last)).toBe(0);
    expect([run.evaluation, run.report]).toEqual([undefined, undefined]);
    expect(existsSync(join(folder, "blind", "report.html"))).toBe(false);
  });

  it("stops at a loss that is no number, and saves no state that has one", async () => {
    await expect(train("diverged", { ...settings, learningRate: 1e30 })).rejects.toMatchObject({
      code: "loss-not-finite",
      message: expect.stringContaining("start anew with a lower `learningRate`"),
    });
    expect(existsSync(join(folder, "diverged", "checkpoint.fovea"))).toBe(false);
  });
});
