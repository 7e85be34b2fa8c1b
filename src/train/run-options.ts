import { FoveaError, requireWhole } from "../core/index.ts";
import type { Problem } from "../data/index.ts";
import type { Budget, LoopEvent } from "./loop.ts";

/** What every training may be told, whatever its task. */
export interface RunOptions {
  /** Folder for the results. */
  out: string;
  /** Passes over the data; the task says how many are usual. */
  epochs?: number;
  /** Training time in milliseconds, instead of `epochs`. */
  timeMs?: number;
  /** Goes on from the checkpoint in `out`. */
  resume?: boolean;
  /** Ends after so many epochs without a better validation; default: never. */
  patience?: number;
  /** Threads that read and vary examples; default 1. */
  workers?: number;
  /** Asks to stop: the step is finished, the state saved. */
  signal?: AbortSignal;
  onEvent?: (event: LoopEvent) => void;
  /** Hears of each example that could not be used. */
  onProblem?: (problem: Problem) => void;
}

/**
 * How long to train: as told, else as the resumed run was told, else `usualEpochs`. Throws `argument-range` where both epochs
 * and time are told.
 */
export function budgetOf(
  { epochs, timeMs }: RunOptions,
  saved: { budget: Budget } | undefined,
  usualEpochs: number,
): Budget {
  if (epochs !== undefined && timeMs !== undefined) {
    throw new FoveaError(
      "argument-range",
      `Training: \`epochs\` (=${epochs}) and \`timeMs\` (=${timeMs}) both say how long to train; give one of them.`,
    );
  }
  if (epochs !== undefined) return { epochs };
  if (timeMs !== undefined) return { timeMs };
  return saved?.budget ?? { epochs: usualEpochs };
}

/** A number of epochs that makes about so many steps, within bounds. */
export function epochsForSteps(steps: number, stepsPerEpoch: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.round(steps / stepsPerEpoch)));
}

/** Examples in a batch: as told, else the usual number. Throws `argument-range`. */
export function batchSizeOf({ batchSize }: { batchSize?: number }, usual: number): number {
  if (batchSize === undefined) return usual;
  requireWhole("Training", "batchSize", batchSize, 1);
  return batchSize;
}
