import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import { FoveaError, messageOf, requireWhole, startWorker } from "../../core/index.ts";
import type { Picture } from "../../image/index.ts";
import type { ProposalOptions, Proposals } from "./selective-search.ts";

/** To a thread: search this picture. */
export interface ProposalRequest {
  id: number;
  picture: Picture;
  options: ProposalOptions;
}

/** From a thread: what it found, or why it found nothing. */
export type ProposalReply = { id: number } & (
  | { proposals: Proposals; error?: undefined }
  | { proposals?: undefined; error: { code: string; message: string } }
);

interface Job extends ProposalRequest {
  resolve(proposals: Proposals): void;
  reject(error: FoveaError): void;
}

/**
 * Threads that search pictures for regions, one picture each at a time. A picture's regions do not depend on which
 * thread searches it. They keep the process alive only while a picture is searched.
 */
export class ProposalWorkers {
  /** Number of threads. */
  readonly count: number;
  readonly #idle: Worker[] = [];
  readonly #all: Worker[] = [];
  readonly #waiting: Job[] = [];
  readonly #running = new Map<Worker, Job>();
  #nextId = 0;
  #ended: FoveaError | undefined;

  /** @param count number of threads; default: one for each processor */
  constructor(count: number = availableParallelism()) {
    requireWhole("ProposalWorkers", "count", count, 1);
    this.count = count;
  }

  /**
   * The regions of a picture; a thread starts when it is needed.
   * @throws as `proposeRegions`; FoveaError `proposals-failed`, `proposal-workers-closed`
   */
  propose(picture: Picture, options: ProposalOptions = {}): Promise<Proposals> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id: this.#nextId++, picture, options, resolve, reject });
      this.#next();
    });
  }

  /** Ends the threads; pictures that are under way are given up. */
  async close(): Promise<void> {
    this.#end(new FoveaError("proposal-workers-closed", "The proposal workers are closed: create others."));
    await Promise.all(this.#all.map((worker) => worker.terminate()));
  }

  /** Gives the next picture to a thread without one. */
  #next(): void {
    if (this.#waiting.length === 0) return;
    const worker = this.#idle.pop() ?? (this.#all.length < this.count ? this.#start() : undefined);
    if (!worker) return;
    const job = this.#waiting.shift()!;
    this.#running.set(worker, job);
    worker.ref();
    const { id, picture, options } = job;
    worker.postMessage({ id, picture, options } satisfies ProposalRequest);
  }

  #start(): Worker {
    const worker = startWorker("proposal-worker", import.meta.url);
    worker.on("message", (reply: ProposalReply) => this.#settle(worker, reply));
    worker.on("error", (error) => this.#end(workerFailed(messageOf(error), error)));
    worker.on("exit", (code) => this.#end(workerFailed(`it ended with code ${code}`)));
    this.#all.push(worker);
    return worker;
  }

  #settle(worker: Worker, { proposals, error }: ProposalReply): void {
    const job = this.#running.get(worker)!;
    this.#running.delete(worker);
    this.#idle.push(worker);
    worker.unref();
    if (error) job.reject(new FoveaError(error.code, error.message));
    else job.resolve(proposals);
    this.#next();
  }

  #end(reason: FoveaError): void {
    this.#ended ??= reason;
    for (const job of [...this.#running.values(), ...this.#waiting]) job.reject(this.#ended);
    this.#running.clear();
    this.#waiting.length = 0;
  }
}

function workerFailed(reason: string, cause?: unknown): FoveaError {
  return new FoveaError("proposals-failed", `The thread that searches for regions failed: ${reason}.`, {
    cause,
  });
}
