import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DetectionDataset } from "../../src/data/index.ts";
import { iou, type Xyxy } from "../../src/geometry/index.ts";
import { cropPicture, decodePicture, resizePicture } from "../../src/image/index.ts";
import {
  evaluateLocalizer,
  Localizer,
  type LocalizerRun,
  type TrainLocalizerOptions,
  trainLocalizer,
} from "../../src/localize/index.ts";
import { writeRectangles } from "./tiny-pictures.ts";

let folder: string;
let dataset: DetectionDataset;
let run: LocalizerRun;

const gentle = { scale: [0.9, 1.1] as const, hue: 0, grey: 0, blur: 0, aspect: 1.1, translate: 0.1 };
const settings = { size: 64, batchSize: 8, backbone: "none", threads: 1, seed: 1, augment: gentle };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-localizer-"));
  dataset = await writeRectangles(join(folder, "data"), 80, 20);
  run = await trainLocalizer({ ...settings, data: dataset, out: join(folder, "run"), epochs: 16 });
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

describe("a localizer trained for some seconds", () => {
  it("finds objects in pictures that it has not seen, and tells background", () => {
    expect(run.ending).toBe("complete");
    const { meanIou, classAccuracy, right, objects, backgrounds } = run.evaluation!;
    expect([objects, backgrounds]).toEqual([16, 4]);
    expect(meanIou).toBeGreaterThan(0.6);
    expect(classAccuracy).toBeGreaterThan(0.9);
    expect(right).toBeGreaterThan(0.7);
    const [first, last] = [run.notes.records[0], run.notes.records.at(-1)!];
    expect(last.box).toBeLessThan(0.5 * first.box);
    expect(existsSync(run.report!)).toBe(true);
  });

  it("is the same when its file is opened again", async () => {
    const localizer = await Localizer.load(run.best, { threads: 1 });
    const evaluation = await evaluateLocalizer(localizer, dataset.splits.val);
    expect(evaluation).toEqual(run.evaluation);
    expect(localizer.card).toMatchObject({
      task: "localize",
      classes: ["red", "blue"],
      input: { width: 64, height: 64 },
      trainedOn: dataset.fingerprint,
      split: dataset.splitSource,
    });
    await localizer.close();
  });

  it("answers in pixels of a picture of any size", async () => {
    const localizer = await Localizer.load(run.best, { threads: 1 });
    const { path } = dataset.splits.val[0];
    const small = await localizer.localize(path);
    const large = await localizer.localize(await resizePicture(await decodePicture(path), 192, 192));
    for (const [i, corner] of large.box.entries())
      expect(Math.abs(corner / 3 - small.box[i])).toBeLessThan(4);
    expect(large.label).toBe(small.label);
    await localizer.close();
  });

  it.each([
    ["wide", 1],
    ["tall", 0],
  ] as const)("answers in pixels of a %s picture", async (_, axis) => {
    const localizer = await Localizer.load(run.best, { threads: 1 });
    const overlaps: number[] = [];
    for (const { path, boxes } of dataset.splits.val) {
      if (boxes.length === 0) continue;
      // A strip of the picture with the whole object: it is letterboxed as it is, with grey at two sides.
      const [{ box }] = boxes;
      const [from, to] = [box[axis], box[axis + 2]];
      const start = Math.max(0, Math.min(Math.round((from + to) / 2) - 18, 64 - 36));
      const strip: Xyxy = axis === 1 ? [0, start, 64, start + 36] : [start, 0, start + 36, 64];
      const answer = await localizer.localize(cropPicture(await decodePicture(path), strip));
      const truth = box.map((corner, i) => corner - strip[i % 2]) as unknown as Xyxy;
      overlaps.push(iou(answer.box, truth));
    }
    expect(overlaps.length).toBeGreaterThan(10);
    expect(overlaps.reduce((sum, overlap) => sum + overlap, 0) / overlaps.length).toBeGreaterThan(0.5);
    await localizer.close();
  });

  it("matches the data's classes by name, and refuses what it does not know", async () => {
    const localizer = await Localizer.load(run.best, { threads: 1 });
    const swapped = dataset.splits.val.map((sample) => ({
      ...sample,
      boxes: sample.boxes.map((box) => ({ ...box, classIndex: 1 - box.classIndex })),
    }));
    const evaluation = await evaluateLocalizer(localizer, swapped, { classes: ["blue", "red"] });
    expect(evaluation).toEqual(run.evaluation);
    await expect(evaluateLocalizer(localizer, swapped, { classes: ["green", "red"] })).rejects.toMatchObject({
      code: "classes-differ",
      message: expect.stringContaining('"green"'),
    });
    await localizer.close();
  });

  it("may be told to be surer that there is an object", async () => {
    const localizer = await Localizer.load(run.best, { presenceThreshold: 1, threads: 1 });
    expect((await localizer.localize(dataset.splits.val[0].path)).present).toBe(false);
    await localizer.close();
    await expect(Localizer.load(run.best, { presenceThreshold: 2 })).rejects.toMatchObject({
      code: "argument-range",
    });
  });
});

describe("trainLocalizer", () => {
  /** Trains in a folder of the given name, until a number of steps is done. */
  function train(
    name: string,
    options: Partial<TrainLocalizerOptions>,
    stopAfter = Number.POSITIVE_INFINITY,
  ) {
    const controller = new AbortController();
    return trainLocalizer({
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

  it("resumed after an interruption is bit for bit what it is in one go, crops and all", async () => {
    const short = { ...settings, crops: true, epochs: 1, size: 32 };
    await train("straight", short);
    expect((await train("parts", short, 3)).ending).toBe("interrupted");
    expect((await train("parts", { resume: true })).ending).toBe("complete");
    const [one, other] = await Promise.all(
      ["straight", "parts"].map((name) => readFile(join(folder, name, "last.onnx"))),
    );
    expect(Buffer.compare(one, other)).toBe(0);
    expect(existsSync(join(folder, "straight/crops/train"))).toBe(true);
  });

  it("notes where its background lies, so that it can be resumed from another folder", async () => {
    const background = join(folder, "background");
    await mkdir(background);
    await copyFile(dataset.splits.train[0].path, join(background, "empty.png"));
    const named = { ...settings, epochs: 1, size: 32, background: [relative(process.cwd(), background)] };
    const { recipe } = await train("background-run", named, 1);
    expect(recipe).toMatchObject({ source: { background: [background] } });
  });

  it("refuses data without any object, and settings that it does not know", async () => {
    const empty = dataset.splits.train.filter(({ boxes }) => boxes.length === 0);
    const background = { ...dataset, splits: { ...dataset.splits, train: empty } };
    await expect(train("empty", { data: background })).rejects.toMatchObject({
      code: "dataset-empty",
      message: expect.stringContaining("has an object"),
    });
    await expect(train("wrong", { model: "giant" })).rejects.toMatchObject({ code: "argument-range" });
    await expect(train("wrong", { size: 50 })).rejects.toMatchObject({ code: "argument-range" });
    expect(existsSync(join(folder, "wrong"))).toBe(false);
  });

  it.each<[Partial<TrainLocalizerOptions>, string]>([
    [{ workers: 0 }, "argument-range"],
    [{ epochs: -1 }, "argument-range"],
    [{ seed: 0.5 }, "argument-range"],
    [{ model: "giant" }, "argument-range"],
    [{ size: 50 }, "argument-range"],
    [{ boxUnit: "inch" as "picture" }, "argument-range"],
    [{ backbone: "nowhere.onnx" }, "model-missing"],
    [{ model: "small", backbone: "fovea-nano" }, "backbone-differs"],
  ])("refuses %j before it cuts crops", async (wrong, code) => {
    await expect(train("wrong", { crops: true, ...wrong })).rejects.toMatchObject({ code });
    expect(existsSync(join(folder, "wrong"))).toBe(false);
  });

  it("says so where the best model of a run that is complete is gone", async () => {
    const aside = join(folder, "aside.onnx");
    await rename(run.best, aside);
    await expect(train("run", { resume: true })).rejects.toMatchObject({
      code: "model-missing",
      message: expect.stringMatching(/run.best\.onnx`, cannot be opened \(ENOENT\): put it back there/),
    });
    await rename(aside, run.best);
  });
});
