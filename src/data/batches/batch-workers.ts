import type { Worker } from "node:worker_threads";
import { FoveaError, messageOf, startWorker } from "../../core/index.ts";
import { type BatchReply, type BatchRequest, closeMessage } from "./batch-messages.ts";

interface Waiting<Labels> {
  resolve(reply: BatchReply<Labels>): void;
  reject(error: FoveaError): void;
}

/** The threads that compose batches. They keep the process alive only while someone waits for one. */
export class BatchWorkers<Recipe extends { step: number }, Labels> {
  readonly #workers: Worker[];
  readonly #waiting = new Map<number, Waiting<Labels>>();
  #lastId = 0;
  #keptAlive = 0;
  #ended: FoveaError | null = null;

  /** `script` is the worker's file without extension; each thread gets `data`. */
  constructor(count: number, script: string, data: unknown) {
    this.#workers = Array.from({ length: count }, () => startWorker(script, import.meta.url, data));
    for (const worker of this.#workers) {
      worker.on("message", (reply: BatchReply<Labels>) => this.#settle(reply));
      worker.on("error", (error) => this.#end(workerFailed(messageOf(error), error)));
      worker.on("exit", (code) => this.#end(workerFailed(`it ended with code ${code}`)));
      worker.unref();
    }
  }

  /** Composes a batch into the buffer, which is out of reach here until the reply gives it back. */
  compose(recipe: Recipe, buffer: ArrayBuffer): Promise<BatchReply<Labels>> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    const worker = this.#workers[recipe.step % this.#workers.length];
    worker.postMessage({ id, recipe, buffer } satisfies BatchRequest<Recipe>, [buffer]);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** Waits for a reply, with the process kept alive. */
  async wait<T>(reply: Promise<T>): Promise<T> {
    if (this.#keptAlive++ === 0) for (const worker of this.#workers) worker.ref();
    try {
      return await reply;
    } finally {
      if (--this.#keptAlive === 0) for (const worker of this.#workers) worker.unref();
    }
  }

  /** Rejects what is under way and ends the threads, each after the decoding that it has begun. */
  async close(): Promise<void> {
    this.#end(new FoveaError("batch-loader-closed", "The batch loader is closed: create another one."));
    await Promise.all(this.#workers.map(closeWorker));
  }

  #settle(reply: BatchReply<Labels>): void {
    this.#waiting.get(reply.id)?.resolve(reply);
    this.#waiting.delete(reply.id);
  }

  #end(reason: FoveaError): void {
    this.#ended ??= reason;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}

function closeWorker(worker: Worker): Promise<void> {
  if (worker.threadId === -1) return Promise.resolve();
  return new Promise((resolve) => {
    worker.once("exit", () => resolve());
    worker.ref();
    worker.postMessage(closeMessage);
  });
}

function workerFailed(reason: string, cause?: unknown): FoveaError {
  return new FoveaError("batch-worker-failed", `The thread that composes batches failed: ${reason}.`, {
    cause,
  });
}
