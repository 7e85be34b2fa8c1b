import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Random } from "../../../src/core/index.ts";
import { type DetectionBatch, loadDetectionDataset, writeScenes } from "../../../src/data/index.ts";
import {
  Detector,
  EVALUATION_SCORE,
  evaluateDetector,
  proposeRegions,
  trainDetector,
} from "../../../src/detect/index.ts";
import {
  encodeBoxes,
  type FastRcnnConfig,
  fastRcnnFeeds,
  headSampling,
  headWeights,
  withProposals,
} from "../../../src/detect/rcnn/index.ts";
import { netSizes } from "../../../src/detect/yolo/index.ts";
import { decodePicture } from "../../../src/image/index.ts";

const config: FastRcnnConfig = {
  classes: ["a", "b"],
  input: { width: 64, height: 64 },
  size: { trunk: netSizes.nano.trunk, neck: 32 },
  strides: [8],
  grids: [],
  heads: { pooled: 3, hidden: 32 },
  proposals: { mode: "single", most: 200 },
};

describe("fastRcnnFeeds", () => {
  const object = [10, 10, 30, 30] as const;
  const [near, far] = [[12, 10, 30, 30], [40, 40, 60, 60]] as const; // biome-ignore format: boxes
  const batchOf = (boxes: DetectionBatch["boxes"]): DetectionBatch => ({
    images: new Uint8Array(boxes.length * 3 * 64 * 64),
    width: 64,
    height: 64,
    boxes,
    sampleIds: boxes.map((_, i) => `${i}`),
  });

  it("matches proposals, which are of a class beyond the last, with the objects", () => {
    const proposals = [near, far].map((box) => ({ classIndex: 2, box }));
    const batch = batchOf([[{ classIndex: 1, box: object }, ...proposals], proposals]);
    const feeds = fastRcnnFeeds(batch, config, new Random(1));
    expect(feeds.regions.shape).toEqual([2, headSampling.count, 4]);
    const rows = (name: string, width: number, row: number) => [
      ...(feeds[name].data as Float32Array).subarray(row * width, (row + 1) * width),
    ];
    // Of the first picture the object itself and the near proposal are positive.
    const first = [0, 1, 2, 3].map((row) => ({
      box: rows("regions", 4, row),
      label: rows("regionLabels", 3, row),
    }));
    expect(first).toEqual([
      { box: [...object], label: [0, 0, 1] },
      { box: [...near], label: [0, 0, 1] },
      { box: [...far], label: [1, 0, 0] },
      { box: [0, 0, 0, 0], label: [0, 0, 0] },
    ]);
    expect(rows("regionTargets", 4, 0)).toEqual([0, 0, 0, 0]);
    expect(rows("regionTargets", 4, 1)).toEqual([...encodeBoxes([...object], [...near], headWeights)]);
    // Without objects all are background.
    const second = [0, 1, 2].map((row) => rows("regionLabels", 3, headSampling.count + row));
    expect(second).toEqual([[1, 0, 0], [1, 0, 0], [0, 0, 0]]); // biome-ignore format: rows
  });

  it("is the same for the same draws, and empty without proposals", () => {
    const random = new Random(5);
    const many = Array.from({ length: 400 }, () => {
      const [x, y] = [random.uniform(0, 40), random.uniform(0, 40)];
      return { classIndex: 2, box: [x, y, x + 10, y + 10] as const };
    });
    const draw = (seed: number) => fastRcnnFeeds(batchOf([many]), config, new Random(seed)).regions.data;
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    const labels = fastRcnnFeeds(batchOf([[]]), config, new Random(1)).regionLabels.data as Float32Array;
    expect(labels.every((value) => value === 0)).toBe(true);
  });

  it("gets its proposals from samples that carry them", () => {
    const sample = {
      id: "a",
      path: "/a.png",
      width: 64,
      height: 64,
      boxes: [{ classIndex: 1, box: object }],
    };
    const corners = Float32Array.from([...near, ...far]);
    expect(withProposals([sample], [corners], 2)).toEqual([
      { ...sample, regions: { classIndex: 2, corners } },
    ]);
  });
});

describe.each(["fast-rcnn", "rcnn"])("trainDetector with model %s", (model) => {
  it("leaves a detector that searches for its regions itself", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fovea-fast-rcnn-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const size = { width: 64, height: 64 };
    const data = join(folder, "scenes");
    await writeScenes(data, {
      count: 8,
      seed: 1,
      ...size,
      maxObjects: 2,
      emptyShare: 0.2,
      valFraction: 0.25,
    });
    const progress: number[] = [];
    const run = await trainDetector({
      data,
      out: join(folder, "run"),
      model,
      backbone: "none",
      size,
      batchSize: 2,
      epochs: 1,
      threads: 1,
      onProposals: (done) => progress.push(done),
    });
    expect(run.ending).toBe("complete");
    expect(progress).toEqual(Array.from({ length: 8 }, (_, i) => i + 1));
    const detector = await Detector.load(run.best, { scoreThreshold: EVALUATION_SCORE, threads: 1 });
    expect(detector.card).toMatchObject({ model, proposals: { mode: "fast", most: 1_000 } });
    const { splits } = await loadDetectionDataset(data);
    expect(await evaluateDetector(detector, splits.val)).toEqual(run.evaluation);
    const picture = await decodePicture(splits.val[0].path);
    const { detections, timings } = await detector.detect(picture);
    expect(timings.proposeMs).toBeGreaterThan(0);
    const count = (await proposeRegions(picture, { most: 1_000 })).boxes.length / 4;
    expect(detections.length).toBeLessThanOrEqual(count); // what only fills up is nothing
    await detector.close();
  }, 180_000);
});
