import { FoveaError } from "../../core/index.ts";
import type { Problem } from "../dataset.ts";
import { BatchWorkers } from "./batch-workers.ts";
import { BufferPool } from "./buffer-pool.ts";
import type { FailedSample } from "./failed-samples.ts";

export interface AheadLoaderOptions<Recipe> {
  workers: number;
  /** The worker's file without extension, relative to this room, and what it is started with. */
  script: string;
  workerData: unknown;
  /** Samples of the set: more than half of them failing is an error. */
  sampleCount: number;
  /** What to compose for a step; must depend on the step only. */
  recipeOf: (step: number) => Recipe;
  byteLengthOf: (recipe: Recipe) => number;
  /** Hears once of each sample that could not be used and that another one stood in for. */
  onProblem?: (problem: Problem) => void;
}

/** A batch as it came from a worker. */
export interface AheadBatch<Recipe, Labels> {
  recipe: Recipe;
  labels: Labels;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Batches that stay valid besides the one just given. */
const HELD_BATCHES = 1;

/**
 * Batches by step, composed ahead in worker threads. A batch stays valid until it is released, or until the second
 * call of `batch` after the one that gave it; then its bytes are empty: their memory serves the next batch.
 */
export class AheadLoader<Recipe extends { step: number }, Labels> {
  readonly #options: AheadLoaderOptions<Recipe>;
  readonly #workers: BatchWorkers<Recipe, Labels>;
  readonly #buffers = new BufferPool();
  /** Steps to have under way: what a worker can do while the main thread is busy with one. */
  readonly #ahead: number;
  readonly #prefetched = new Map<number, Promise<AheadBatch<Recipe, Labels>>>();
  readonly #given: AheadBatch<Recipe, Labels>[] = [];
  readonly #failed = new Map<number, Problem>();

  constructor(options: AheadLoaderOptions<Recipe>) {
    this.#options = options;
    this.#ahead = Math.max(3, 2 * options.workers);
    this.#workers = new BatchWorkers(options.workers, options.script, options.workerData);
  }

  async batch(step: number): Promise<AheadBatch<Recipe, Labels>> {
    if (!Number.isInteger(step) || step < 0) {
      throw new FoveaError("batch-step-invalid", `Batch: \`step\` (=${step}) must be a whole number ≥ 0.`);
    }
    while (this.#given.length > HELD_BATCHES) this.release(this.#given[0]);
    this.#prefetch(step);
    const pending = this.#prefetched.get(step)!;
    this.#prefetched.delete(step);
    const batch = await this.#workers.wait(pending);
    this.#given.push(batch);
    return batch;
  }

  /** Gives a batch's memory back early, once the step that reads it has run. */
  release(batch: AheadBatch<Recipe, Labels>): void {
    const place = this.#given.indexOf(batch);
    if (place < 0) return;
    this.#given.splice(place, 1);
    this.#buffers.give(batch.bytes.buffer);
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

  async #compose(step: number): Promise<AheadBatch<Recipe, Labels>> {
    const recipe = this.#options.recipeOf(step);
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
