import { FoveaError } from "../core/index.ts";
import { cosine, emaDecay, type Schedule, warmUp } from "../nn/index.ts";
import { requireRates } from "./require-rates.ts";
import type { TrainingState } from "./state.ts";
import type { StepRates } from "./step.ts";

/** How long to train: passes over the data, or time. */
export type Budget = { epochs: number } | { timeMs: number };

/**
 * One row of a run's record: an epoch's figures by name. `epoch` counts from 1; `learningRate` is that of its last step; losses
 * are means over its steps.
 */
export type EpochRecord = Record<string, number>;

/** What a run must remember besides its tensors to go on bit-identically. */
export interface LoopNotes {
  /** Finished epochs' figures. */
  records: EpochRecord[];
  /** Sums of the reports of the epoch under way. */
  sums: Record<string, number>;
  /** Training time so far, all sessions together. */
  elapsedMs: number;
  /** Best fitness so far and the epoch that had it; −1 before the first, or where there is nothing to measure by. */
  best: { fitness: number; epoch: number };
  /** Learning rate of the last step. */
  learningRate: number;
  /** Time that the last evaluation took, and the elapsed time, epoch and step at which it ended. */
  evaluation: { costMs: number; endedMs: number; epoch: number; step: number };
}

export function newNotes(): LoopNotes {
  return {
    records: [],
    sums: {},
    elapsedMs: 0,
    best: { fitness: -1, epoch: 0 },
    learningRate: 0,
    evaluation: { costMs: 0, endedMs: 0, epoch: 0, step: 0 },
  };
}

/** What happens in a run, for progress displays. */
export type LoopEvent =
  | {
      kind: "step";
      step: number;
      epoch: number;
      progress: number;
      elapsedMs: number;
      remainingMs: number;
      reports: Record<string, number>;
    }
  | { kind: "epoch"; epoch: number; record: EpochRecord; improved: boolean };

/** Why a run ended. */
export type Ending = "complete" | "early-stop" | "interrupted";

/** A task's part in the loop. */
export interface LoopOptions {
  /** What the run has learned so far; each step advances it. */
  state: TrainingState;
  /** What it remembers besides: {@link newNotes} at the start, those of its checkpoint where it is resumed. */
  notes: LoopNotes;
  /** Whole number ≥ 1. */
  stepsPerEpoch: number;
  budget: Budget;
  /** Peak learning rate, ≥ 0. */
  learningRate: number;
  /** The rate's course over the run, as a factor; default {@link cosine}. */
  schedule?: Schedule;
  /** Steps n over which the rate rises at the start, from 1/n of what the schedule says; 0 for none, default 100. */
  warmUpSteps?: number;
  /** Decay of the moving average of parameters, in [0, 1]; default 0.998. */
  averageDecay?: number;
  /** Ends after so many epochs without a better fitness; 0, the default, for never. */
  patience?: number;
  /** At least this long between checkpoints, in milliseconds; default 15,000. */
  checkpointEveryMs?: number;
  /** Asks to stop: the step is finished, the state saved. */
  signal?: AbortSignal;
  /** Work that a step needs done before, and that may take long: where the signal ends it early, the step is not taken. */
  beforeStep?: (step: number) => Promise<void>;
  /** Fetches the batch and computes the step; leaves `state.advance()` to the loop. */
  takeStep: (step: number, progress: number, rates: StepRates) => Promise<Record<string, number>>;
  /**
   * Measures the averaged parameters; higher fitness is better. NaN where there is nothing to measure by: then the
   * newest counts as the best. Figures that are NaN are left out of the record.
   */
  evaluate: () => Promise<{ fitness: number; figures: Record<string, number> }>;
  /** Keeps what the newest evaluation measured; `improved` says that it is the best so far. */
  keep: (improved: boolean) => Promise<void>;
  /** Writes a checkpoint of state and notes. */
  checkpoint: () => Promise<void>;
  /** Hears of each step and epoch. */
  onEvent?: (event: LoopEvent) => void;
}

/** An evaluation may take this share of the training time. */
const EVALUATION_SHARE = 0.1;

/**
 * Trains until the budget is used up, the fitness stops rising, or the signal asks to stop: then a checkpoint of the last
 * step is on disk. Where a task's own work throws, or the loss is no number any more, it is the one of the last
 * `checkpointEveryMs`: it holds a state whose loss was a number, so that a run resumed with a lower rate goes on.
 *
 * @throws FoveaError `loss-not-finite` when the loss or gradient is no number any more; `argument-range` for a budget
 *   that is not positive, and rates or counts out of their ranges
 */
export async function runLoop(options: LoopOptions): Promise<Ending> {
  const { state, notes, stepsPerEpoch, budget, signal } = options;
  const { schedule = cosine(), warmUpSteps = 100, averageDecay = 0.998 } = options;
  const { checkpointEveryMs = 15_000 } = options;
  requireRates(options);
  let clock = performance.now();
  let lastCheckpoint = notes.elapsedMs;
  const first = state.step;
  /** The step of the newest checkpoint whose loss is known to be a number. */
  let good: number | undefined;
  const tick = () => {
    const now = performance.now();
    notes.elapsedMs += now - clock;
    clock = now;
  };
  const progressNow = () =>
    "epochs" in budget
      ? state.step / wholeSteps(budget.epochs * stepsPerEpoch)
      : notes.elapsedMs / budget.timeMs;

  while (progressNow() < 1) {
    if (!signal?.aborted) await options.beforeStep?.(state.step);
    if (signal?.aborted) {
      await options.checkpoint();
      return "interrupted";
    }
    const { step } = state;
    const progress = progressNow();
    const rates = {
      learningRate: options.learningRate * schedule(progress) * warmUp(step, warmUpSteps),
      averageDecay: emaDecay(step, averageDecay),
    };
    const reports = await options.takeStep(step, progress, rates);
    requireFinite(reports, step, options.learningRate, good);
    if (step === first && first > 0) good = first;
    if (notes.elapsedMs - lastCheckpoint >= checkpointEveryMs) {
      const began = performance.now();
      await options.checkpoint();
      clock += performance.now() - began; // not counted: else the time could run out here
      lastCheckpoint = notes.elapsedMs;
      good = step;
    }
    state.advance();
    notes.learningRate = rates.learningRate;
    tick();
    for (const [name, value] of Object.entries(reports)) notes.sums[name] = (notes.sums[name] ?? 0) + value;
    const epoch = Math.floor(step / stepsPerEpoch) + 1;
    const done = progressNow();
    options.onEvent?.({
      kind: "step",
      step: state.step,
      epoch,
      progress: Math.min(1, done),
      elapsedMs: notes.elapsedMs,
      remainingMs: remaining(budget, notes.elapsedMs, done),
      reports,
    });
    const epochEnds = state.step % stepsPerEpoch === 0;
    if (epochEnds || done >= 1) {
      const ended = await endEpoch(options, epoch, done >= 1, tick);
      if (ended) return ended;
    }
  }
  // Resumed with a budget that was used up already, before anything, or the last steps, were measured.
  if (state.step > 0 && notes.evaluation.step !== state.step) {
    await endEpoch(options, Math.ceil(state.step / stepsPerEpoch), true, tick);
  }
  await options.checkpoint();
  return "complete";
}

/** A budget's steps, the last one whole. Of 7 steps in epochs of 100, 7 / 100 × 100 is a little more than 7. */
function wholeSteps(steps: number): number {
  return Math.max(1, Math.ceil(steps - 1e-6));
}

/** Closes an epoch's record, evaluating when it is time to. Returns how the run ends, if it does. */
async function endEpoch(
  options: LoopOptions,
  epoch: number,
  last: boolean,
  tick: () => void,
): Promise<Ending | undefined> {
  const { notes, state, patience } = options;
  const record = recordOf(options, epoch);
  let improved = false;
  if (last || evaluationDue(options, epoch)) {
    const before = notes.elapsedMs;
    const { fitness, figures } = await options.evaluate();
    for (const [name, value] of Object.entries(figures)) if (!Number.isNaN(value)) record[name] = value;
    const unknown = Number.isNaN(fitness);
    improved = unknown || fitness > notes.best.fitness;
    if (improved) notes.best = { fitness: unknown ? -1 : fitness, epoch };
    tick();
    record.seconds = seconds(notes);
    await options.keep(improved);
    tick();
    const costMs = notes.elapsedMs - before;
    notes.evaluation = { costMs, endedMs: notes.elapsedMs, epoch, step: state.step };
  }
  record.seconds = seconds(notes);
  options.onEvent?.({ kind: "epoch", epoch, record, improved });
  if (patience && !last && epoch - notes.best.epoch >= patience && notes.evaluation.epoch === epoch) {
    await options.checkpoint();
    return "early-stop";
  }
  return undefined;
}

/** The record of the steps since the last one, or that one where there were none. */
function recordOf({ notes, state }: LoopOptions, epoch: number): EpochRecord {
  const before = notes.records.at(-1);
  if (before?.step === state.step) return before;
  const steps = state.step - (before?.step ?? 0);
  const record: EpochRecord = { epoch, step: state.step, learningRate: notes.learningRate };
  for (const [name, sum] of Object.entries(notes.sums)) record[name] = sum / steps;
  notes.sums = {};
  notes.records.push(record);
  return record;
}

function seconds({ elapsedMs }: LoopNotes): number {
  return Math.round(elapsedMs / 100) / 10;
}

/** By count where the run is counted in epochs (so that it can be repeated exactly), else by cost. */
function evaluationDue({ budget, notes }: LoopOptions, epoch: number): boolean {
  if ("epochs" in budget) return epoch - notes.evaluation.epoch >= Math.ceil(budget.epochs / 40);
  return notes.elapsedMs - notes.evaluation.endedMs >= notes.evaluation.costMs / EVALUATION_SHARE;
}

function remaining(budget: Budget, elapsedMs: number, progress: number): number {
  if ("timeMs" in budget) return Math.max(0, budget.timeMs - elapsedMs);
  return progress > 0 ? Math.max(0, (elapsedMs / progress) * (1 - progress)) : Number.NaN;
}

/** @param good step of a checkpoint from which a slower run can go on, if there is one */
function requireFinite(
  reports: Record<string, number>,
  step: number,
  learningRate: number,
  good: number | undefined,
): void {
  const wrong = Object.entries(reports).find(([, value]) => !Number.isFinite(value));
  if (!wrong) return;
  const remedy =
    good === undefined
      ? "start anew with a lower `learningRate` (--lr"
      : `\`resume\` from the checkpoint of step ${good} with a lower \`learningRate\` (--resume --lr`;
  throw new FoveaError(
    "loss-not-finite",
    `Training stopped at step ${step + 1}: \`${wrong[0]}\` became ${wrong[1]}; ${remedy}; it was ${learningRate}).`,
  );
}
