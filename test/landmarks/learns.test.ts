import { existsSync } from "node:fs";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadPointDataset, type PointDataset } from "../../src/data/index.ts";
import type { Xyxy } from "../../src/geometry/index.ts";
import { cropPicture, decodePicture, resizePicture } from "../../src/image/index.ts";
import {
  evaluateLandmarker,
  Landmarker,
  type LandmarkerRun,
  schemeOfData,
  type TrainLandmarkerOptions,
  trainLandmarker,
} from "../../src/landmarks/index.ts";
import { writeTinyFaces } from "./tiny-faces.ts";

let folder: string;
let dataset: PointDataset;
let run: LandmarkerRun;

const gentle = { scale: [0.9, 1.1] as const, rotate: 10, hue: 0, grey: 0, blur: 0, noise: 0, erase: 0 };
const settings = { size: 64, batchSize: 8, backbone: "none", threads: 1, seed: 1, augment: gentle };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-landmarks-"));
  dataset = await loadPointDataset(await writeTinyFaces(join(folder, "data"), 60));
  run = await trainLandmarker({ ...settings, data: dataset, out: join(folder, "run"), epochs: 20 });
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

describe("a net of three points, trained for some seconds", () => {
  it("finds them in pictures that it has not seen", () => {
    expect(run.ending).toBe("complete");
    const { nme, normalize, things, backgrounds, perPoint } = run.evaluation!;
    expect([things + backgrounds, normalize]).toEqual([12, "interocular"]);
    expect(nme).toBeLessThan(0.15); // 0.9 where points are put at their usual places in the picture
    expect(perPoint.map(({ name }) => name)).toEqual(["left_eye", "right_eye", "mouth"]);
    const [first, last] = [run.notes.records[0], run.notes.records.at(-1)!];
    expect(last.position).toBeLessThan(0.6 * first.position);
    expect(existsSync(run.report!)).toBe(true);
    const people = (split: "train" | "val") => new Set(dataset.splits[split].map(({ group }) => group));
    expect([...people("val")].filter((person) => people("train").has(person))).toEqual([]);
  });

  it("is the same when its file is opened again", async () => {
    const landmarker = await Landmarker.load(run.best, { threads: 1 });
    const scheme = schemeOfData(dataset);
    expect(await evaluateLandmarker(landmarker, dataset.splits.val, { scheme })).toEqual(run.evaluation);
    expect(landmarker.card).toMatchObject({
      task: "landmarks",
      subject: "region",
      points: ["left_eye", "right_eye", "mouth"],
      side: 64,
      eyes: [0, 1],
      ownBoxes: true,
      trainedOn: dataset.fingerprint,
    });
    await landmarker.close();
  });

  it("finds them in the whole picture, of any size, and in a box", async () => {
    const landmarker = await Landmarker.load(run.best, { threads: 1 });
    const sample = dataset.splits.val.find(({ points }) => points[0])!;
    const picture = await decodePicture(sample.path);
    const large = await resizePicture(picture, 192, 192);
    const [whole] = await landmarker.locate(large);
    const [boxed, beside] = await landmarker.locate(large, [
      [48, 48, 144, 144],
      [500, 500, 600, 600],
    ]);
    for (const [i, point] of sample.points.entries()) {
      for (const found of [whole!, boxed!]) {
        const apart = Math.hypot(found.points[i][0] / 3 - point![0], found.points[i][1] / 3 - point![1]);
        expect(apart).toBeLessThan(4);
      }
    }
    expect([whole!.points.length, whole!.scores!.length]).toEqual([3, 3]);
    expect(whole!.presence).toBeGreaterThan(0.5);
    expect(beside).toBeUndefined();
    await landmarker.close();
  });

  it.each([
    ["wide", 1],
    ["tall", 0],
  ] as const)("finds them in a %s picture", async (_, axis) => {
    const landmarker = await Landmarker.load(run.best, { threads: 1 });
    const apart: number[] = [];
    for (const { path, points } of dataset.splits.val) {
      if (!points[0]) continue;
      // A strip of the picture with all points, whose region is that of the picture, less what was cut off.
      const along = points.map((point) => point![axis]);
      const middle = Math.round((Math.min(...along) + Math.max(...along)) / 2);
      const start = Math.max(0, Math.min(middle - 20, 64 - 40));
      const strip: Xyxy = axis === 1 ? [0, start, 64, start + 40] : [start, 0, start + 40, 64];
      const [found] = await landmarker.locate(cropPicture(await decodePicture(path), strip));
      for (const [i, point] of points.entries()) {
        const [x, y] = found!.points[i];
        apart.push(Math.hypot(x + strip[0] - point![0], y + strip[1] - point![1]));
      }
    }
    expect(apart.length).toBeGreaterThan(20);
    expect(apart.reduce((sum, one) => sum + one, 0) / apart.length).toBeLessThan(5);
    await landmarker.close();
  });

  it("is measured by other lengths, at others' boxes, and on no other points", async () => {
    const landmarker = await Landmarker.load(run.best, { threads: 1 });
    const scheme = schemeOfData(dataset);
    const { val } = dataset.splits;
    const things = val.filter(({ points }) => points[0]);
    const boxes = new Map(things.map(({ id }, i) => [id, i === 0 ? undefined : ([16, 16, 48, 48] as const)]));
    const byBox = await evaluateLandmarker(landmarker, things, { scheme, normalize: "diagonal", boxes });
    expect([byBox.missed, byBox.things]).toEqual([1, things.length]);
    expect(byBox.nme).toBeLessThan(0.08); // the diagonal is longer than the distance of the eyes
    const others = { ...scheme, names: ["left_eye", "right_eye", "chin"] };
    await expect(evaluateLandmarker(landmarker, val, { scheme: others })).rejects.toMatchObject({
      code: "points-differ",
      message: expect.stringContaining('"chin"'),
    });
    const blind = { ...scheme, eyes: undefined };
    const options = { scheme: blind, normalize: "interocular" as const };
    await expect(evaluateLandmarker(landmarker, val, options)).rejects.toMatchObject({
      code: "normalizer-unknown",
    });
    await landmarker.close();
  });
});

describe("trainLandmarker", () => {
  /** Trains in a folder of the given name, until a number of steps is done. */
  function train(
    name: string,
    options: Partial<TrainLandmarkerOptions>,
    stopAfter = Number.POSITIVE_INFINITY,
  ) {
    const controller = new AbortController();
    return trainLandmarker({
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

  it("resumed after an interruption is bit for bit what it is in one go, by regression and squares", async () => {
    const short = { ...settings, head: "regression" as const, loss: "squared" as const, epochs: 1, size: 32 };
    await train("straight", short);
    expect((await train("parts", short, 3)).ending).toBe("interrupted");
    expect((await train("parts", { resume: true })).ending).toBe("complete");
    const [one, other] = await Promise.all(
      ["straight", "parts"].map((name) => readFile(join(folder, name, "last.onnx"))),
    );
    expect(Buffer.compare(one, other)).toBe(0);
  });

  it("mirrors nothing, and says so, where it is not known what changes places", async () => {
    const remarks: string[] = [];
    const names = ["a", "b", "c"];
    const { recipe } = await train("unknown", {
      ...settings,
      data: { ...dataset, names },
      epochs: 1,
      size: 32,
      onRemark: (sentence) => remarks.push(sentence),
    });
    expect(recipe.augment!.flipHorizontal).toBe(0);
    expect(remarks).toEqual([expect.stringContaining("so none is mirrored")]);
  });

  it("learns one point alone from whole pictures, measures it by these, and says so", async () => {
    const remarks: string[] = [];
    const only = <T extends { points: readonly unknown[] }>(sample: T) => ({
      ...sample,
      points: sample.points.slice(2),
    });
    const { splits } = dataset;
    const { train: all, val } = splits;
    const data = {
      ...dataset,
      names: ["mouth"],
      splits: { ...splits, train: all.map(only), val: val.map(only) },
    };
    const options = { ...settings, data, epochs: 6, onRemark: (sentence: string) => remarks.push(sentence) };
    const { evaluation, best } = await train("one point", options);
    expect(remarks.join()).toMatch(/the points of \d\d of 48 pictures to train with lie in one spot/);
    expect(evaluation).toMatchObject({ normalize: "picture", things: 10 });
    expect(evaluation!.nme).toBeLessThan(0.1); // of the diagonal of 90 pixels
    const landmarker = await Landmarker.load(best, { threads: 1 });
    const { path, points } = data.splits.val.find((sample) => sample.points[0])!;
    const [found] = await landmarker.locate(await decodePicture(path));
    const [[x, y]] = found!.points;
    expect(Math.hypot(x - points[0]![0], y - points[0]![1])).toBeLessThan(18);
    await landmarker.close();
  });

  it("refuses data without any point, and settings that it does not know", async () => {
    const background = dataset.splits.train.filter(({ points }) => !points[0]);
    const empty = { ...dataset, splits: { ...dataset.splits, train: background } };
    await expect(train("empty", { data: empty })).rejects.toMatchObject({ code: "split-empty" });
    await expect(train("wrong", { model: "giant" })).rejects.toMatchObject({ code: "argument-range" });
    await expect(train("wrong", { size: 50 })).rejects.toMatchObject({ code: "argument-range" });
    await expect(train("wrong", { margin: -1 })).rejects.toMatchObject({ code: "argument-range" });
    await expect(train("wrong", { workers: 0 })).rejects.toMatchObject({ code: "argument-range" });
    await expect(train("wrong", { epochs: -1 })).rejects.toMatchObject({ code: "argument-range" });
    expect(existsSync(join(folder, "wrong"))).toBe(false);
  });

  it("goes on at the boxes that it began with, and refuses others", async () => {
    const boxesOf = (side: number) => {
      return new Map(dataset.splits.train.map(({ id }) => [id, [8, 8, 8 + side, 8 + side] as Xyxy]));
    };
    const short = { ...settings, epochs: 1, size: 32 };
    expect((await train("boxed", { ...short, boxes: boxesOf(48) }, 1)).ending).toBe("interrupted");
    for (const [boxes, sentence] of [
      [undefined, "was trained with `boxes`, of which none are given now; resume it with the same ones"],
      [boxesOf(44), "was trained with other `boxes`; resume it with the same ones"],
    ] as const) {
      await expect(train("boxed", { resume: true, boxes })).rejects.toMatchObject({
        code: "checkpoint-mismatch",
        message: expect.stringContaining(sentence),
      });
    }
    expect((await train("boxed", { resume: true, boxes: boxesOf(48) })).ending).toBe("complete");
    await expect(train("run", { resume: true, boxes: boxesOf(48) })).rejects.toMatchObject({
      code: "checkpoint-mismatch",
      message: expect.stringContaining("was trained without `boxes`; resume it without them"),
    });
  });

  it("tells once of each picture to validate with that cannot be read", async () => {
    const [first, ...others] = dataset.splits.val;
    const broken = { ...first, path: join(folder, "broken.png") };
    await writeFile(broken.path, "no picture");
    const problems: unknown[] = [];
    await train("broken", {
      ...settings,
      data: { ...dataset, splits: { ...dataset.splits, val: [broken, ...others] } },
      epochs: 2,
      size: 32,
      onProblem: (problem) => problems.push(problem),
    });
    expect(problems).toEqual([
      { kind: "picture-unreadable", file: broken.path, detail: expect.stringContaining("broken.png") },
    ]);
  });

  it("says so where the best model of a run that is complete is gone", async () => {
    const aside = join(folder, "aside.onnx");
    await rename(run.best, aside);
    await expect(train("run", { resume: true })).rejects.toMatchObject({
      code: "model-missing",
      message: expect.stringContaining("put it back there, or start a new run"),
    });
    await rename(aside, run.best);
  });
});
