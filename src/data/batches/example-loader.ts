import type { Tensor } from "../../core/index.ts";
import type { ClassificationDataset } from "../classified/index.ts";
import type { Problem, SplitName } from "../dataset.ts";
import { AheadLoader, type ComposedBatch, requireLoaderOptions } from "./ahead-loader.ts";
import { isCount, longestSide, requirePlanned } from "./batch-plan.ts";
import type { ExampleLabels, ExampleRecipe } from "./compose-examples.ts";
import type { ExampleAugment } from "./example-augment.ts";

export interface ExampleLoaderOptions {
  dataset: ClassificationDataset;
  /** The split to draw from; "train" by default. */
  split?: SplitName;
  /** Examples in a batch, N. */
  batchSize: number;
  /** Names the run: the same seed gives the same batches. */
  seed: number;
  /** How the batch of a step is varied, and the size of its pictures; must depend on the step only. */
  plan: (step: number) => ExamplePlan;
  labelSmoothing?: number;
  /** What an example of each class counts in the loss, `[classes]`. */
  weights?: readonly number[];
  /** Threads that read and compose; default 1. */
  workers?: number;
  /** Memory for decoded pictures in bytes, shared out among the workers; default 1.5 GB. */
  cacheBytes?: number;
  /**
   * Pictures are decoded to fit a square of so many pixels, of which the composition takes its part; default twice the
   * longest side in the first 1,000 steps of the plan.
   */
  decodeSize?: number;
  /** Hears once of each example that could not be used and that another one stood in for. */
  onProblem?: (problem: Problem) => void;
}

/** What the batch of a step looks like. */
export interface ExamplePlan {
  /** Size of pictures in pixels; sequences and volumes keep theirs. */
  size?: { width: number; height: number };
  /** `null` shows examples as inference does. */
  augment: ExampleAugment | null;
}

/** N examples with what the net should answer. */
export interface ExampleBatch {
  /** uint8 `[N, 3, height, width]` of pictures, float32 `[N, channels, …]` of sequences and volumes. */
  inputs: Tensor;
  /** float32 `[N, classes]`. */
  targets: Tensor;
  ids: string[];
}

/** Batches of labelled examples by step, composed ahead in worker threads. */
export class ExampleLoader {
  /** Steps in which every example comes at most once: ⌊examples / batchSize⌋, at least 1. */
  readonly stepsPerEpoch: number;
  readonly #loader: AheadLoader<ExampleRecipe, ExampleLabels, ExampleBatch>;

  /** @throws FoveaError `batch-options-invalid` */
  constructor(options: ExampleLoaderOptions) {
    checkOptions(options);
    const { dataset, split = "train", seed, plan, labelSmoothing = 0, weights } = options;
    const examples = dataset.splits[split];
    const shape = dataset.kind === "pictures" ? undefined : dataset.shape;
    const decodeSize = shape ? 1 : (options.decodeSize ?? 2 * longestSide((step) => plan(step).size));
    this.#loader = new AheadLoader({
      ...options,
      sampleCount: examples.length,
      script: "./example-worker",
      workerData: { examples, decodeSize },
      recipeOf(step, order): ExampleRecipe {
        const { size, augment } = plan(step);
        const pictures = shape ? undefined : requirePlanned(step, size);
        return {
          step,
          seed,
          order,
          shape: pictures ? [3, pictures.height, pictures.width] : shape!,
          classes: dataset.classes.length,
          weights,
          labelSmoothing,
          augment,
        };
      },
      byteLengthOf: (recipe) =>
        recipe.shape.reduce((product, dim) => product * dim, recipe.order.length) * (shape ? 4 : 1),
      batchOf,
    });
    this.stepsPerEpoch = this.#loader.stepsPerEpoch;
  }

  /** The batch of a step (0, 1, …); see {@link AheadLoader} for how long it is valid. */
  batch(step: number): Promise<ExampleBatch> {
    return this.#loader.batch(step);
  }

  /** Gives a batch's memory back early, once the step that reads it has run. */
  release(batch: ExampleBatch): void {
    this.#loader.release(batch);
  }

  close(): Promise<void> {
    return this.#loader.close();
  }
}

function batchOf({ recipe, labels, bytes }: ComposedBatch<ExampleRecipe, ExampleLabels>): ExampleBatch {
  const count = recipe.order.length;
  const isPicture = bytes.length === recipe.shape.reduce((product, dim) => product * dim, count);
  return {
    inputs: {
      dtype: isPicture ? "uint8" : "float32",
      shape: [count, ...recipe.shape],
      data: isPicture ? bytes : new Float32Array(bytes.buffer, 0, bytes.length / 4),
    },
    targets: { dtype: "float32", shape: [count, recipe.classes], data: labels.targets },
    ids: labels.ids,
  };
}

function checkOptions(options: ExampleLoaderOptions): void {
  const { dataset, split = "train", decodeSize = 1, labelSmoothing = 0, weights } = options;
  const classes = dataset.classes.length;
  const areWeights =
    weights?.length === classes && weights.every((weight) => weight >= 0 && Number.isFinite(weight));
  requireLoaderOptions("ExampleLoader", options, [
    dataset.splits[split].length === 0 && `the split \`${split}\` must hold at least one example`,
    !isCount(decodeSize) && `\`decodeSize\` (=${decodeSize}) must be a whole number ≥ 1`,
    !(labelSmoothing >= 0 && labelSmoothing < 1) &&
      `\`labelSmoothing\` (=${labelSmoothing}) must be at least 0 and less than 1`,
    weights !== undefined &&
      !areWeights &&
      `\`weights\` (=[${weights.join(", ")}]) must be ${classes} finite numbers ≥ 0, one for each class`,
  ]);
}
