import { join } from "node:path";
import { FoveaError, packageVersion, type Tensor, writeOutput } from "../core/index.ts";
import type { Optimizer } from "../nn/index.ts";
import { loadCheckpoint, readCheckpointStart, saveCheckpoint } from "./checkpoint.ts";
import {
  type Budget,
  type Ending,
  type EpochRecord,
  type LoopEvent,
  type LoopNotes,
  type LoopOptions,
  newNotes,
  runLoop,
} from "./loop.ts";
import { requireRates } from "./require-rates.ts";
import type { TrainingState } from "./state.ts";
import type { StepRates, TrainingStep } from "./step.ts";

/** The part of a task's recipe that the loop follows. */
export type RunRates = Pick<LoopOptions, "learningRate" | "warmUpSteps" | "averageDecay">;

/** What a checkpoint holds besides tensors. */
export interface RunNotes<Recipe> {
  loop: LoopNotes;
  recipe: Recipe;
  budget: Budget;
  /** Fingerprint of the labels. */
  fingerprint: string;
}

/** A run that can be gone on with. */
export interface SavedRun<Recipe> extends RunNotes<Recipe> {
  /** The step that comes next, from 0. */
  step: number;
}

/** Files of a run's folder. */
export interface RunPaths {
  checkpoint: string;
  best: string;
  last: string;
  records: string;
  settings: string;
}

/** A finished (or interrupted) run, as a task hands it over. */
export interface FinishedRun<Recipe, Dataset, Evaluation> {
  ending: Ending;
  /** Folder with the results. */
  out: string;
  /** Paths of the shipped files. */
  best: string;
  last: string;
  /**
   * Path of the report, and the best model's figures on what is kept for validation; neither after an interruption, nor where
   * nothing is kept.
   */
  report?: string;
  evaluation?: Evaluation;
  recipe: Recipe;
  dataset: Dataset;
  notes: LoopNotes;
}

/** Where a run leaves things in its folder. */
export function runPaths(out: string): RunPaths {
  return {
    checkpoint: join(out, "checkpoint.fovea"),
    best: join(out, "best.onnx"),
    last: join(out, "last.onnx"),
    records: join(out, "results.csv"),
    settings: join(out, "settings.json"),
  };
}

/**
 * The settings of the run in `out`, to go on with, and how far it came.
 *
 * @param told what is told anew, if anything: a run whose loss became no number goes on more slowly from its last checkpoint
 * @throws `checkpoint-missing`, `checkpoint-unreadable`
 */
export async function readRun<Recipe>(
  out: string,
  { learningRate }: { learningRate?: number } = {},
): Promise<SavedRun<Recipe>> {
  const { step, notes } = await readCheckpointStart<RunNotes<Recipe>>(runPaths(out).checkpoint);
  const recipe = learningRate === undefined ? notes.recipe : { ...notes.recipe, learningRate };
  return { ...notes, recipe, step };
}

/** What was measured after an epoch. */
export interface Measured {
  /** Higher is better. */
  fitness: number;
  figures: Record<string, number>;
  /** The whole model as it would ship. */
  model: Uint8Array;
}

/** A task's training run. */
export interface RunTask<Recipe extends RunRates> {
  /** Folder for the results. */
  out: string;
  recipe: Recipe;
  budget: Budget;
  /** What `settings.json` says of the data. */
  data: { root: string; fingerprint: string } & Record<string, unknown>;
  /** The notes of the run that is resumed. */
  saved?: RunNotes<Recipe>;
  step: TrainingStep;
  optimizer: Optimizer;
  seed: number;
  /** Values that parameters start from, by name, instead of being drawn. */
  values?: ReadonlyMap<string, Tensor>;
  stepsPerEpoch: number;
  patience?: number;
  signal?: AbortSignal;
  onEvent?: (event: LoopEvent) => void;
  /** Work that a step needs done before, and that may take long: where the signal ends it early, the step is not taken. */
  beforeStep?: (state: TrainingState, step: number) => Promise<void>;
  /** Fetches the batch of a step and computes it. */
  takeStep: (
    state: TrainingState,
    at: { step: number; progress: number; rates: StepRates },
  ) => Promise<Record<string, number>>;
  /** Makes the model of the averaged parameters and measures it. */
  measure: (state: TrainingState) => Promise<Measured>;
  /** The records as a table. */
  table: (records: readonly EpochRecord[]) => string;
}

/**
 * Runs a training with all that belongs to it: settings, checkpoints to resume from, the record of its epochs, the
 * newest model and the best one.
 *
 * @throws `checkpoint-mismatch` where the run that is resumed had other labels; what {@link runLoop} throws
 */
export async function executeRun<Recipe extends RunRates>(
  task: RunTask<Recipe>,
): Promise<{ ending: Ending; notes: LoopNotes }> {
  const { out, recipe, budget, data, saved, step, optimizer, stepsPerEpoch, patience } = task;
  const { learningRate, warmUpSteps, averageDecay } = recipe;
  const rates = { budget, stepsPerEpoch, patience, learningRate, warmUpSteps, averageDecay };
  requireRates(rates); // before the settings of a run that is resumed are replaced
  const paths = runPaths(out);
  if (saved && saved.fingerprint !== data.fingerprint) {
    throw new FoveaError(
      "checkpoint-mismatch",
      `Checkpoint \`${paths.checkpoint}\` was made of other data than \`${data.root}\`, or with other labels; resume with the same data, or start a new run.`,
    );
  }
  const restored =
    saved && (await loadCheckpoint<RunNotes<Recipe>>(paths.checkpoint, step.groups, optimizer));
  const state = restored?.state ?? step.start(task.seed, task.values);
  const loop = restored?.notes.loop ?? newNotes();
  const notes: RunNotes<Recipe> = { loop, recipe, budget, fingerprint: data.fingerprint };
  const settings = { version: packageVersion(), data, budget, ...recipe };
  await writeOutput(paths.settings, `${JSON.stringify(settings, undefined, 2)}\n`);
  const writeRecords = () => writeOutput(paths.records, task.table(loop.records));
  let model: Uint8Array | undefined;
  const ending = await runLoop({
    ...rates,
    state,
    notes: loop,
    signal: task.signal,
    onEvent: task.onEvent,
    checkpoint: () => saveCheckpoint(paths.checkpoint, { state, notes }),
    beforeStep: async (number) => task.beforeStep?.(state, number),
    takeStep: (number, progress, rates) => task.takeStep(state, { step: number, progress, rates }),
    async evaluate() {
      const measured = await task.measure(state);
      model = measured.model;
      return measured;
    },
    async keep(improved) {
      await writeOutput(paths.last, model!);
      await writeRecords();
      if (improved) await writeOutput(paths.best, model!);
    },
  });
  await writeRecords();
  return { ending, notes: loop };
}
