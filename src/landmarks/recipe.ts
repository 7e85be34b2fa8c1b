import { resolve } from "node:path";
import { FoveaError, requireOneOf } from "../core/index.ts";
import type { PictureAugmentOptions, PointDataset, PointSample } from "../data/index.ts";
import {
  type BackboneUse,
  backboneTrunks,
  checkInputSize,
  isAddress,
  readyModels,
  requireTrainable,
  usualBackboneUse,
} from "../models/index.ts";
import { batchSizeOf } from "../train/index.ts";
import { fingerprintBoxes } from "./boxes-fingerprint.ts";
import { type LandmarkLoss, lossNames } from "./loss.ts";
import { type HeadKind, headNames, modelNames } from "./net.ts";
import type { PointScheme } from "./point-schemes.ts";
import { boxOfSample, type GivenBoxes, isThere, regionAround, USUAL_MARGIN } from "./regions.ts";

/** Everything that decides how a net of points is trained; written beside the results. */
export interface Recipe {
  /** Name of the trunk. */
  model: string;
  head: HeadKind;
  /** Number of points. */
  points: number;
  scheme: PointScheme;
  /** Side of the input in pixels. */
  side: number;
  /** What the region looked at has on each side of the box, in parts of the box's longer side. */
  margin: number;
  /** Whether the boxes of the training pictures are those of the points. */
  ownBoxes: boolean;
  /** Fingerprint of the boxes that were given, if any were: a resumed run must be given the same. */
  boxesFingerprint?: string;
  /** The detector whose boxes the training pictures have, if it is one's: a ready one's name, an address or a whole path. */
  detector?: string;
  /** The detector's classes whose boxes these are; missing where all count. */
  detectClasses?: string[];
  /** The points' mean places in parts of the input. */
  usualPoints: [x: number, y: number][];
  loss: LandmarkLoss;
  pointWeight: number;
  heatDeviation: number;
  batchSize: number;
  seed: number;
  learningRate: number;
  weightDecay: number;
  warmUpSteps: number;
  averageDecay: number;
  clipNorm: number;
  augment: PictureAugmentOptions | null;
  /**
   * Share of the training pictures that show more than the region, up to the whole picture: without boxes the first look is
   * at that.
   */
  widerShare: number;
  /** The trained trunk that it starts from, if any, and how that learns on. */
  backbone?: BackboneUse;
}

/** What a user may choose; the rest follows from the data. */
export interface RecipeOptions {
  /** The trunk: "nano" (default), "small", "plain" or "mobile". */
  model?: string;
  /** How points are answered; default "heatmap". */
  head?: HeadKind;
  /** How places are compared; default "wing". */
  loss?: LandmarkLoss;
  /** Side of the input in pixels, a multiple of 32. Default 128. */
  size?: number;
  /** What is seen on each side of the box, in parts of its longer side. Default 0.2. */
  margin?: number;
  /**
   * Boxes to learn to look at, by the samples' ids, for example a detector's, instead of labelled ones; where there is none,
   * the sample's own counts. A resumed run must be given the same.
   */
  boxes?: GivenBoxes;
  /** Name of the detector whose boxes these are; kept in the file, as what to find things with. */
  detector?: string;
  /** The detector's classes whose boxes these are, kept as well; default all. */
  detectClasses?: readonly string[];
  /** Pictures in a step, 1 or more; default 16, or all where there are fewer. */
  batchSize?: number;
  /** Names the run: draws first values, batches, variation, and `val` where the data name none; a whole number, default 0. */
  seed?: number;
  /** Highest learning rate of AdamW, above 0; default 0.002. It warms up over 100 steps and falls as a cosine. */
  learningRate?: number;
  /** Changes to the augmentation; `null` for none. */
  augment?: PictureAugmentOptions | null;
  /**
   * A trained trunk to start from: the name of one that ships with Fovea, "coco", or a file; "none" learns from nothing.
   * Default: the one that ships for the net, if one does.
   */
  backbone?: string;
}

/** Brings both losses to about 1 at the beginning, where points are at their usual places. */
const pointWeights: Readonly<Record<LandmarkLoss, number>> = { wing: 0.1, squared: 100 };

/** Where boxes are the points' own, so many pictures show more. */
const WIDER_SHARE = 0.25;

const usualAugment: PictureAugmentOptions = {
  scale: [0.8, 1.25],
  aspect: 1.1,
  translate: 0.08,
  rotate: 25,
  hue: 8,
  saturation: [0.6, 1.4],
  brightness: [0.65, 1.35],
  contrast: [0.7, 1.3],
  grey: 0.05,
  blur: 0.1,
  noise: 0.1,
  erase: 0.2,
};

/** Options of which it is known that a net can be made by them. */
export type CheckedOptions = RecipeOptions &
  Required<Pick<RecipeOptions, "model" | "head" | "loss" | "size" | "margin">>;

/**
 * The options with what is usual where nothing is chosen, before any data are read.
 * @throws FoveaError `argument-range`, `backbone-required`
 */
export function checkOptions(options: RecipeOptions): CheckedOptions {
  const { model = "nano", head = "heatmap", loss = "wing", size = 128, margin = USUAL_MARGIN } = options;
  requireOneOf("Model", model, modelNames);
  requireOneOf("Head", head, headNames);
  requireOneOf("Loss", loss, lossNames);
  requireTrainable(model, backboneTrunks[model], options.backbone);
  checkInputSize({ width: size, height: size });
  if (!(margin >= 0 && margin <= 5)) {
    throw new FoveaError("argument-range", `Margin ${margin} must be within 0 … 5 of the box's longer side.`);
  }
  return { ...options, model, head, loss, size, margin };
}

/** The recipe for a data set. @throws FoveaError `argument-range`, `split-empty` */
export function makeRecipe(dataset: PointDataset, scheme: PointScheme, options: CheckedOptions): Recipe {
  const { model, head, loss, size: side, margin, seed = 0 } = options;
  const { train } = dataset.splits;
  const labelled = train.filter(isThere);
  if (labelled.length === 0) {
    throw new FoveaError(
      "split-empty",
      `No training picture of \`${dataset.root}\` has points to learn: check its labels and its split "train".`,
    );
  }
  const { boxes, detector, detectClasses } = options;
  const boxesFingerprint = fingerprintBoxes(dataset, boxes);
  const ownBoxes = labelled.every(({ id, box }) => (boxes?.get(id) ?? box) === undefined);
  return {
    model,
    head,
    points: dataset.names.length,
    scheme,
    side,
    margin,
    ownBoxes,
    ...(boxesFingerprint && { boxesFingerprint }),
    ...(detector && { detector: wholeName(detector) }),
    ...(detector && detectClasses && { detectClasses: [...detectClasses] }),
    usualPoints: usualPoints(labelled, margin, boxes),
    loss,
    pointWeight: pointWeights[loss],
    heatDeviation: 1,
    batchSize: batchSizeOf(options, Math.max(1, Math.min(16, train.length))),
    seed,
    learningRate: options.learningRate ?? 2e-3,
    weightDecay: 0.1,
    warmUpSteps: 100,
    averageDecay: 0.998,
    clipNorm: 10,
    widerShare: ownBoxes ? WIDER_SHARE : 0,
    augment: options.augment === null ? null : augmentFor(scheme, options.augment),
    ...(options.backbone && {
      backbone: { ...usualBackboneUse(backboneTrunks[model]), source: options.backbone },
    }),
  };
}

/** Without knowing which points change places nothing is mirrored. */
function augmentFor({ pairs }: PointScheme, changes: PictureAugmentOptions = {}): PictureAugmentOptions {
  return { ...usualAugment, flipHorizontal: pairs ? 0.5 : 0, ...changes };
}

/** A model's name as it is found from any folder. */
function wholeName(model: string): string {
  return readyModels.has(model) || isAddress(model) ? model : resolve(model);
}

/** Mean places of the points in their regions; the middle for one that no picture has. */
function usualPoints(
  samples: readonly PointSample[],
  margin: number,
  boxes: GivenBoxes | undefined,
): [number, number][] {
  return samples[0].points.map((_, i) => {
    let [count, sumX, sumY] = [0, 0, 0];
    for (const sample of samples) {
      const point = sample.points[i];
      if (!point) continue;
      const [left, top, right] = regionAround(boxOfSample(sample, margin, boxes), margin);
      count++;
      sumX += (point[0] - left) / (right - left);
      sumY += (point[1] - top) / (right - left);
    }
    return count > 0 ? [sumX / count, sumY / count] : [0.5, 0.5];
  });
}
