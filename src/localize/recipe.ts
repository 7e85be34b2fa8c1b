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

/** The trunk where none is named. */
export const USUAL_MODEL = "nano";
/** Longer side of the input in pixels. */
const USUAL_SIZE = 256;
const USUAL_LOSS: LocalizationLoss = "iou";

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

/**
 * Refuses choices that no data set can be learned by.
 * @throws FoveaError `argument-range`, `backbone-required`
 */
export function requireRecipeOptions(options: RecipeOptions): void {
  const { model = USUAL_MODEL, size = USUAL_SIZE, loss = USUAL_LOSS, boxUnit, backbone } = options;
  requireOneOf("Model", model, modelNames);
  requireOneOf("Loss", loss, lossNames);
  if (boxUnit !== undefined) requireOneOf("Box unit", boxUnit, boxUnits);
  requireTrainable(model, backboneTrunks[model], backbone);
  checkInputSize(typeof size === "number" ? { width: size, height: size } : size);
}

/** The recipe for a data set. @throws as {@link requireRecipeOptions}; `dataset-empty` where no picture has an object */
export function makeRecipe(dataset: DetectionDataset, options: RecipeOptions = {}): Recipe {
  requireRecipeOptions(options);
  const { model = USUAL_MODEL, seed = 0, size = USUAL_SIZE, loss = USUAL_LOSS } = options;
  const { train } = dataset.splits;
  const input = typeof size === "number" ? inputSizeFor(train, size) : size;
  return {
    model,
    classes: [...dataset.classes],
    input,
    usualSize: usualSize(dataset.root, train, input),
    loss,
    boxUnit: options.boxUnit ?? (loss === "mixed" ? "object" : "picture"),
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
