import { FoveaError, Random } from "../core/index.ts";
import type { AugmentOptions, DetectionDataset, DetectionSample } from "../data/index.ts";
import { type AnchorClusters, kMeansAnchors } from "../geometry/index.ts";
import { inputSizeFor } from "./input-size.ts";
import { checkInputSize, type HeadStyle, netSizes, type YoloConfig } from "./yolo/index.ts";

/** Everything that decides how a detector is trained; written beside the results. */
export interface Recipe {
  model: string;
  config: YoloConfig;
  batchSize: number;
  seed: number;
  learningRate: number;
  weightDecay: number;
  warmUpSteps: number;
  averageDecay: number;
  clipNorm: number;
  augment: AugmentOptions;
  /** Share of the training, at its end, without mosaics. */
  plainShare: number;
}

/** What a user may choose; the rest follows from the data. */
export interface RecipeOptions {
  /** "nano" (default), "small", or "textbook": nano's trunk under the textbook's head. */
  model?: string;
  /** Longer side of the input, or both sides, in pixels; multiples of 32. Default 320. */
  size?: number | { width: number; height: number };
  batchSize?: number;
  seed?: number;
  learningRate?: number;
  /** Changes to the augmentation. */
  augment?: AugmentOptions;
}

const modern: HeadStyle = { positives: "neighbourhood", confidence: "iou", boxLoss: "diou" };
const textbook: HeadStyle = { positives: "centre", confidence: "presence", boxLoss: "squared" };

/** Names that `model` may have. */
export const modelNames: readonly string[] = [...Object.keys(netSizes), "textbook"];

/** The recipe for a data set. */
export function makeRecipe(dataset: DetectionDataset, options: RecipeOptions = {}): Recipe {
  const { model = "nano", seed = 0, size = 320 } = options;
  if (!modelNames.includes(model)) {
    throw new FoveaError(
      "argument-range",
      `Model "${model}" is not known; choose one of ${modelNames.join(", ")}.`,
    );
  }
  const input = typeof size === "number" ? inputSizeFor(dataset.splits.train, size) : size;
  checkInputSize(input);
  const { strides, anchorsPerGrid, head } =
    model === "textbook"
      ? { strides: [32], anchorsPerGrid: 5, head: textbook }
      : { strides: [8], anchorsPerGrid: 1, head: modern };
  const count = strides.length * anchorsPerGrid;
  const { anchors } = anchorsFor(dataset.splits.train, input, count, seed);
  const config: YoloConfig = {
    classes: dataset.classes,
    input,
    size: netSizes[model] ?? netSizes.nano,
    grids: strides.map((stride, i) => ({
      stride,
      anchors: anchors.slice(i * anchorsPerGrid, (i + 1) * anchorsPerGrid),
    })),
    head,
  };
  return {
    model,
    config,
    batchSize: options.batchSize ?? 8,
    seed,
    learningRate: options.learningRate ?? 2e-3,
    weightDecay: 0.05,
    warmUpSteps: 100,
    averageDecay: 0.998,
    clipNorm: 10,
    augment: options.augment ?? {},
    plainShare: 0.15,
  };
}

/** Anchors of a data set, with the shapes that they stand for. */
export interface DatasetAnchors extends AnchorClusters {
  /** Box shapes in input pixels. */
  shapes: [width: number, height: number][];
}

/** Anchor shapes of a data set in input pixels, by k-means with distance 1 − IoU. */
export function anchorsFor(
  samples: readonly DetectionSample[],
  input: { width: number; height: number },
  k: number,
  seed: number,
): DatasetAnchors {
  const shapes = samples.flatMap(({ width, height, boxes }) => {
    const scale = Math.min(input.width / width, input.height / height);
    return boxes
      .filter(({ crowd }) => !crowd)
      .map(({ box }): [number, number] => [(box[2] - box[0]) * scale, (box[3] - box[1]) * scale]);
  });
  return { ...kMeansAnchors(shapes, k, { random: new Random(seed, 0xa9c) }), shapes };
}
