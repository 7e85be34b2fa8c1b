import { FoveaError, Random } from "../core/index.ts";
import type { AugmentOptions, DetectionDataset, DetectionSample } from "../data/index.ts";
import { type AnchorClusters, kMeansAnchors } from "../geometry/index.ts";
import { type BackboneUse, requireTrainable, usualBackboneUse } from "../models/index.ts";
import { inputSizeFor } from "./input-size.ts";
import {
  checkInputSize,
  type HeadStyle,
  netSizes,
  suitsGrid,
  TRUNK_STRIDE,
  type YoloConfig,
  type YoloGrid,
} from "./yolo/index.ts";

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
  /** The trained trunk that it starts from, if any, and how that learns on. */
  backbone?: BackboneUse;
}

/** What a user may choose; the rest follows from the data. */
export interface RecipeOptions {
  /** "nano" (default), "small", or "textbook": nano's trunk under the textbook's head. */
  model?: string;
  /** Longer side of the input, or both sides, in pixels; multiples of 32. Default 320. */
  size?: number | { width: number; height: number };
  /** Pixels per cell of each grid, of 8, 16 and 32; default all three. The textbook's is 32. */
  strides?: readonly (8 | 16 | 32)[];
  batchSize?: number;
  seed?: number;
  learningRate?: number;
  /** Changes to the augmentation. */
  augment?: AugmentOptions;
  /**
   * A trained trunk to start from: the name of one that ships with Fovea, "coco", or a file; "none" learns from nothing.
   * Default: the one that ships for the net, if one does.
   */
  backbone?: string;
}

const modern: HeadStyle = { positives: "neighbourhood", score: "quality", boxLoss: "diou" };
const textbook: HeadStyle = { positives: "centre", score: "confidence", boxLoss: "squared" };

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
  const net = netSizes[model] ?? netSizes.nano;
  requireTrainable(model, net.trunk, options.backbone);
  const input = typeof size === "number" ? inputSizeFor(dataset.splits.train, size) : size;
  checkInputSize(input);
  const shapes = boxShapes(dataset.splits.train, input);
  const config: YoloConfig = {
    classes: dataset.classes,
    input,
    size: net,
    grids:
      model === "textbook"
        ? [{ stride: TRUNK_STRIDE, anchors: anchorsUpTo(dataset.splits.train, input, 5, seed).anchors }]
        : (options.strides ?? [8, 16, 32]).map((stride, i, all) =>
            gridFor(shapes, stride, i === 0, i === all.length - 1),
          ),
    head: model === "textbook" ? textbook : modern,
  };
  return {
    model,
    config,
    batchSize: options.batchSize ?? 8,
    seed,
    learningRate: options.learningRate ?? 2e-3,
    weightDecay: 0.4,
    warmUpSteps: 100,
    averageDecay: 0.998,
    clipNorm: 10,
    // Four pictures in one slowed learning on both small sets that it was tried on (docs/RESULTS.md).
    augment: { mosaic: 0, ...options.augment },
    plainShare: 0.15,
    ...(options.backbone && { backbone: { ...usualBackboneUse(net.trunk), source: options.backbone } }),
  };
}

type BoxShape = [width: number, height: number];

/** Sizes of the labelled boxes in input pixels. */
function boxShapes(
  samples: readonly DetectionSample[],
  input: { width: number; height: number },
): BoxShape[] {
  return samples.flatMap(({ width, height, boxes }) => {
    const scale = Math.min(input.width / width, input.height / height);
    return boxes
      .filter(({ crowd }) => !crowd)
      .map(({ box }): BoxShape => [(box[2] - box[0]) * scale, (box[3] - box[1]) * scale]);
  });
}

/**
 * A grid answers for objects of so many cells (the square root of their area), as in FCOS (Tian et al. 2019).
 * Ranges that overlap by a factor of two, so that two grids answer for an object, did worse (docs/RESULTS.md).
 */
const [FEWEST_CELLS, MOST_CELLS] = [4, 8];

/** A grid with the median shape of the boxes that it answers for; the finest takes all smaller ones, the coarsest all larger. */
function gridFor(shapes: readonly BoxShape[], stride: number, finest: boolean, coarsest: boolean): YoloGrid {
  const smallest = finest ? undefined : FEWEST_CELLS * stride;
  const largest = coarsest ? undefined : MOST_CELLS * stride;
  const fitting = shapes.filter(([w, h]) => suitsGrid({ smallest, largest }, w, h));
  const usual = Math.sqrt(FEWEST_CELLS * MOST_CELLS) * stride;
  const median = (side: 0 | 1) =>
    fitting.map((shape) => shape[side]).sort((a, b) => a - b)[fitting.length >> 1] ?? usual;
  return {
    stride,
    anchors: [[median(0), median(1)]],
    ...(smallest && { smallest }),
    ...(largest && { largest }),
  };
}

/** Anchors of a data set, with the shapes that they stand for. */
export interface DatasetAnchors extends AnchorClusters {
  /** Box shapes in input pixels. */
  shapes: BoxShape[];
}

/** Anchor shapes of a data set in input pixels, by k-means with distance 1 − IoU. */
export function anchorsFor(
  samples: readonly DetectionSample[],
  input: { width: number; height: number },
  k: number,
  seed: number,
): DatasetAnchors {
  const shapes = boxShapes(samples, input);
  return { ...kMeansAnchors(shapes, k, { random: new Random(seed, 0xa9c) }), shapes };
}

/** As {@link anchorsFor}, with fewer anchors where there are fewer distinct shapes than k. */
export function anchorsUpTo(
  samples: readonly DetectionSample[],
  input: { width: number; height: number },
  k: number,
  seed: number,
): DatasetAnchors {
  const distinct = new Set(boxShapes(samples, input).map(([w, h]) => `${w} ${h}`)).size;
  return anchorsFor(samples, input, Math.min(k, distinct), seed);
}
