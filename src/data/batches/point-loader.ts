import { FoveaError, type Tensor } from "../../core/index.ts";
import type { Problem } from "../dataset.ts";
import { type AheadBatch, AheadLoader } from "./ahead-loader.ts";
import { type PictureAugmentOptions, resolvePictureAugment } from "./augment-options.ts";
import { countSteps, createBatchOrder } from "./batch-order.ts";
import { isCount } from "./batch-plan.ts";
import type { PointExample, PointLabels, PointRecipe } from "./compose-points.ts";

/** How much finer than the input regions are decoded, so that enlarging them shows more. */
const DECODED_DETAIL = 2;

/** How to compose batches of a data set of points. */
export interface PointLoaderOptions {
  examples: readonly PointExample[];
  /** Examples in a batch, N. */
  batchSize: number;
  /** Side of the input in pixels. */
  side: number;
  /** Names the run: the same seed gives the same batches. */
  seed: number;
  /** Points that change places in a mirrored picture. */
  pairs: readonly (readonly [number, number])[];
  /** How pictures are varied; `null` shows them as they are. */
  augment: PictureAugmentOptions | null;
  /** Probability that a region is drawn out towards the example's wider one, varied or not; default 0. */
  widerShare?: number;
  /** Threads that read and compose; default 1. */
  workers?: number;
  /** Memory for decoded pictures in bytes, shared out among the workers; default 1.5 GB. */
  cacheBytes?: number;
  /** Hears once of each example that could not be used and that another one stood in for. */
  onProblem?: (problem: Problem) => void;
}

/** N pictures with their points. */
export interface PointBatch {
  /** uint8 `[N, 3, side, side]`. */
  pictures: Tensor;
  /** float32 `[N, K, 2]`: x, y in parts of the input; 0 where a point is not labelled. */
  points: Tensor;
  /** float32 `[N, K]`: 1 where a point is labelled and within the input. */
  visible: Tensor;
  /** float32 `[N, K]`: 1 where it is known whether the point is there. */
  known: Tensor;
  /** float32 `[N, 1]`: 1 where the thing is there. */
  present: Tensor;
  ids: string[];
}

/** Batches of pictures with points by step, composed ahead in worker threads. */
export class PointLoader {
  /** Steps in which every example comes at most once: ⌊examples / batchSize⌋, at least 1. */
  readonly stepsPerEpoch: number;
  readonly #loader: AheadLoader<PointRecipe, PointLabels>;
  readonly #sources = new WeakMap<PointBatch, AheadBatch<PointRecipe, PointLabels>>();

  /** @throws FoveaError `batch-options-invalid`, `augment-invalid` */
  constructor(options: PointLoaderOptions) {
    checkOptions(options);
    const {
      examples,
      batchSize,
      side,
      seed,
      pairs,
      widerShare = 0,
      workers = 1,
      cacheBytes = 1.5e9,
    } = options;
    const augment = options.augment && resolvePictureAugment(options.augment);
    const orderOf = createBatchOrder(examples.length, batchSize, seed);
    const count = examples[0].points.length;
    this.stepsPerEpoch = countSteps(examples.length, batchSize);
    this.#loader = new AheadLoader<PointRecipe, PointLabels>({
      workers,
      script: "./point-worker",
      workerData: { examples, seed, regionSide: DECODED_DETAIL * side, cacheBytes: cacheBytes / workers },
      sampleCount: examples.length,
      recipeOf: (step) => ({ step, seed, order: orderOf(step), side, count, pairs, augment, widerShare }),
      byteLengthOf: ({ order }) => order.length * 3 * side * side,
      onProblem: options.onProblem,
    });
  }

  /** The batch of a step (0, 1, …); see {@link AheadLoader} for how long it is valid. */
  async batch(step: number): Promise<PointBatch> {
    const source = await this.#loader.batch(step);
    const { recipe, labels, bytes } = source;
    const { side, count } = recipe;
    const n = recipe.order.length;
    const batch: PointBatch = {
      pictures: { dtype: "uint8", shape: [n, 3, side, side], data: bytes },
      points: { dtype: "float32", shape: [n, count, 2], data: labels.points },
      visible: { dtype: "float32", shape: [n, count], data: labels.visible },
      known: { dtype: "float32", shape: [n, count], data: labels.known },
      present: { dtype: "float32", shape: [n, 1], data: labels.present },
      ids: labels.ids,
    };
    this.#sources.set(batch, source);
    return batch;
  }

  /** Gives a batch's memory back early, once the step that reads it has run. */
  release(batch: PointBatch): void {
    const source = this.#sources.get(batch);
    if (source) this.#loader.release(source);
  }

  close(): Promise<void> {
    return this.#loader.close();
  }
}

function checkOptions(options: PointLoaderOptions): void {
  const { examples, batchSize, side, seed, widerShare = 0, workers = 1, cacheBytes = 0 } = options;
  const wrong =
    (examples.length === 0 && "`examples` must hold at least one") ||
    (!isCount(batchSize) && `\`batchSize\` (=${batchSize}) must be a whole number ≥ 1`) ||
    (!isCount(side) && `\`side\` (=${side}) must be a whole number ≥ 1`) ||
    (!Number.isInteger(seed) && `\`seed\` (=${seed}) must be a whole number`) ||
    (!(widerShare >= 0 && widerShare <= 1) && `\`widerShare\` (=${widerShare}) must be within 0 … 1`) ||
    (!isCount(workers) && `\`workers\` (=${workers}) must be a whole number ≥ 1`) ||
    (!(cacheBytes >= 0) && `\`cacheBytes\` (=${cacheBytes}) must be a number ≥ 0`);
  if (wrong) throw new FoveaError("batch-options-invalid", `PointLoader: ${wrong}.`);
}
