import { FoveaError, requireRange, requireWhole } from "../core/index.ts";
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

/**
 * Throws `argument-range` where a training is told a number that it cannot be done with: before anything is read, made or
 * computed for it.
 */
export function requireRunOptions(
  told: RunOptions & { batchSize?: number; seed?: number; learningRate?: number },
): void {
  const isPositive = (value: number) => value > 0 && Number.isFinite(value);
  const isCount = (value: number) => Number.isInteger(value) && value >= 1;
  const rules: [name: keyof typeof told, fits: (value: number) => boolean, range: string][] = [
    ["epochs", isPositive, "a positive number"],
    ["timeMs", isPositive, "a positive number"],
    ["patience", (value) => value >= 0, "a number of epochs ≥ 0, where 0 never ends a run"],
    ["workers", isCount, "a whole number of at least 1"],
    ["batchSize", isCount, "a whole number of at least 1"],
    ["seed", Number.isInteger, "a whole number"],
    ["learningRate", isPositive, "a number above 0"],
  ];
  for (const [name, fits, range] of rules) {
    const value = told[name];
    if (value === undefined) continue;
    requireRange("Training", name, value, typeof value === "number" && fits(value), range);
  }
  budgetOf(told, undefined, 1);
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
