import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { Random } from "../../../src/core/index.ts";
import { type DetectionBatch, loadDetectionDataset, writeScenes } from "../../../src/data/index.ts";
import { Detector, EVALUATION_SCORE, evaluateDetector, trainDetector } from "../../../src/detect/index.ts";
import {
  anchorsOf,
  compileRcnnTraining,
  exportRcnn,
  type FasterRcnnConfig,
  rcnnFeeds,
} from "../../../src/detect/rcnn/index.ts";
import { netSizes } from "../../../src/detect/yolo/index.ts";
import { adamW } from "../../../src/nn/index.ts";
import type { TrainingState, TrainingStep } from "../../../src/train/index.ts";
import { smoothPicture } from "../tiny-yolo.ts";

const oneMap: FasterRcnnConfig = {
  classes: ["bright", "other"],
  input: { width: 64, height: 64 },
  size: { trunk: netSizes.nano.trunk, neck: 32 },
  strides: [8],
  grids: [{ stride: 8, anchors: [[20, 20], [40, 40]] }], // biome-ignore format: shapes
  heads: { pooled: 3, hidden: 32 },
  mostObjects: 64,
};
const pyramid: FasterRcnnConfig = {
  ...oneMap,
  strides: [4, 8, 16],
  grids: [
    { stride: 4, anchors: [[20, 20]] },
    { stride: 16, anchors: [[40, 40]] },
  ],
};

/** Two pictures: bright rectangles on dark grey. */
function batchOf(boxes: DetectionBatch["boxes"]): DetectionBatch {
  const images = new Uint8Array(2 * 3 * 64 * 64).fill(40);
  for (const [n, objects] of boxes.entries()) {
    for (const { box } of objects) {
      for (let channel = 0; channel < 3; channel++) {
        for (let y = box[1]; y < box[3]; y++) {
          images.fill(
            220,
            ((3 * n + channel) * 64 + y) * 64 + box[0],
            ((3 * n + channel) * 64 + y) * 64 + box[2],
          );
        }
      }
    }
  }
  return { images, width: 64, height: 64, boxes, sampleIds: ["a", "b"] };
}

const usual = batchOf([
  [{ classIndex: 0, box: [6, 10, 26, 30] }],
  [{ classIndex: 0, box: [36, 20, 60, 42] }],
] as unknown as DetectionBatch["boxes"]);

describe.each([
  ["one map", oneMap],
  ["a pyramid, without anchors on one of its maps", pyramid],
])("a training step of both stages on %s", (_, config) => {
  const anchors = anchorsOf(config);
  let step: TrainingStep;
  let state: TrainingState;

  const take = async (batch: DetectionBatch, seed: number) => {
    const feeds = rcnnFeeds(batch, config, anchors, new Random(seed));
    return step.run(state, feeds, { learningRate: 0.003, averageDecay: 0.9 });
  };

  it("learns two pictures by heart, and the file finds their objects", async () => {
    step = await compileRcnnTraining(config, { batchSize: 2, optimizer: adamW(), threads: 1 });
    state = step.start(1);
    const losses: number[] = [];
    for (let i = 0; i < 80; i++) {
      losses.push((await take(usual, i)).loss);
      state.advance();
    }
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(losses.at(-1)!).toBeLessThan(losses[0] / 4);

    const card = {
      task: "detect",
      model: "faster-rcnn",
      classes: [...config.classes],
      input: config.input,
      grids: [],
      scoreThreshold: 0.3,
      iouThreshold: 0.5,
      trainedOn: "0",
      version: "1",
    } as const;
    const bytes = exportRcnn(config, state.parameters("average"), {
      ...card,
      classes: [...card.classes],
      grids: [],
    });
    const detector = await Detector.load(bytes, { threads: 1 });
    for (const [n, [object]] of usual.boxes.entries()) {
      const planes = usual.images.subarray(n * 3 * 64 * 64);
      const data = Uint8Array.from(
        { length: 3 * 64 * 64 },
        (_, i) => planes[(i % 3) * 64 * 64 + Math.floor(i / 3)],
      );
      const { detections } = await detector.detect({ width: 64, height: 64, data });
      expect(detections.map(({ label }) => label)).toEqual([config.classes[object.classIndex]]);
      for (const [i, corner] of detections[0].box.entries())
        expect(Math.abs(corner - object.box[i])).toBeLessThan(5);
    }
    // A picture smaller than an anchor, and one of another shape.
    for (const [width, height] of [
      [5, 3],
      [200, 20],
    ]) {
      // biome-ignore format: sizes
      const { detections } = await detector.detect(smoothPicture(width, height));
      for (const { box } of detections) {
        expect(box[0] >= 0 && box[1] >= 0 && box[2] <= width && box[3] <= height).toBe(true);
      }
    }
    await detector.close();
  });

  it.each([
    ["no objects", [[], []]],
    ["objects in one picture only", [[], usual.boxes[1]]],
    ["an object of a pixel, and one that no anchor is like", [[{ classIndex: 0, box: [3, 3, 4, 4] }], [{ classIndex: 1, box: [0, 30, 64, 31] }]]], // biome-ignore format: one thing
    ["more objects than there is room for", [Array.from({ length: 90 }, (_, i) => ({ classIndex: 0, box: [i % 40, i % 30, (i % 40) + 12, (i % 30) + 14] })), []]], // biome-ignore format: one thing
  ])("stays finite with %s", async (_, boxes) => {
    const reports = await take(batchOf(boxes as unknown as DetectionBatch["boxes"]), 7);
    for (const value of Object.values(reports)) expect(Number.isFinite(value)).toBe(true);
  });

  it("is the same for the same draws", async () => {
    const first = await take(usual, 3);
    expect(await take(usual, 3)).toEqual(first);
  });

  afterAll(() => step.release());
});

describe("trainDetector with model faster-rcnn", () => {
  it("leaves a detector that is the same when opened again, and goes on where it was stopped", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fovea-rcnn-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const size = { width: 64, height: 64 };
    await writeScenes(join(folder, "scenes"), {
      count: 8,
      seed: 1,
      ...size,
      maxObjects: 2,
      emptyShare: 0.2,
      valFraction: 0.25,
    });
    const options = {
      data: join(folder, "scenes"),
      out: join(folder, "run"),
      model: "faster-rcnn",
      size,
      batchSize: 2,
      threads: 1,
    };
    const run = await trainDetector({ ...options, backbone: "none", epochs: 1 });
    expect(run.ending).toBe("complete");
    const detector = await Detector.load(run.best, { scoreThreshold: EVALUATION_SCORE, threads: 1 });
    expect(detector.card).toMatchObject({ model: "faster-rcnn", input: size });
    const { splits } = await loadDetectionDataset(options.data);
    expect(await evaluateDetector(detector, splits.val)).toEqual(run.evaluation);
    await detector.close();
    const resumed = await trainDetector({ ...options, resume: true, epochs: 2 });
    expect(resumed.notes.records.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(resumed.notes.records[0]).toEqual(run.notes.records[0]);
  }, 180_000);
});
