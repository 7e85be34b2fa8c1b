import { FoveaError, median, requireOneOf } from "../core/index.ts";
import type { AugmentOptions, DetectionDataset, DetectionSample } from "../data/index.ts";
import {
  type BackboneUse,
  backboneTrunks,
  checkInputSize,
  inputSizeFor,
  requireTrainable,
  usualBackboneUse,
} from "../models/index.ts";
import { batchSizeOf } from "../train/index.ts";
import { type BoxUnit, boxUnits, type LocalizationLoss, lossNames } from "./loss.ts";
import { modelNames } from "./net.ts";
import { largestBox } from "./target.ts";

/** Everything that decides how a localizer is trained; written beside the results. */
export interface Recipe {
  /** Name of the trunk. */
  model: string;
  classes: string[];
  /** Size that pictures are letterboxed to, in pixels. */
  input: { width: number; height: number };
  /** The objects' median size as fractions of the input. */
  usualSize: { width: number; height: number };
  loss: LocalizationLoss;
  /** What a box's squared errors are measured in. */
  boxUnit: BoxUnit;
  batchSize: number;
  seed: number;
  learningRate: number;
  weightDecay: number;
  warmUpSteps: number;
  averageDecay: number;
  clipNorm: number;
  augment: AugmentOptions;
  /** The trained trunk that it starts from, if any, and how that learns on. */
  backbone?: BackboneUse;
}

/** What a user may choose; the rest follows from the data. */
export interface RecipeOptions {
  /** The trunk: "nano" (default), "small", "plain" or "mobile". */
  model?: string;
  /** Longer side of the input, or both sides, in pixels; multiples of 32. Default 256. */
  size?: number | { width: number; height: number };
  /** How answers are compared with targets; default "iou", which is measured best (docs/RESULTS.md). */
  loss?: LocalizationLoss;
  /** What a box's squared errors are measured in; default "object" for "mixed", else "picture". */
  boxUnit?: BoxUnit;
  /** Pictures in a step, 1 or more; default 16. */
  batchSize?: number;
  /** Names the run: draws first values, batches, variation, and `val` where the data name none; a whole number, default 0. */
  seed?: number;
  /** Highest learning rate of AdamW, above 0; default 0.002. It warms up over 100 steps and falls as a cosine. */
  learningRate?: number;
  /** Changes to the augmentation. */
  augment?: AugmentOptions;
  /**
   * A trained trunk to start from: the name of one that ships with Fovea, "coco", or a file; "none" learns from nothing.
   * Default: the one that ships for the net, if one does.
   */
  backbone?: string;
}

/** Options of which it is known that a net can be made by them. */
export type CheckedOptions = RecipeOptions &
  Required<Pick<RecipeOptions, "model" | "size" | "loss" | "boxUnit">>;

/**
 * The options with what is usual where nothing is chosen, before any data are read.
 * @throws FoveaError `argument-range`, `backbone-required`
 */
export function checkOptions(options: RecipeOptions): CheckedOptions {
  const { model = "nano", size = 256, loss = "iou" } = options;
  const { boxUnit = loss === "mixed" ? "object" : "picture" } = options;
  requireOneOf("Model", model, modelNames);
  requireOneOf("Loss", loss, lossNames);
  requireOneOf("Box unit", boxUnit, boxUnits);
  requireTrainable(model, backboneTrunks[model], options.backbone);
  checkInputSize(typeof size === "number" ? { width: size, height: size } : size);
  return { ...options, model, size, loss, boxUnit };
}

/** The recipe for a data set. @throws FoveaError `argument-range`, `dataset-empty` where no picture has an object */
export function makeRecipe(dataset: DetectionDataset, options: CheckedOptions): Recipe {
  const { model, seed = 0, size, loss, boxUnit } = options;
  const { train } = dataset.splits;
  const input = typeof size === "number" ? inputSizeFor(train, size) : size;
  return {
    model,
    classes: [...dataset.classes],
    input,
    usualSize: usualSize(dataset.root, train, input),
    loss,
    boxUnit,
    batchSize: batchSizeOf(options, 16),
    seed,
    learningRate: options.learningRate ?? 2e-3,
    weightDecay: 0.2,
    warmUpSteps: 100,
    averageDecay: 0.998,
    clipNorm: 10,
    // An object of which a sliver is left is neither there nor not: it is asked for, by what is left.
    augment: { mosaic: 0, translate: 0.15, minVisible: 0.1, ...options.augment },
    ...(options.backbone && {
      backbone: { ...usualBackboneUse(backboneTrunks[model]), source: options.backbone },
    }),
  };
}

/** Medians of the objects' sides, as fractions of the input that the pictures are letterboxed to. */
function usualSize(
  root: string,
  samples: readonly DetectionSample[],
  input: { width: number; height: number },
): { width: number; height: number } {
  const sides = samples.flatMap(({ width, height, boxes }) => {
    const object = largestBox(boxes);
    if (!object) return [];
    const scale = Math.min(input.width / width, input.height / height);
    const [x1, y1, x2, y2] = object.box;
    return [[((x2 - x1) * scale) / input.width, ((y2 - y1) * scale) / input.height]];
  });
  if (sides.length === 0) {
    throw new FoveaError(
      "dataset-empty",
      `No training picture of \`${root}\` has an object to learn: check its labels and its split "train".`,
    );
  }
  const middle = (side: 0 | 1) => median(sides.map((both) => both[side]));
  return { width: middle(0), height: middle(1) };
}
