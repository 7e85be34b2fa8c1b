import { FoveaError, requireWhole } from "../../core/index.ts";
import type { DetectionDataset, DetectionSample } from "../../data/index.ts";
import { batchSizeOf } from "../../train/index.ts";
import { LEAST_WINDOW, WINDOW_STRIDE } from "./net.ts";

/** Everything that decides how the classifier of windows is trained; written beside the results. */
export interface WindowsRecipe {
  classes: string[];
  /** Size of a window in pixels of the pyramid's level. */
  window: { width: number; height: number };
  /** Share of a window's sides that its object takes up. */
  filled: number;
  /** Sizes of objects to look for: the square root of their area, in shares of the picture's longer side. */
  sizes: number[];
  /** Trainings, each but the first with the mistakes of the one before among its background. */
  rounds: number;
  stepsPerRound: number;
  /** Crops in a step, half of them around objects. */
  batchSize: number;
  seed: number;
  learningRate: number;
  weightDecay: number;
  warmUpSteps: number;
  averageDecay: number;
  clipNorm: number;
  /** Whether crops are mirrored top to bottom, too. */
  flipVertical: boolean;
}

/** What a user may choose; the rest follows from the data. */
export interface WindowsRecipeOptions {
  /** Classes to learn; default all. Objects of others are background. */
  classes?: readonly string[];
  /** Sides of a window, multiples of 8 from 32 on; default: about 64, shaped as objects usually are. */
  window?: { width: number; height: number };
  /** 1 or more; default 3. */
  rounds?: number;
  /** 1 or more; default 500. */
  stepsPerRound?: number;
  batchSize?: number;
  seed?: number;
  learningRate?: number;
  flipVertical?: boolean;
}

/** Side of a square window that is as large as the usual one. */
const USUAL_SIDE = 64;
/** From one size of objects to the next: boxes of the sizes between overlap both by four fifths. */
const SIZE_RATIO = 2 ** (1 / 3);
/** Share of the objects that are smaller than the smallest size, and larger than the largest. */
const LEFT_OUT = 0.03;

/** The recipe for a data set. @throws FoveaError `argument-range`, `dataset-empty` */
export function makeWindowsRecipe(
  dataset: DetectionDataset,
  options: WindowsRecipeOptions = {},
): WindowsRecipe {
  const objects = objectsOf(dataset.splits.train);
  if (objects.length === 0) {
    throw new FoveaError(
      "dataset-empty",
      `No training picture of \`${dataset.root}\` has an object to learn: check its labels and its split "train".`,
    );
  }
  const { window = usualWindow(objects), rounds = 3, stepsPerRound = 500 } = options;
  requireWindow(window);
  requireWhole("Training", "rounds", rounds, 1);
  requireWhole("Training", "stepsPerRound", stepsPerRound, 1);
  return {
    classes: [...dataset.classes],
    window,
    filled: 0.8,
    sizes: sizesOf(objects),
    rounds,
    stepsPerRound,
    batchSize: batchSizeOf(options, 64),
    seed: options.seed ?? 0,
    learningRate: options.learningRate ?? 2e-3,
    weightDecay: 0.05,
    warmUpSteps: 50,
    averageDecay: 0.99,
    clipNorm: 10,
    flipVertical: options.flipVertical ?? false,
  };
}

/**
 * A data set of some of its classes only; objects of others are no objects.
 * @throws FoveaError `class-unknown`
 */
export function keepClasses(dataset: DetectionDataset, names: readonly string[]): DetectionDataset {
  const unknown = names.find((name) => !dataset.classes.includes(name));
  if (unknown !== undefined) {
    throw new FoveaError(
      "class-unknown",
      `The data set has no class "${unknown}"; it has ${dataset.classes.join(", ")}.`,
    );
  }
  if (`${names}` === `${dataset.classes}`) return dataset;
  const places = dataset.classes.map((name) => names.indexOf(name));
  const keep = (samples: readonly DetectionSample[]) =>
    samples.map((sample) => ({
      ...sample,
      boxes: sample.boxes.flatMap((box) => {
        const classIndex = places[box.classIndex];
        return classIndex >= 0 ? [{ ...box, classIndex }] : [];
      }),
    }));
  const { train, val, test } = dataset.splits;
  const fingerprint = `${dataset.fingerprint}, ${names.join(", ")}`;
  return {
    ...dataset,
    classes: [...names],
    splits: { train: keep(train), val: keep(val), test: keep(test) },
    fingerprint,
  };
}

interface ObjectShape {
  /** Square root of the area, as a share of the picture's longer side. */
  size: number;
  /** Width : height. */
  aspect: number;
}

function objectsOf(samples: readonly DetectionSample[]): ObjectShape[] {
  return samples.flatMap(({ width, height, boxes }) =>
    boxes
      .filter(({ crowd }) => !crowd)
      .map(({ box: [x1, y1, x2, y2] }) => ({
        size: Math.sqrt((x2 - x1) * (y2 - y1)) / Math.max(width, height),
        aspect: (x2 - x1) / (y2 - y1),
      })),
  );
}

/** A window of the objects' median shape. */
function usualWindow(objects: readonly ObjectShape[]): { width: number; height: number } {
  const aspect = quantile(
    objects.map((object) => object.aspect),
    0.5,
  );
  const side = (length: number) => Math.max(LEAST_WINDOW, Math.round(length / WINDOW_STRIDE) * WINDOW_STRIDE);
  return { width: side(USUAL_SIDE * Math.sqrt(aspect)), height: side(USUAL_SIDE / Math.sqrt(aspect)) };
}

/** A geometric series from small objects to large ones. */
function sizesOf(objects: readonly ObjectShape[]): number[] {
  const all = objects.map(({ size }) => size);
  const [least, most] = [quantile(all, LEFT_OUT), quantile(all, 1 - LEFT_OUT)];
  const count = 1 + Math.ceil(Math.log(most / least) / Math.log(SIZE_RATIO));
  const ratio = count > 1 ? (most / least) ** (1 / (count - 1)) : 1;
  return Array.from({ length: count }, (_, i) => least * ratio ** i);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

function requireWindow({ width, height }: { width: number; height: number }): void {
  for (const [name, side] of Object.entries({ width, height })) {
    if (Number.isInteger(side) && side >= LEAST_WINDOW && side % WINDOW_STRIDE === 0) continue;
    throw new FoveaError(
      "argument-range",
      `A window's ${name} (=${side}) must be a multiple of ${WINDOW_STRIDE} from ${LEAST_WINDOW} on.`,
    );
  }
}
