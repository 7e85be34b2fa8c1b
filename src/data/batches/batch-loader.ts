import type { DetectionSample, Problem } from "../dataset.ts";
import { AheadLoader, requireLoaderOptions } from "./ahead-loader.ts";
import { type AugmentOptions, resolveAugment } from "./augment-options.ts";
import { isCount, longestSide, requirePlanned } from "./batch-plan.ts";
import type { BatchLabels, BatchRecipe } from "./compose-batch.ts";
import type { TrainingBox } from "./place-boxes.ts";

/** What the batch of one step looks like. */
export interface BatchPlan {
  /** Size of the input in pixels. */
  width: number;
  height: number;
  /** How the pictures are varied; `null` letterboxes them as inference does. */
  augment: AugmentOptions | null;
}

export interface BatchLoaderOptions {
  /** The set to train with, at least one. */
  samples: readonly DetectionSample[];
  /** Pictures in a batch, N. */
  batchSize: number;
  /** Names the run: the same seed gives the same batches. */
  seed: number;
  /**
   * The shape and variation of each step's batch. Must depend on `step` only, and answer for any step: it is
   * asked ahead, also for steps after the last one used.
   */
  plan: (step: number) => BatchPlan;
  /** Threads that decode and compose; default 1, which leaves the other cores to the engine. */
  workers?: number;
  /** Memory for decoded pictures in bytes, shared out among the workers; default 1.5 GB. */
  cacheBytes?: number;
  /**
   * Longest side in pixels that pictures are shrunk to when decoded. Default: 1.5 × the longest side of an
   * input in the first 1,000 steps of the plan.
   */
  decodeSize?: number;
  /** Hears once of each sample that could not be used and that another one stood in for. */
  onProblem?: (problem: Problem) => void;
}

/** N pictures with their boxes, ready for a training step. */
export interface DetectionBatch {
  /** `[N, 3, height, width]` planar RGB bytes. */
  images: Uint8Array<ArrayBuffer>;
  /** Size of the input in pixels. */
  width: number;
  height: number;
  /** Objects of each picture, `[N][…]`. */
  boxes: TrainingBox[][];
  /** The sample that each picture is of (of a mosaic: the one whose turn it was), `[N]`. */
  sampleIds: string[];
}

/** Batches by step, composed ahead in worker threads. */
export interface BatchLoader {
  /** Steps in which every sample comes at most once: ⌊samples / batchSize⌋, at least 1. */
  readonly stepsPerEpoch: number;
  /**
   * The batch of a step (0, 1, …); the next ones are composed meanwhile. Its bytes depend on samples, seed, step
   * and plan only: not on workers, memory, time, or the steps asked for before.
   *
   * The batch stays valid until `release(batch)`, or until the second call of `batch` after the one that gave
   * it. Then its `images` are empty (length 0): their memory serves the next batch.
   *
   * @throws FoveaError `pictures-unreadable` when more than half of the samples failed, `batch-worker-failed`,
   * `batch-loader-closed`, `batch-step-invalid`, `batch-plan-invalid`, `augment-invalid`
   */
  batch(step: number): Promise<DetectionBatch>;
  /** Gives a batch's memory back early, once the step that reads it has run. */
  release(batch: DetectionBatch): void;
  /** Ends the workers; batches under way reject with `batch-loader-closed`. */
  close(): Promise<void>;
}

/**
 * Starts composing batches of a detection data set, in worker threads beside the engine.
 *
 * Every worker keeps decoded pictures of its own: with mosaics any worker needs any picture, and at one or two
 * workers decoding a set twice, once, costs less than threads that agree on who decodes what.
 *
 * @throws FoveaError `batch-options-invalid`
 */
export function createBatchLoader(options: BatchLoaderOptions): BatchLoader {
  return new WorkerBatchLoader(options);
}

class WorkerBatchLoader implements BatchLoader {
  readonly stepsPerEpoch: number;
  readonly #loader: AheadLoader<BatchRecipe, BatchLabels, DetectionBatch>;

  constructor(options: BatchLoaderOptions) {
    checkOptions(options);
    const { samples, plan, decodeSize = Math.round(1.5 * longestSide(plan)) } = options;
    this.#loader = new AheadLoader({
      ...options,
      sampleCount: samples.length,
      script: "./batch-worker",
      workerData: { samples: [...samples], decodeSize },
      recipeOf: (step, order) => recipeOf(options, step, order),
      byteLengthOf: ({ order, width, height }) => order.length * 3 * height * width,
      batchOf: ({ recipe: { width, height }, labels, bytes }) => ({
        images: bytes,
        width,
        height,
        ...labels,
      }),
    });
    this.stepsPerEpoch = this.#loader.stepsPerEpoch;
  }

  batch(step: number): Promise<DetectionBatch> {
    return this.#loader.batch(step);
  }

  release(batch: DetectionBatch): void {
    this.#loader.release(batch);
  }

  close(): Promise<void> {
    return this.#loader.close();
  }
}

function recipeOf({ samples, seed, plan }: BatchLoaderOptions, step: number, order: number[]): BatchRecipe {
  const { augment, ...size } = plan(step);
  const { width, height } = requirePlanned(step, size);
  return {
    step,
    seed,
    order,
    sampleCount: samples.length,
    width,
    height,
    augment: augment && resolveAugment(augment),
  };
}

function checkOptions(options: BatchLoaderOptions): void {
  const { samples, decodeSize = 1 } = options;
  requireLoaderOptions("createBatchLoader", options, [
    samples.length === 0 && "`samples` must hold at least one sample",
    !isCount(decodeSize) && `\`decodeSize\` (=${decodeSize}) must be a whole number ≥ 1`,
  ]);
}
