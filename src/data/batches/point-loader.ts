import type { Tensor } from "../../core/index.ts";
import type { Problem } from "../dataset.ts";
import { AheadLoader, type ComposedBatch, requireLoaderOptions } from "./ahead-loader.ts";
import { type PictureAugmentOptions, resolvePictureAugment } from "./augment-options.ts";
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
  readonly #loader: AheadLoader<PointRecipe, PointLabels, PointBatch>;

  /** @throws FoveaError `batch-options-invalid`, `augment-invalid` */
  constructor(options: PointLoaderOptions) {
    checkOptions(options);
    const { examples, side, seed, pairs, widerShare = 0 } = options;
    const augment = options.augment && resolvePictureAugment(options.augment);
    const count = examples[0].points.length;
    this.#loader = new AheadLoader({
      ...options,
      sampleCount: examples.length,
      script: "./point-worker",
      workerData: { examples, regionSide: DECODED_DETAIL * side },
      recipeOf: (step, order): PointRecipe => ({
        step,
        seed,
        order,
        side,
        count,
        pairs,
        augment,
        widerShare,
      }),
      byteLengthOf: ({ order }) => order.length * 3 * side * side,
      batchOf,
    });
    this.stepsPerEpoch = this.#loader.stepsPerEpoch;
  }

  /** The batch of a step (0, 1, …); see {@link AheadLoader} for how long it is valid. */
  batch(step: number): Promise<PointBatch> {
    return this.#loader.batch(step);
  }

  /** Gives a batch's memory back early, once the step that reads it has run. */
  release(batch: PointBatch): void {
    this.#loader.release(batch);
  }

  close(): Promise<void> {
    return this.#loader.close();
  }
}

function batchOf({ recipe, labels, bytes }: ComposedBatch<PointRecipe, PointLabels>): PointBatch {
  const { side, count } = recipe;
  const n = recipe.order.length;
  return {
    pictures: { dtype: "uint8", shape: [n, 3, side, side], data: bytes },
    points: { dtype: "float32", shape: [n, count, 2], data: labels.points },
    visible: { dtype: "float32", shape: [n, count], data: labels.visible },
    known: { dtype: "float32", shape: [n, count], data: labels.known },
    present: { dtype: "float32", shape: [n, 1], data: labels.present },
    ids: labels.ids,
  };
}

function checkOptions(options: PointLoaderOptions): void {
  const { examples, side, widerShare = 0 } = options;
  requireLoaderOptions("PointLoader", options, [
    examples.length === 0 && "`examples` must hold at least one",
    !isCount(side) && `\`side\` (=${side}) must be a whole number ≥ 1`,
    !(widerShare >= 0 && widerShare <= 1) && `\`widerShare\` (=${widerShare}) must be within 0 … 1`,
  ]);
}
