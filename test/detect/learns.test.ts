import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DetectionDataset, loadDetectionDataset, writeScenes } from "../../src/data/index.ts";
import {
  Detector,
  EVALUATION_SCORE,
  evaluateDetector,
  type TrainRun,
  trainDetector,
} from "../../src/detect/index.ts";

let folder: string;
let dataset: DetectionDataset;
let run: TrainRun;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-learns-"));
  const data = join(folder, "scenes");
  const size = { width: 64, height: 64 };
  await writeScenes(data, { count: 220, seed: 1, ...size, maxObjects: 1, emptyShare: 0, valFraction: 0.1 });
  dataset = withOneClass(await loadDetectionDataset(data));
  run = await trainDetector({
    data: dataset,
    out: join(folder, "run"),
    size,
    batchSize: 4,
    epochs: 9,
    learningRate: 0.006,
    seed: 1,
    threads: 1, // the same result, and no slower, beside other work
    augment: {
      mosaic: 0,
      scale: [0.9, 1.1],
      aspect: 1,
      hue: 0,
      saturation: [1, 1],
      brightness: [0.9, 1.1],
      contrast: [1, 1],
      grey: 0,
      blur: 0,
    },
  });
}, 180_000);
afterAll(() => rm(folder, { recursive: true }));

/** All objects as one class: half a minute is short for telling pedestrians from motorcycles by 64 pixels. */
function withOneClass({ splits, ...rest }: DetectionDataset): DetectionDataset {
  const relabel = (samples: DetectionDataset["splits"]["train"]) =>
    samples.map((sample) => ({ ...sample, boxes: sample.boxes.map((box) => ({ ...box, classIndex: 0 })) }));
  return {
    ...rest,
    classes: ["object"],
    splits: { train: relabel(splits.train), val: relabel(splits.val), test: [] },
  };
}

describe("a detector trained for half a minute", () => {
  it("finds objects in pictures that it has not seen", () => {
    expect(run.ending).toBe("complete");
    expect(run.evaluation!.mAP50).toBeGreaterThan(0.3); // .63 where it was written
    const [first, last] = [run.notes.records[0], run.notes.records.at(-1)!];
    expect(last.box).toBeLessThan(0.7 * first.box);
    expect(run.notes.best.fitness).toBe((run.evaluation!.mAP50 + run.evaluation!.mAP50_95) / 2);
  });

  it("is the same when its file is opened again", async () => {
    const detector = await Detector.load(run.best, { scoreThreshold: EVALUATION_SCORE, threads: 1 });
    const progress: number[] = [];
    const evaluation = await evaluateDetector(detector, dataset.splits.val, {
      onProgress: (done) => progress.push(done),
    });
    expect(evaluation).toEqual(run.evaluation);
    expect(progress).toEqual(dataset.splits.val.map((_, i) => i + 1));
    expect(detector.card).toMatchObject({
      task: "detect",
      classes: ["object"],
      input: { width: 64, height: 64 },
      trainedOn: dataset.fingerprint,
    });
    await detector.close();
  });

  it("shows in a picture file what was evaluated, above the file's own threshold", async () => {
    const detector = await Detector.load(run.best, { threads: 1 });
    let found = 0;
    for (const { path, width, height } of dataset.splits.val) {
      const result = await detector.detect(path);
      expect([result.width, result.height]).toEqual([width, height]);
      const evaluated = run.evaluation!.pictures.find(({ id }) => path.includes(id))!;
      for (const detection of result.detections) {
        expect(detection.score).toBeGreaterThan(0.25);
        expect(evaluated.detections).toContainEqual(detection);
        found++;
      }
    }
    expect(found).toBeGreaterThan(dataset.splits.val.length / 3);
    await detector.close();
  });

  it("can be asked to stop evaluating", async () => {
    const detector = await Detector.load(run.best, { threads: 1 });
    const signal = AbortSignal.abort();
    await expect(evaluateDetector(detector, dataset.splits.val, { signal })).rejects.toThrow("aborted");
    await detector.close();
  });
});
