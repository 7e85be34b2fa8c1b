import { existsSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { DetectionDataset } from "../../../src/data/index.ts";
import { evaluateDetector } from "../../../src/detect/index.ts";
import {
  keepClasses,
  type TrainWindowsOptions,
  trainWindows,
  WindowDetector,
  type WindowsRun,
  whereItFits,
} from "../../../src/detect/windows/index.ts";
import { makeWindowsRecipe } from "../../../src/detect/windows/recipe.ts";
import { BACKGROUND_IOU, isNearObject, TrainingCrops } from "../../../src/detect/windows/training-crops.ts";
import { iou } from "../../../src/geometry/index.ts";
import { decodePicture, PictureMemory, savePicture } from "../../../src/image/index.ts";
import { writeRectangles } from "../../localize/tiny-pictures.ts";

let folder: string;
let dataset: DetectionDataset;
let run: WindowsRun;
const remarks: string[] = [];

const settings = {
  window: { width: 32, height: 32 },
  rounds: 2,
  stepsPerRound: 50,
  batchSize: 16,
  threads: 1,
  learningRate: 4e-3,
};

/** Trains in a folder of the given name, until a number of steps is done. */
function train(name: string, options: Partial<TrainWindowsOptions>, stopAfter = Number.POSITIVE_INFINITY) {
  const controller = new AbortController();
  return trainWindows({
    data: dataset,
    out: join(folder, name),
    threads: 1,
    ...options,
    signal: controller.signal,
    onEvent(event) {
      if (event.kind === "step" && event.step === stopAfter) controller.abort();
    },
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-windows-"));
  dataset = await writeRectangles(join(folder, "data"), 40, 10);
  run = await train("run", { ...settings, onRemark: (sentence) => remarks.push(sentence) });
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

describe("windows trained for some seconds", () => {
  it("find objects in pictures that they have not seen", () => {
    expect(run.ending).toBe("complete");
    expect(run.evaluation!.mAP50).toBeGreaterThan(0.3);
    expect(run.notes.records.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 50],
      [2, 100],
    ]);
    expect(existsSync(run.report!)).toBe(true);
  });

  it("learned from windows of the training pictures that show no object", async () => {
    expect(run.mined.round).toBe(1);
    const { length } = run.mined.places;
    expect(length).toBeGreaterThan(0);
    expect(remarks).toEqual([
      `Round 1: windows of background that scored above 0.05, to learn from: ${length}.`,
    ]);
    expect(await readFile(run.report!, "utf8")).toContain("of the background, half are mistakes");
    for (const { sample, box } of run.mined.places) {
      expect(isNearObject(box, dataset.splits.train[sample])).toBe(false);
    }
  });

  it("are found the same, one pass for each or one for all", async () => {
    const picture = await decodePicture(dataset.splits.val[0].path);
    const [all, each] = await Promise.all(
      (["convolutional", "naive"] as const).map(async (method) => {
        const detector = await WindowDetector.load(run.best, { method, scoreThreshold: 0.05, threads: 1 });
        const { detections } = await detector.detect(picture);
        await detector.close();
        return detections;
      }),
    );
    expect(all.length).toBeGreaterThan(0);
    expect(each).toHaveLength(all.length);
    for (const [i, { score, ...one }] of all.entries()) {
      expect(each[i]).toMatchObject(one);
      expect(Math.abs(each[i].score - score)).toBeLessThan(1e-5);
    }
  });

  it("are each kept once where any overlap drops the worse: an IoU of 0", async () => {
    const [strict, nearly] = await Promise.all(
      [0, 1e-9].map(async (iouThreshold) => {
        const detector = await WindowDetector.load(run.best, { scoreThreshold: 0, iouThreshold, threads: 1 });
        const { detections } = await detector.detect(dataset.splits.val[0].path);
        await detector.close();
        return detections;
      }),
    );
    expect(strict.length).toBeGreaterThan(dataset.classes.length);
    expect(strict).toEqual(nearly);
  });

  it.each([
    { method: "naiv" as "naive" },
    { scoreThreshold: -0.1 },
    { iouThreshold: 1.5 },
  ])("are not looked for by %j", async (wrong) => {
    await expect(WindowDetector.load(run.best, wrong)).rejects.toMatchObject({
      code: "argument-range",
      message: expect.stringContaining(`${Object.values(wrong)[0]}`),
    });
  });

  it("do not fit a picture that is far too narrow: one sentence says so, and a measurement goes on", async () => {
    const detector = await WindowDetector.load(run.best, { threads: 1 });
    const narrow = { width: 4000, height: 2, data: new Uint8Array(3 * 4000 * 2) };
    await expect(detector.detect(narrow)).rejects.toMatchObject({
      code: "window-too-large",
      message: expect.stringMatching(/window of 32×32 .* picture of 4000×2/),
    });
    const path = join(folder, "narrow.png");
    await savePicture(narrow, path);
    const { width, height } = narrow;
    const samples = [{ id: "narrow", path, width, height, boxes: [] }, ...dataset.splits.val];
    const { pictures } = await evaluateDetector(whereItFits(detector), samples);
    expect(pictures).toHaveLength(samples.length);
    expect(pictures[0]).toMatchObject({ id: "narrow", detections: [] });
    await detector.close();
  });
});

describe("trainWindows", () => {
  it("resumed after an interruption in the second round is bit for bit what it is in one go", async () => {
    const short = { ...settings, stepsPerRound: 6 };
    await train("straight", short);
    expect((await train("parts", short, 8)).ending).toBe("interrupted");
    expect((await train("parts", { resume: true })).ending).toBe("complete");
    const [one, other] = await Promise.all(
      ["straight", "parts"].map((name) => readFile(join(folder, name, "last.onnx"))),
    );
    expect(Buffer.compare(one, other)).toBe(0);
  });

  it("resumed from a checkpoint that is older than the mistakes of a round mines them again", async () => {
    const short = { ...settings, stepsPerRound: 6 };
    await train("older", short, 5);
    const mistakes = join(folder, "older", "mistakes.json");
    await copyFile(join(folder, "straight", "mistakes.json"), mistakes); // as if it had died in the second round
    const before = await readFile(mistakes);
    expect((await train("older", { resume: true })).ending).toBe("complete");
    expect(await readFile(mistakes)).toEqual(before);
    const [one, other] = await Promise.all(
      ["straight", "older"].map((name) => readFile(join(folder, name, "last.onnx"))),
    );
    expect(Buffer.compare(one, other)).toBe(0);
  });

  it("says so where the best model of a run that is complete is gone", async () => {
    await rm(join(folder, "older", "best.onnx"));
    await expect(train("older", { resume: true })).rejects.toMatchObject({
      code: "model-missing",
      message: expect.stringMatching(/older.best\.onnx`, cannot be opened \(ENOENT\): put it back there/),
    });
  });

  it("tells of no mistakes in its report where there was no round to make any", async () => {
    const { report, mined } = await train("once", { ...settings, rounds: 1, stepsPerRound: 2 });
    expect(mined.places).toEqual([]);
    expect(await readFile(report!, "utf8")).toContain("Half of them around objects.");
  });

  it("refuses classes and windows that there are none of", async () => {
    await expect(train("wrong", { classes: ["green"] })).rejects.toMatchObject({
      code: "class-unknown",
      message: expect.stringContaining("red, blue"),
    });
    const window = { width: 33, height: 32 };
    for (const told of [
      { window },
      { rounds: 0 },
      { stepsPerRound: 1.5 },
      { seed: 0.5 },
      { learningRate: 0 },
    ]) {
      await expect(train("wrong", told)).rejects.toMatchObject({ code: "argument-range" });
    }
    await expect(train("wrong", { data: join(folder, "none"), batchSize: 0 })).rejects.toMatchObject({
      code: "argument-range", // before data are read
    });
    const empty = dataset.splits.train.filter(({ boxes }) => boxes.length === 0);
    const background = { ...dataset, splits: { ...dataset.splits, train: empty } };
    await expect(train("wrong", { data: background })).rejects.toMatchObject({ code: "dataset-empty" });
    expect(existsSync(join(folder, "wrong"))).toBe(false);
  });
});

describe("TrainingCrops", () => {
  it("are half objects of all classes, half background, the same for the same step", async () => {
    const recipe = makeWindowsRecipe(dataset, settings);
    const crops = new TrainingCrops(dataset.splits.train, recipe);
    const [batch, again] = [await crops.batch(3), await crops.batch(3)];
    expect(again).toEqual(batch);
    expect(batch.labels.filter((label) => label > 0)).toHaveLength(8);
    const labels = (await Promise.all([0, 1, 2, 3].map((step) => crops.batch(step)))).flatMap(
      (b) => b.labels,
    );
    expect(new Set(labels)).toEqual(new Set([0, 1, 2]));
    // What shows a red object is red in its middle.
    const plane = 32 * 32;
    const centre = 16 * 32 + 16;
    for (const [slot, label] of batch.labels.entries()) {
      const at = (channel: number) => Number(batch.windows.data[(3 * slot + channel) * plane + centre]);
      const isRed = at(0) > at(2) + 60;
      if (label === 1) expect(isRed).toBe(true);
      if (label === 2) expect(isRed).toBe(false);
    }
  });

  it("asks for the picture of a crop once", async () => {
    const get = vi.spyOn(PictureMemory.prototype, "get");
    await new TrainingCrops(dataset.splits.train, makeWindowsRecipe(dataset, settings)).batch(0);
    expect(get).toHaveBeenCalledTimes(settings.batchSize);
    get.mockRestore();
  });

  it("shows as background no window that overlaps an object, near misses and mistakes included", async () => {
    const { train } = dataset.splits;
    const crops = new TrainingCrops(train, makeWindowsRecipe(dataset, settings));
    crops.hard = run.mined.places;
    let nearest = 0;
    for (let step = 0; step < 25; step++) {
      const { labels, places } = await crops.batch(step);
      for (const [slot, { sample, box }] of places.entries()) {
        const overlap = Math.max(0, ...train[sample].boxes.map((object) => iou(object.box, box)));
        if (labels[slot] > 0) expect(overlap).toBe(1);
        else nearest = Math.max(nearest, overlap);
      }
    }
    expect(nearest).toBeLessThan(BACKGROUND_IOU);
    expect(nearest).toBeGreaterThan(0.1);
  });
});

describe("pictures that cannot be read", () => {
  it("are told of once, and others stand in for them", async () => {
    const [first, ...others] = dataset.splits.train;
    const samples = [{ ...first, path: join(folder, "data/none.png") }, ...others];
    const problems: string[] = [];
    const crops = new TrainingCrops(samples, makeWindowsRecipe(dataset, settings), ({ file }) =>
      problems.push(file),
    );
    for (let step = 0; step < 12; step++) await crops.batch(step);
    expect(problems).toEqual([samples[0].path]);
    expect(crops.isUnreadable(0)).toBe(true);
    const none = dataset.splits.train.map((sample) => ({ ...sample, path: join(folder, "none.png") }));
    await expect(
      new TrainingCrops(none, makeWindowsRecipe(dataset, settings)).batch(0),
    ).rejects.toMatchObject({ code: "pictures-unreadable" });
  });

  it("do not end a training though a class has no other, and make the same batches known before or not", async () => {
    const isRed = (index: number) => dataset.splits.train[index].boxes.some((box) => box.classIndex === 0);
    const red = dataset.splits.train.findIndex((_, index) => isRed(index));
    const samples = dataset.splits.train
      .filter((_, index) => index === red || !isRed(index))
      .map((sample, index) => (index === red ? { ...sample, path: join(folder, "none.png") } : sample));
    expect(samples.filter(({ boxes }) => boxes.some((box) => box.classIndex === 0))).toHaveLength(1);
    const recipe = makeWindowsRecipe(dataset, settings);
    const crops = new TrainingCrops(samples, recipe);
    const batches = [];
    for (let step = 0; step < 4; step++) batches.push(await crops.batch(step));
    expect(new Set(batches.flatMap(({ labels }) => labels))).toEqual(new Set([0, 2]));
    expect(await new TrainingCrops(samples, recipe).batch(3)).toEqual(batches[3]);
  });
});

describe("keepClasses", () => {
  it("drops boxes of others and numbers the rest anew", () => {
    const { classes, splits } = keepClasses(dataset, ["blue"]);
    expect(classes).toEqual(["blue"]);
    const before = dataset.splits.train.flatMap(({ boxes }) =>
      boxes.filter(({ classIndex }) => classIndex === 1),
    );
    const after = splits.train.flatMap(({ boxes }) => boxes);
    expect(after).toEqual(before.map((box) => ({ ...box, classIndex: 0 })));
  });
});
