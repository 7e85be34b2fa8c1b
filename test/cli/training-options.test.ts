import type { Command } from "commander";
import { afterEach, describe, expect, it, vi } from "vitest";
import { addClassifyTrain } from "../../src/cli/commands/classify-train.ts";
import { addDetectTrain } from "../../src/cli/commands/detect-train.ts";
import { addFaceTrain } from "../../src/cli/commands/face-train.ts";
import { addLandmarksTrain } from "../../src/cli/commands/landmarks-train.ts";
import { addLocalizeTrain } from "../../src/cli/commands/localize-train.ts";
import { addStyleTrain } from "../../src/cli/commands/style-train.ts";
import { addWindowsTrain } from "../../src/cli/commands/windows-train.ts";
import { type AddCommand, runCommand } from "./run-command.ts";

const { train, load } = vi.hoisted(() => {
  /** Whatever trains: takes its options, and goes no further. */
  const train = vi.fn(async (_options: Record<string, unknown>): Promise<never> => {
    throw new Error("trained");
  });
  /** Whatever reads data. */
  const load = vi.fn(async (_path: string, _options: Record<string, unknown>) => ({
    kind: "pictures",
    fingerprint: "0",
    classes: ["a"],
    splits: { train: [{}], val: [{}], test: [] },
    splitSource: { seed: 0, valFraction: 0.5 },
    groups: 2,
    problems: [],
  }));
  return { train, load };
});
vi.mock("../../src/detect/index.ts", () => ({ trainDetector: train, stridesFor: () => [8] }));
vi.mock("../../src/detect/windows/index.ts", () => ({ trainWindows: train }));
vi.mock("../../src/localize/index.ts", () => ({ trainLocalizer: train }));
vi.mock("../../src/landmarks/index.ts", () => ({ trainLandmarker: train }));
vi.mock("../../src/style/index.ts", () => ({ trainStyle: train }));
vi.mock("../../src/face/index.ts", () => ({ trainFaceEncoder: train }));
vi.mock("../../src/classify/index.ts", () => ({
  CROSS_VALIDATION: "cross-validation.json",
  trainClassifier: train,
  crossValidate: train,
  withExamples: (dataset: unknown) => dataset,
}));
vi.mock("../../src/data/index.ts", async (original) => ({
  ...(await original<object>()),
  loadDetectionDataset: load,
  loadClassificationDataset: load,
  loadPointDataset: load,
  findUnreadableClasses: async () => [],
}));

afterEach(() => vi.clearAllMocks());

/** What a training and the reading of its data are told by a line of options. */
async function told(
  add: AddCommand,
  line: string,
): Promise<{ training: Record<string, unknown>; reading: Record<string, unknown> | undefined }> {
  const words = ["train", "given", "--out", "nowhere/run", ...line.split(" ").filter(Boolean)];
  await expect(runCommand(add, words)).rejects.toThrow(/^trained$/);
  return { training: train.mock.calls[0][0], reading: load.mock.calls[0]?.[1] };
}

/** A line of options, and what the training is to hear. */
type Row = [line: string, training: Record<string, unknown>, reading?: Record<string, unknown>];

const common =
  "--seed 5 --lr 0.01 --batch 6 --patience 4 --workers 2 --backbone none --threads 3 --device cpu";
const heard = {
  seed: 5,
  learningRate: 0.01,
  batchSize: 6,
  patience: 4,
  workers: 2,
  backbone: "none",
  threads: 3,
  device: "cpu",
};

const tables: [command: string, add: (parent: Command) => void, rows: Row[]][] = [
  [
    "detect train",
    addDetectTrain,
    [
      ["", { out: "nowhere/run", size: 320, seed: 0, augment: undefined, strides: undefined }],
      [`${common} --format coco --epochs 7`, { ...heard, epochs: 7 }, { format: "coco", seed: 5 }],
      ["--time 1m30s --size 320x256", { timeMs: 90_000, size: { width: 320, height: 256 } }],
      ["--model faster-rcnn --fpn", { model: "faster-rcnn", strides: [4, 8, 16] }],
      ["--model small --flip-vertical", { model: "small", augment: { flipVertical: 0.5 } }],
    ],
  ],
  [
    "windows train",
    addWindowsTrain,
    [
      ["", { out: "nowhere/run", rounds: 3, stepsPerRound: 500, batchSize: 64, flipVertical: undefined }],
      ["--seed 5 --lr 0.01 --format yolo", { seed: 5, learningRate: 0.01 }, { format: "yolo", seed: 5 }],
      ["--rounds 2 --steps 40 --batch 8", { rounds: 2, stepsPerRound: 40, batchSize: 8 }],
      ["--classes cat dog", { classes: ["cat", "dog"] }],
      ["--window 48x96 --flip-vertical", { window: { width: 48, height: 96 }, flipVertical: true }],
      ["--threads 3 --device cpu", { threads: 3, device: "cpu" }],
    ],
  ],
  [
    "classify train",
    addClassifyTrain,
    [
      ["", { out: "nowhere/run", augment: { mixup: undefined } }, { valFraction: 0.1 }],
      [`${common} --epochs 7`, { ...heard, epochs: 7 }, { seed: 5 }],
      ["--time 1m30s --model vgg --size 96", { timeMs: 90_000, model: "vgg", size: 96 }],
      ["--balance --mixup 0.2", { balance: true, augment: { mixup: 0.2 } }],
      ["--no-augment", { augment: null }],
      ["--no-flip", { augment: { pictures: { flipHorizontal: 0 } } }],
      ["--no-augment --mixup 0.2", { augment: expect.objectContaining({ mixup: 0.2 }) }],
      ["--progressive-resizing 0.5", { progressiveResizing: 0.5 }],
      ["--val-fraction 0.3 --channels 4", {}, { valFraction: 0.3, channels: 4 }],
      ["--folds 5", { folds: 5 }],
    ],
  ],
  [
    "localize train",
    addLocalizeTrain,
    [
      ["", { out: "nowhere/run", loss: "iou", size: 256 }],
      [`${common} --format voc --epochs 7`, { ...heard, epochs: 7 }, { format: "voc", seed: 5 }],
      ["--time 1m30s --model plain --size 96", { timeMs: 90_000, model: "plain", size: 96 }],
      ["--loss squared --box-unit object", { loss: "squared", boxUnit: "object" }],
      ["--crops --background one two", { crops: true, background: ["one", "two"] }],
      ["--strict", { strict: true }],
    ],
  ],
  [
    "landmarks train",
    addLandmarksTrain,
    [
      ["", { out: "nowhere/run", seed: 0 }],
      [`${common} --epochs 7`, { ...heard, epochs: 7 }, { seed: 5 }],
      ["--time 1m30s --model plain --size 96", { timeMs: 90_000, model: "plain", size: 96 }],
      ["--head regression --loss squared", { head: "regression", loss: "squared" }],
      ["--margin 0.4 --no-augment", { margin: 0.4, augment: null }],
      ["--val-fraction 0.3 --origin 1", {}, { valFraction: 0.3, origin: 1 }],
    ],
  ],
  [
    "face train",
    addFaceTrain,
    [
      ["", { data: "given", out: "nowhere/run", loss: "triplet", mining: "semi-hard", crop: "auto" }],
      ["", { margin: 0.2, normalize: true, valPeople: 0.2, seed: 0, augment: undefined }],
      ["--mining batch-hard --margin 0.5", { mining: "batch-hard", margin: 0.5 }],
      ["--people 8 --pictures 3", { people: 8, pictures: 3 }],
      ["--base none --side 64 --size 32", { base: "none", side: 64, size: 32 }],
      ["--base face-descriptor --layers 2 --stay 0.5", { base: "face-descriptor", layers: 2, stay: 0.5 }],
      ["--loss binary-chi2 --freeze", { loss: "binary-chi2", freeze: true }],
      ["--no-normalize --crop none --no-augment", { normalize: false, crop: "none", augment: null }],
      ["--val others --val-people 0.4", { val: "others", valPeople: 0.4 }],
      ["--seed 5 --lr 0.01 --patience 4 --epochs 7", { seed: 5, learningRate: 0.01, patience: 4, epochs: 7 }],
      ["--time 1m30s --threads 3 --device cpu", { timeMs: 90_000, threads: 3, device: "cpu" }],
    ],
  ],
  [
    "style train",
    addStyleTrain,
    [
      ["--data a b", { style: "given", data: ["a", "b"], out: "nowhere/run", seed: 0 }],
      ["--data a --steps 90 --batch 2 --size 96", { steps: 90, batchSize: 2, size: 96 }],
      ["--data a --time 1m30s --width 8 --style-scale 2", { timeMs: 90_000, width: 8, styleScale: 2 }],
      ["--data a --content-weight 0.5 --style-weight 3", { contentWeight: 0.5, styleWeight: 3 }],
      ["--data a --tv-weight 4 --light-weight 0.7", { tvWeight: 4, lightWeight: 0.7 }],
      ["--data a --backbone net.onnx --pixels imagenet", { backbone: "net.onnx", pixels: "imagenet" }],
      ["--data a --lr 0.01 --seed 5 --threads 3", { learningRate: 0.01, seed: 5, threads: 3 }],
    ],
  ],
];

describe.each(tables)("fovea %s", (_, add, rows) => {
  it.each(rows)("%s", async (line, training, reading = {}) => {
    const given = await told(add, line);
    expect(given.training).toMatchObject(training);
    if (Object.keys(reading).length > 0) expect(given.reading).toMatchObject(reading);
  });
});
