import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type DetectionSample,
  loadDetectionDataset,
  type Problem,
  writeScenes,
} from "../../src/data/index.ts";
import { evaluateDetector, type ObjectDetector } from "../../src/detect/evaluate.ts";

let folder: string;
let samples: DetectionSample[];
let classes: readonly string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-evaluate-"));
  const size = { width: 96, height: 64, maxObjects: 1, emptyShare: 0 };
  await writeScenes(join(folder, "scenes"), { count: 4, seed: 2, ...size, valFraction: 0 });
  const dataset = await loadDetectionDataset(join(folder, "scenes"), { valFraction: 0 });
  samples = dataset.splits.train;
  classes = dataset.classes;
});
afterAll(() => rm(folder, { recursive: true }));

/** Finds nothing, anywhere. */
function blind(): ObjectDetector {
  return {
    classes,
    detect: async () => ({
      detections: [],
      width: 96,
      height: 64,
      timings: { decodeMs: 0, inferMs: 0 },
    }),
  };
}

/** Finds every labelled box, as one of its only class. */
function perfect(label: string): ObjectDetector {
  let next = 0;
  return {
    classes: [label],
    detect: async () => {
      const { width, height, boxes } = samples[next++];
      const detections = boxes.map(({ box }) => ({ box, score: 0.9, classIndex: 0, label }));
      return { detections, width, height, timings: { decodeMs: 0, inferMs: 0 } };
    },
  };
}

describe("classes of the data that the model does not tell apart", () => {
  it("are measured as one, by all boxes of theirs", async () => {
    const mixed = samples.map((sample, i) => ({
      ...sample,
      boxes: sample.boxes.map((one) => ({ ...one, classIndex: i % 2 })),
    }));
    const evaluation = await evaluateDetector(perfect("car"), mixed, { classes: ["Car", "car"] });
    expect(evaluation).toMatchObject({ mAP50: 1, perClass: [{ name: "Car / car" }] });
    expect(evaluation.perClass).toHaveLength(1);
  });
});

describe("a picture that cannot be read", () => {
  it("is left out and told of, and does not end an evaluation", async () => {
    const { path } = samples[1];
    await writeFile(path, (await readFile(path)).subarray(0, 300));
    const problems: Problem[] = [];
    const { pictures } = await evaluateDetector(blind(), samples, { onProblem: (one) => problems.push(one) });
    expect(pictures.map(({ id }) => id)).toEqual([samples[0], samples[2], samples[3]].map(({ id }) => id));
    expect(problems).toMatchObject([{ kind: "picture-unreadable", file: path }]);
  });

  it("ends one where there is no other", async () => {
    await expect(evaluateDetector(blind(), [samples[1]])).rejects.toMatchObject({
      code: "split-empty",
      message: expect.stringContaining(samples[1].path),
    });
  });
});
