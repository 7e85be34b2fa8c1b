import { FoveaError } from "../../core/index.ts";
import { type FactorRange, fillIn, requireWithin } from "../augment/index.ts";

/** How pictures are varied in training. What is left out has the value of {@link defaultAugment}. */
export interface AugmentOptions {
  /** Probability of mirroring left to right. */
  flipHorizontal?: number;
  /** Probability of mirroring top to bottom. */
  flipVertical?: number;
  /** Probability of turning a single picture by 90° to one side or the other. */
  quarterTurn?: number;
  /** Size of a single picture relative to its letterboxed size, drawn log-uniformly. */
  scale?: FactorRange;
  /** Width : height is multiplied by a factor in [1 / aspect, aspect]; ≥ 1. */
  aspect?: number;
  /** Largest shift of a single picture's centre, as a fraction of the input's sides; 0 … 1. */
  translate?: number;
  /** Largest rotation either way, in degrees; 0 … 45. */
  rotate?: number;
  /** Largest horizontal shear either way, in degrees; 0 … 45. */
  shear?: number;
  /** Probability of four pictures around a random centre instead of one (Bochkovskiy et al. 2020, YOLOv4). */
  mosaic?: number;
  /** Size of a mosaic's pictures relative to their letterboxed size, drawn log-uniformly for each. */
  mosaicScale?: FactorRange;
  /** Probability of blending with another picture, boxes of both kept (Zhang et al. 2018, mixup). */
  mixup?: number;
  /** Largest turn of the hue either way, in degrees; 0 … 180. */
  hue?: number;
  /** Factor on the colours' distance from grey. */
  saturation?: FactorRange;
  /** Factor on the intensities. */
  brightness?: FactorRange;
  /** Factor on the intensities' distance from mid-grey. */
  contrast?: FactorRange;
  /** Probability of a grey picture. */
  grey?: number;
  /** Probability of blurring with a 3 × 3 binomial kernel. */
  blur?: number;
  /** Probability of additive normal noise of up to 8 levels' deviation. */
  noise?: number;
  /** Probability of covering a random rectangle of 2 – 20 % of the input (Zhong et al. 2020, random erasing). */
  erase?: number;
  /** A box that keeps less than this fraction of its area is dropped; 0 … 1. */
  minVisible?: number;
  /** A box with a side below this many pixels of the input is dropped. */
  minSide?: number;
}

/** How pictures without boxes, each on its own, are varied in training; see {@link AugmentOptions}. */
export type PictureAugmentOptions = Omit<
  AugmentOptions,
  "mosaic" | "mosaicScale" | "mixup" | "minVisible" | "minSide"
>;

/** Every value of {@link AugmentOptions}, set. */
export type Augment = Readonly<Required<AugmentOptions>>;

/** What an {@link AugmentOptions} leaves out. */
export const defaultAugment: Augment = {
  flipHorizontal: 0.5,
  flipVertical: 0,
  quarterTurn: 0,
  scale: [0.7, 1.4],
  aspect: 1.15,
  translate: 0.1,
  rotate: 0,
  shear: 0,
  mosaic: 0.5,
  mosaicScale: [0.5, 1.1],
  mixup: 0,
  hue: 6,
  saturation: [0.5, 1.5],
  brightness: [0.65, 1.35],
  contrast: [0.8, 1.25],
  grey: 0.02,
  blur: 0.02,
  noise: 0,
  erase: 0,
  minVisible: 0.25,
  minSide: 2,
};

const fractions = [
  "flipHorizontal",
  "flipVertical",
  "quarterTurn",
  "translate",
  "mosaic",
  "mixup",
  "grey",
  "blur",
  "noise",
  "erase",
  "minVisible",
] as const;

const forBoxes: readonly Exclude<keyof AugmentOptions, keyof PictureAugmentOptions>[] = [
  "mosaic",
  "mosaicScale",
  "mixup",
  "minVisible",
  "minSide",
];

const factors = ["scale", "mosaicScale", "saturation", "brightness", "contrast"] as const;

/** Fills in the defaults. Throws `augment-invalid` on a value out of its range. */
export function resolveAugment(options: AugmentOptions): Augment {
  const augment = fillIn(defaultAugment, options);
  for (const name of fractions) requireWithin(name, augment[name], 0, 1);
  for (const name of factors) requireFactors(name, augment[name], name === "scale" || name === "mosaicScale");
  requireWithin("aspect", augment.aspect, 1, 4);
  requireWithin("rotate", augment.rotate, 0, 45);
  requireWithin("shear", augment.shear, 0, 45);
  requireWithin("hue", augment.hue, 0, 180);
  requireWithin("minSide", augment.minSide, 0, Number.MAX_SAFE_INTEGER);
  return augment;
}

/** As {@link resolveAugment}; also throws `augment-invalid` on what only means something to boxes, unless it is 0. */
export function resolvePictureAugment(options: PictureAugmentOptions): Augment {
  const given: AugmentOptions = options;
  const idle = forBoxes.find((name) => given[name] !== undefined && given[name] !== 0);
  if (idle === undefined) return resolveAugment({ ...options, mosaic: 0 });
  throw new FoveaError(
    "augment-invalid",
    `Augmentation: \`${idle}\` (=${given[idle]}) means nothing to pictures without boxes: leave it out.`,
  );
}

function requireFactors(name: string, [low, high]: FactorRange, positive: boolean): void {
  if (low <= high && low >= 0 && (low > 0 || !positive) && Number.isFinite(high)) return;
  throw new FoveaError(
    "augment-invalid",
    `Augmentation: \`${name}\` (=[${low}, ${high}]) must be a range [low, high] of ${positive ? "positive" : "non-negative"} factors.`,
  );
}
