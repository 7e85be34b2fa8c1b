import { FoveaError } from "../../core/index.ts";
import type { Collapse } from "./collapse.ts";

/** Share of the training for which encodings may be collapsed: some nets fall first and get up again. */
const PATIENCE = 0.1;

/** Watches encodings from evaluation to evaluation, and ends the training where they stay collapsed. */
export class CollapseWatch {
  readonly #stop = new AbortController();
  #seen: { collapse: Collapse; progress: number; epoch: number } | undefined;

  /** Aborts when training shall end: its last state is saved then. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** What is wrong with the newest encodings, if it is this. */
  get error(): FoveaError | undefined {
    return this.#seen && collapsed(this.#seen.collapse, this.#seen.epoch);
  }

  /** Hears of an evaluation: what it found, how much of the training is done, and in which epoch. */
  saw(collapse: Collapse | undefined, progress: number, epoch: number): void {
    this.#seen = collapse && { progress, epoch, ...this.#seen, collapse };
    if (this.#seen && progress - this.#seen.progress >= PATIENCE) this.#stop.abort();
  }
}

/** The sentence for encodings that tell nobody apart. */
export function collapsed(collapse: Collapse, epoch: number): FoveaError {
  const what = collapse === "zero" ? "all 0 (f = 0)" : "all the same (f = const)";
  return new FoveaError(
    "encodings-collapsed",
    `Training ended: since epoch ${epoch} the encodings are ${what} and tell nobody apart; the checkpoint is kept. Start anew with a lower learning rate, with --mining semi-hard or random, or with a larger margin.`,
  );
}
