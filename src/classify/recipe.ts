import { FoveaError, requireRange } from "../core/index.ts";
import type { ClassificationDataset, ExampleAugment, ExampleKind } from "../data/index.ts";
import { type BackboneUse, backboneTrunks, requireTrainable, usualBackboneUse } from "../models/index.ts";
import { classifierNames, defaultNet } from "./net.ts";
import { type Normalization, normalizationOf } from "./normalization.ts";

/** Everything that decides how a classifier is trained; written beside the results. */
export interface Recipe {
  kind: ExampleKind;
  /** Name of the net, see {@link classifierNames}. */
  model: string;
  classes: string[];
  /** `[channels, …]` of one input: `[3, height, width]`, `[channels, length]` or `[channels, depth, height, width]`. */
  shape: readonly number[];
  /** How an input is brought to where nets are at home, channel by channel. */
  normalize: Normalization;
  batchSize: number;
  seed: number;
  learningRate: number;
  weightDecay: number;
  warmUpSteps: number;
  averageDecay: number;
  clipNorm: number;
  labelSmoothing: number;
  /** What an example of each class counts in the loss; none where all count the same. */
  weights?: number[];
  /** How examples are varied; `null` for not at all. */
  augment: ExampleAugment | null;
  /** The share of the training that comes first and sees smaller pictures, and their shape `[3, height, width]`. */
  progressiveResizing?: { share: number; shape: readonly number[] };
  /** The trained trunk that it starts from, if any, and how that learns on. */
  backbone?: BackboneUse;
}

/** What a user may choose; the rest follows from the data. */
export interface RecipeOptions {
  /** Name of the net; the default depends on the data. */
  model?: string;
  /** Sides of the input for pictures, in pixels; default 64 where the pictures are small, else 128. */
  size?: number | { width: number; height: number };
  /** Examples in a step, 1 or more; default 64 pictures, 16 sequences, 32 volumes, at most half of the examples. */
  batchSize?: number;
  /** Names the run: draws first values, batches, variation, and `val` where the data name none; a whole number, default 0. */
  seed?: number;
  /** Highest learning rate of AdamW, above 0; default 0.002 for pictures, else 0.001. It warms up and falls as a cosine. */
  learningRate?: number;
  /** Decay of weights per unit of learning rate, 0 or more; default 0.1 for pictures, 0.01 sequences, 0.05 volumes. */
  weightDecay?: number;
  /** Share of the target that goes to all classes alike, in [0, 1); default 0.1 for pictures, 0 sequences, 0.05 volumes. */
  labelSmoothing?: number;
  /** Counts rare classes as much as frequent ones: each class weighs the same in the loss. */
  balance?: boolean;
  /** Changes to the augmentation; `null` for none. */
  augment?: ExampleAugment | null;
  /**
   * Share of the epochs, in [0, 1), that come first and see pictures of three quarters of the size, at 9/16 of the cost: more
   * epochs in the same time for what takes hours. Default 0. A training by time cannot have it.
   */
  progressiveResizing?: number;
  /**
   * A trained trunk to start from, pictures only: the name of one that ships with Fovea, "coco", or a file; "none" learns
   * from nothing. Default: the one that ships for the net, if one does.
   */
  backbone?: string;
}

/** Files of NIfTI, whose z axis, the depth here, runs from the feet to the head or back. */
const NIFTI = /\.nii(\.gz)?$/i;

/** Pictures, sequences and volumes want different nets, batches and variations. */
const defaults = {
  pictures: { batchSize: 64, learningRate: 2e-3, weightDecay: 0.1, labelSmoothing: 0.1 },
  sequences: { batchSize: 16, learningRate: 1e-3, weightDecay: 0.01, labelSmoothing: 0 },
  volumes: { batchSize: 32, learningRate: 1e-3, weightDecay: 0.05, labelSmoothing: 0.05 },
} as const;

const defaultAugment: Record<ExampleKind, ExampleAugment> = {
  pictures: {
    pictures: {
      scale: [0.9, 1.5],
      aspect: 1.2,
      translate: 0.12,
      rotate: 8,
      hue: 8,
      saturation: [0.6, 1.4],
      brightness: [0.7, 1.3],
      contrast: [0.7, 1.3],
      erase: 0.2,
    },
  },
  sequences: { series: {} },
  volumes: { volume: {} },
};

/** The recipe for a data set. `pictureSide` is the usual longer side of its pictures in pixels. */
export function makeRecipe(
  dataset: ClassificationDataset,
  pictureSide: number,
  options: RecipeOptions = {},
): Recipe {
  const { kind, classes } = dataset;
  const { model = defaultNet(kind), seed = 0 } = options;
  if (!classifierNames(kind).includes(model)) {
    throw new FoveaError(
      "argument-range",
      `Model "${model}" is not known for ${kind}; choose one of ${classifierNames(kind).join(", ")}.`,
    );
  }
  if (classes.length < 2) {
    throw new FoveaError(
      "dataset-classes",
      `\`${dataset.root}\` has examples of one class only, "${classes[0]}": a classifier needs two or more.`,
    );
  }
  if (dataset.splits.train.length === 0) {
    throw new FoveaError(
      "split-empty",
      `\`${dataset.root}\` has no examples to train with: put some into its folder or file "train".`,
    );
  }
  requireNumbers(options);
  if (options.backbone && (kind !== "pictures" || !backboneTrunks[model])) {
    throw new FoveaError(
      "argument-range",
      `A backbone is a start for pictures and the nets ${Object.keys(backboneTrunks).join(", ")}, not for "${model}" on ${kind}.`,
    );
  }
  if (kind === "pictures") requireTrainable(model, backboneTrunks[model], options.backbone);
  const usual = defaults[kind];
  const batchSize =
    options.batchSize ?? Math.max(1, Math.min(usual.batchSize, dataset.splits.train.length >> 1));
  const shape = inputShape(dataset, pictureSide, options);
  const normalize = normalizationOf(dataset);
  return {
    kind,
    model,
    classes: [...classes],
    shape,
    normalize,
    batchSize,
    seed,
    learningRate: options.learningRate ?? usual.learningRate,
    weightDecay: options.weightDecay ?? usual.weightDecay,
    // Two epochs of a small set: with a hundred steps it would warm up for half of its training.
    warmUpSteps: Math.min(100, 2 * Math.ceil(dataset.splits.train.length / batchSize)),
    averageDecay: 0.998,
    clipNorm: 10,
    labelSmoothing: options.labelSmoothing ?? usual.labelSmoothing,
    ...(options.balance && { weights: classWeights(dataset) }),
    augment: options.augment === null ? null : augmentFor(dataset, normalize, options.augment),
    ...(options.progressiveResizing && {
      progressiveResizing: progressiveResizing(kind, shape, options.progressiveResizing),
    }),
    ...(options.backbone && {
      backbone: { ...usualBackboneUse(backboneTrunks[model]), source: options.backbone },
    }),
  };
}

/** Throws `argument-range` for numbers that cannot be trained with. */
function requireNumbers(options: RecipeOptions): void {
  const rules: [name: keyof RecipeOptions, isFine: (value: number) => boolean, range: string][] = [
    ["batchSize", (value) => Number.isInteger(value) && value >= 1, "a whole number of at least 1"],
    ["seed", Number.isSafeInteger, "a whole number"],
    ["learningRate", (value) => value > 0 && value < Number.POSITIVE_INFINITY, "a number above 0"],
    ["weightDecay", (value) => value >= 0 && value < Number.POSITIVE_INFINITY, "a number of at least 0"],
    ["labelSmoothing", (value) => value >= 0 && value < 1, "at least 0 and less than 1"],
  ];
  for (const [name, isFine, range] of rules) {
    const value = options[name];
    if (value === undefined) continue;
    requireRange("Training", name, value, typeof value === "number" && isFine(value), range);
  }
}

/** The usual variation with the given changes, value by value. */
function augmentFor(
  dataset: ClassificationDataset,
  { mean }: Normalization,
  changes: ExampleAugment = {},
): ExampleAugment {
  const usual = defaultAugment[dataset.kind];
  if (dataset.kind === "volumes" && changes.volume !== null) {
    const hasBackground = mean.some((background) => background !== 0);
    const volume = {
      ...(hasBackground && { fill: mean }), // what comes in from beyond the borders is as empty as the rest
      ...(dataset.splits.train.every(({ id }) => NIFTI.test(id)) && { vertical: "depth" as const }),
      ...changes.volume,
    };
    return { ...usual, ...changes, volume };
  }
  if (!usual.pictures || changes.pictures === null) return { ...usual, ...changes };
  return { ...usual, ...changes, pictures: { ...usual.pictures, ...changes.pictures } };
}

function inputShape(
  dataset: ClassificationDataset,
  pictureSide: number,
  { size = pictureSide <= 96 ? 64 : 128 }: RecipeOptions,
): readonly number[] {
  if (dataset.kind !== "pictures") return dataset.shape;
  const { width, height } = typeof size === "number" ? { width: size, height: size } : size;
  if (![width, height].every((side) => Number.isInteger(side) && side >= 32 && side % 32 === 0)) {
    throw new FoveaError(
      "argument-range",
      `Input size ${width}×${height} must be positive multiples of 32, for example 64 or 128.`,
    );
  }
  return [3, height, width];
}

function progressiveResizing(
  kind: ExampleKind,
  [channels, ...sides]: readonly number[],
  share: number,
): Recipe["progressiveResizing"] {
  if (kind !== "pictures" || !(share > 0 && share < 1)) {
    throw new FoveaError(
      "argument-range",
      `Progressive resizing (=${share}) must be a share between 0 and 1 of a training on pictures, not on ${kind}.`,
    );
  }
  return { share, shape: [channels, ...sides.map((side) => (side * 3) / 4)] };
}

/** Inverse frequencies, scaled so that an average example counts 1. */
function classWeights({ classes, splits }: ClassificationDataset): number[] {
  const counts = new Array<number>(classes.length).fill(0);
  for (const { classIndex } of splits.train) counts[classIndex]++;
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count > 0 ? splits.train.length / (present * count) : 0));
}
