import { FoveaError } from "../../core/index.ts";
import type { Problem } from "../dataset.ts";
import { countSteps, createBatchOrder } from "./batch-order.ts";
import { isCount } from "./batch-plan.ts";
import { BatchWorkers } from "./batch-workers.ts";
import { BufferPool } from "./buffer-pool.ts";
import type { FailedSample } from "./failed-samples.ts";

/** What every loader of batches is told. */
export interface LoaderOptions {
  /** Samples in a batch, N. */
  batchSize: number;
  /** Names the run: the same seed gives the same batches. */
  seed: number;
  /** Threads that read and compose; default 1. */
  workers?: number;
  /** Memory for decoded pictures in bytes, shared out among the workers; default 1.5 GB. */
  cacheBytes?: number;
  /** Hears once of each sample that could not be used and that another one stood in for. */
  onProblem?: (problem: Problem) => void;
}

export interface AheadLoaderOptions<Recipe, Labels, Batch> extends LoaderOptions {
  /** Samples of the set: more than half of them failing is an error. */
  sampleCount: number;
  /** The worker's file without extension, relative to this room, and what it is started with besides seed and memory. */
  script: string;
  workerData: object;
  /** What to compose for a step of the samples in `order`, `[N]`; must depend on these only. */
  recipeOf: (step: number, order: number[]) => Recipe;
  byteLengthOf: (recipe: Recipe) => number;
  /** The batch that a caller is given. */
  batchOf: (composed: ComposedBatch<Recipe, Labels>) => Batch;
}

/** A batch as it came from a worker. */
export interface ComposedBatch<Recipe, Labels> {
  recipe: Recipe;
  labels: Labels;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Batches that stay valid besides the one just given. */
const HELD_BATCHES = 1;
/** Memory for decoded pictures where nothing is said of it. */
const CACHE_BYTES = 1.5e9;

/**
 * Batches by step, composed ahead in worker threads. A batch stays valid until it is released, or until the second
 * call of `batch` after the one that gave it; then its bytes are empty: their memory serves the next batch.
 */
export class AheadLoader<Recipe extends { step: number }, Labels, Batch extends object> {
  /** Steps in which every sample comes at most once: ⌊samples / batchSize⌋, at least 1. */
  readonly stepsPerEpoch: number;
  readonly #options: AheadLoaderOptions<Recipe, Labels, Batch>;
  readonly #orderOf: (step: number) => number[];
  readonly #workers: BatchWorkers<Recipe, Labels>;
  readonly #buffers = new BufferPool();
  /** Steps to have under way: what a worker can do while the main thread is busy with one. */
  readonly #ahead: number;
  readonly #prefetched = new Map<number, Promise<ComposedBatch<Recipe, Labels>>>();
  readonly #given: { batch: Batch; bytes: Uint8Array<ArrayBuffer> }[] = [];
  readonly #failed = new Map<number, Problem>();

  constructor(options: AheadLoaderOptions<Recipe, Labels, Batch>) {
    const { sampleCount, batchSize, seed, workers = 1, cacheBytes = CACHE_BYTES, script } = options;
    this.#options = options;
    this.stepsPerEpoch = countSteps(sampleCount, batchSize);
    this.#orderOf = createBatchOrder(sampleCount, batchSize, seed);
    this.#ahead = Math.max(3, 2 * workers);
    const workerData = { ...options.workerData, seed, cacheBytes: cacheBytes / workers };
    this.#workers = new BatchWorkers(workers, script, workerData);
  }

  async batch(step: number): Promise<Batch> {
    if (!Number.isInteger(step) || step < 0) {
      throw new FoveaError("batch-step-invalid", `Batch: \`step\` (=${step}) must be a whole number ≥ 0.`);
    }
    while (this.#given.length > HELD_BATCHES) this.release(this.#given[0].batch);
    this.#prefetch(step);
    const pending = this.#prefetched.get(step)!;
    this.#prefetched.delete(step);
    const composed = await this.#workers.wait(pending);
    const batch = this.#options.batchOf(composed);
    this.#given.push({ batch, bytes: composed.bytes });
    return batch;
  }

  /** Gives a batch's memory back early, once the step that reads it has run. */
  release(batch: Batch): void {
    const place = this.#given.findIndex((given) => given.batch === batch);
    if (place < 0) return;
    const [{ bytes }] = this.#given.splice(place, 1);
    this.#buffers.give(bytes.buffer);
  }

  /** Ends the workers; batches under way reject with `batch-loader-closed`. */
  close(): Promise<void> {
    this.#prefetched.clear();
    return this.#workers.close();
  }

  /** Has the step and the next ones under way, and no others. */
  #prefetch(step: number): void {
    const end = step + 1 + this.#ahead;
    for (const [other, pending] of this.#prefetched) {
      if (other >= step && other < end) continue;
      this.#prefetched.delete(other);
      pending.then(({ bytes }) => this.#buffers.give(bytes.buffer)).catch(() => {});
    }
    for (let next = step; next < end; next++) {
      if (this.#prefetched.has(next)) continue;
      const pending = this.#compose(next);
      // Whoever asks for the step hears of a failure; until then it is not an unhandled rejection.
      pending.catch(() => {});
      this.#prefetched.set(next, pending);
    }
  }

  async #compose(step: number): Promise<ComposedBatch<Recipe, Labels>> {
    const recipe = this.#options.recipeOf(step, this.#orderOf(step));
    const byteLength = this.#options.byteLengthOf(recipe);
    const reply = await this.#workers.compose(recipe, this.#buffers.take(byteLength));
    this.#noteFailed(reply.failed);
    if ("error" in reply) throw new FoveaError(reply.error.code, reply.error.message);
    return { recipe, labels: reply.labels, bytes: new Uint8Array(reply.buffer, 0, byteLength) };
  }

  #noteFailed(failed: readonly FailedSample[]): void {
    for (const { index, problem } of failed) {
      if (this.#failed.has(index)) continue;
      this.#failed.set(index, problem);
      this.#options.onProblem?.(problem);
    }
    const total = this.#options.sampleCount;
    if (2 * this.#failed.size > total) {
      const [example] = this.#failed.values();
      throw new FoveaError(
        "pictures-unreadable",
        `${this.#failed.size} of the ${total} pictures to train with cannot be read, for example \`${example.file}\`: check the data set.`,
      );
    }
  }
}

/**
 * Refuses what no loader can be told.
 *
 * @param loader what the error calls the loader
 * @param others what is wrong with the loader's own options, and false for each that is right
 * @throws FoveaError `batch-options-invalid`
 */
export function requireLoaderOptions(
  loader: string,
  { batchSize, seed, workers = 1, cacheBytes = 0 }: LoaderOptions,
  others: readonly (string | false)[],
): void {
  const wrong =
    others.find((other) => other !== false) ||
    (!isCount(batchSize) && `\`batchSize\` (=${batchSize}) must be a whole number ≥ 1`) ||
    (!Number.isInteger(seed) && `\`seed\` (=${seed}) must be a whole number`) ||
    (!isCount(workers) && `\`workers\` (=${workers}) must be a whole number ≥ 1`) ||
    (!(cacheBytes >= 0) && `\`cacheBytes\` (=${cacheBytes}) must be a number ≥ 0`);
  if (wrong) throw new FoveaError("batch-options-invalid", `${loader}: ${wrong}.`);
}
