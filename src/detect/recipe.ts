import { FoveaError } from "../core/index.ts";
import type { AugmentOptions, DetectionDataset } from "../data/index.ts";
import type { BoxShape } from "../geometry/index.ts";
import {
  type BackboneUse,
  checkInputSize,
  inputSizeFor,
  requireTrainable,
  TRUNK_STRIDE,
  usualBackboneUse,
} from "../models/index.ts";
import { batchSizeOf } from "../train/index.ts";
import type { DetectorConfig } from "./architecture.ts";
import { anchorsUpTo, boxShapes } from "./dataset-anchors.ts";
import type { FasterRcnnConfig, FastRcnnConfig, RcnnConfig, RpnGrid } from "./rcnn/index.ts";
import {
  type HeadStyle,
  type NetSize,
  netSizes,
  suitsGrid,
  type YoloConfig,
  type YoloGrid,
} from "./yolo/index.ts";

/** Everything that decides how a detector is trained; written beside the results. */
export interface Recipe<Config extends DetectorConfig = DetectorConfig> {
  model: string;
  config: Config;
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
  /** YOLO: "nano" (default), "small", "mobile", or "textbook", nano's trunk under the textbook's head; "faster-rcnn", "fast-rcnn", "rcnn". */
  model?: string;
  /** Longer side of the input, or both sides, in pixels; multiples of 32. Default 320. */
  size?: number | { width: number; height: number };
  /**
   * Pixels per cell of each grid, of 8, 16 and 32; default all three. The textbook's is 32. Of Faster and Fast R-CNN: of
   * each map that regions are pooled from, of 4, 8, 16 and 32; default 8, several make a feature pyramid (FPN).
   */
  strides?: readonly (4 | 8 | 16 | 32)[];
  /** Pictures in a step, 1 or more; default 8. */
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
  /** Name of the trunk that a net of regions stands on. Default: nano's. */
  trunk?: string;
}

const modern: HeadStyle = { positives: "neighbourhood", score: "quality", boxLoss: "diou" };
const textbook: HeadStyle = { positives: "centre", score: "confidence", boxLoss: "squared" };

const FASTER_RCNN = "faster-rcnn";
const FAST_RCNN = "fast-rcnn";
const RCNN = "rcnn";

/** Names of the nets that classify regions; they stand on any trunk. */
export const regionNets: readonly string[] = [FASTER_RCNN, FAST_RCNN, RCNN];

/** Names that `model` may have. */
export const modelNames: readonly string[] = [...Object.keys(netSizes), "textbook", ...regionNets];

/** The recipe for a data set. */
export function makeRecipe(dataset: DetectionDataset, options: RecipeOptions = {}): Recipe {
  const { model = "nano", seed = 0, size = 320 } = options;
  if (!modelNames.includes(model)) {
    throw new FoveaError(
      "argument-range",
      `Model "${model}" is not known; choose one of ${modelNames.join(", ")}.`,
    );
  }
  const net = netSizes[model] ?? netSizes[options.trunk ?? "nano"];
  requireTrainable(model, net.trunk, options.backbone);
  const input = typeof size === "number" ? inputSizeFor(dataset.splits.train, size) : size;
  checkInputSize(input);
  if (dataset.splits.train.every(({ boxes }) => boxes.every(({ crowd }) => crowd))) {
    throw new FoveaError(
      "dataset-empty",
      `\`${dataset.root}\` has no labelled object to train on; check its labels and splits with: fovea data check ${dataset.root}`,
    );
  }
  const config = regionNets.includes(model)
    ? regionConfig(dataset, input, net, options)
    : yoloConfig(dataset, input, net, options);
  return {
    model,
    config,
    batchSize: batchSizeOf(options, 8),
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

/**
 * Pixels for each cell of the maps that a net answers on, the finest first.
 * @throws `argument-range` for those that it cannot have
 */
export function stridesFor(options: Pick<RecipeOptions, "model" | "strides">): readonly number[] {
  return regionNets.includes(options.model ?? "nano") ? regionStrides(options) : yoloStrides(options);
}

function yoloStrides({ strides = [8, 16, 32] }: Pick<RecipeOptions, "strides">): readonly number[] {
  if (strides.length > 0 && !strides.includes(4)) return [...new Set(strides)].sort((a, b) => a - b);
  throw new FoveaError(
    "argument-range",
    `YOLO's grids are of 8, 16 or 32 pixels a cell, not \`strides\` (=[${strides}]); leave the pyramid (\`strides\`, --fpn) out, or choose faster-rcnn or fast-rcnn.`,
  );
}

/** A YOLO for a data set: grids with the shapes that they answer for. */
function yoloConfig(
  dataset: DetectionDataset,
  input: { width: number; height: number },
  net: NetSize,
  options: RecipeOptions,
): YoloConfig {
  const { model, seed = 0 } = options;
  const rising = yoloStrides(options);
  const shapes = boxShapes(dataset.splits.train, input);
  return {
    classes: dataset.classes,
    input,
    size: net,
    grids:
      model === "textbook"
        ? [{ stride: TRUNK_STRIDE, anchors: anchorsUpTo(dataset.splits.train, input, 5, seed).anchors }]
        : rising.map((stride, i) => gridFor(shapes, stride, i === 0, rising[i + 1])),
    head: model === "textbook" ? textbook : modern,
  };
}

/** Pixels for each cell of the one map of nets that classify regions: for small objects, and not too slow. */
const REGION_STRIDES = [8] as const;

/** Anchors of each cell of the region proposal net, as many as the reference implementation has. */
const RPN_ANCHORS = 9;

/** Regions of a picture that R-CNN and Fast R-CNN look at. */
const GIVEN_REGIONS = 1_000;

/** R-CNN's crops; its paper shows 16 pixels of context around 195. */
const CROP = { side: 64, context: 16 / 195 };

/** A net of regions for a data set; the anchors of Faster R-CNN have the shapes of its boxes. */
function regionConfig(
  { classes, splits }: DetectionDataset,
  input: { width: number; height: number },
  size: NetSize,
  options: RecipeOptions,
): FasterRcnnConfig | FastRcnnConfig | RcnnConfig {
  const { model, augment, seed = 0 } = options;
  const strides = regionStrides(options);
  const net = { classes, input, size, strides, heads: { pooled: 7, hidden: 256 } };
  if (model !== FASTER_RCNN) {
    const given = { ...net, grids: [], proposals: { mode: "fast", most: GIVEN_REGIONS } as const };
    return model === RCNN ? { ...given, crop: CROP } : given;
  }
  const { anchors } = anchorsUpTo(splits.train, input, RPN_ANCHORS, seed);
  const mostOfOne = splits.train.reduce((most, { boxes }) => Math.max(most, boxes.length), 0);
  const pictures = (augment?.mosaic ? 4 : 1) + (augment?.mixup ? 1 : 0); // that are laid into one
  const mostObjects = Math.min(MOST_OBJECTS, mostOfOne * pictures);
  return { ...net, grids: overLevels(anchors, strides), mostObjects };
}

/** Objects of a picture that a training step has room for, however many there are: beyond, it would become slow. */
const MOST_OBJECTS = 400;

/** Cells along the side of an anchor that suits a map: 32 pixels at stride 4 (Lin et al. 2017, §4.1). */
const ANCHOR_CELLS = 8;

/** Anchors on the maps whose cells suit their sizes; maps without any are left out. */
function overLevels(anchors: readonly BoxShape[], strides: readonly number[]): RpnGrid[] {
  const levelOf = ([width, height]: BoxShape) => {
    const level = Math.round(Math.log2(Math.sqrt(width * height) / (ANCHOR_CELLS * strides[0])));
    return Math.max(0, Math.min(strides.length - 1, level));
  };
  const grids = strides.map((stride, i) => ({
    stride,
    anchors: anchors.filter((one) => levelOf(one) === i),
  }));
  return grids.filter(({ anchors }) => anchors.length > 0);
}

/** The maps that regions are taken from: of a pyramid each is half as fine as the one before; R-CNN has no choice. */
function regionStrides({
  model,
  strides: asked,
}: Pick<RecipeOptions, "model" | "strides">): readonly number[] {
  if (model === RCNN && asked) {
    throw new FoveaError(
      "argument-range",
      "R-CNN looks at each region by itself and has no maps to take it from; leave the pyramid (`strides`, --fpn) out, or choose faster-rcnn or fast-rcnn.",
    );
  }
  const strides: readonly number[] = asked ?? REGION_STRIDES;
  const isPyramid = strides.every(
    (stride, i) => [4, 8, 16, 32].includes(stride) && (i === 0 || stride === 2 * strides[i - 1]),
  );
  if (strides.length > 0 && isPyramid) return strides;
  throw new FoveaError(
    "argument-range",
    `Model "${model}": \`strides\` (=${strides.join(", ")}) must be of 4, 8, 16 and 32, each twice the one before.`,
  );
}

/**
 * A grid answers for objects of so many cells (the square root of their area), as in FCOS (Tian et al. 2019).
 * Ranges that overlap by a factor of two, so that two grids answer for an object, did worse (docs/RESULTS.md).
 */
const [FEWEST_CELLS, MOST_CELLS] = [4, 8];

/**
 * A grid with the median shape of the boxes that it answers for; the finest takes all smaller ones, each those up to where
 * the next coarser one begins, the coarsest all larger.
 */
function gridFor(shapes: readonly BoxShape[], stride: number, finest: boolean, coarser?: number): YoloGrid {
  const smallest = finest ? undefined : FEWEST_CELLS * stride;
  const largest = coarser && FEWEST_CELLS * coarser;
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
