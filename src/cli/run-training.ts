import type { Command } from "commander";
import type { Ending, LoopEvent } from "../train/index.ts";
import { listenForInterrupt } from "./interrupt.ts";
import type { GlobalOptions } from "./options.ts";
import { note } from "./output.ts";
import { interruptedRun } from "./run-folder.ts";
import { createTrainingProgress } from "./training-progress.ts";

/** What a training tells the person who waits for it, and how it is asked to stop. */
export interface TrainingHooks {
  signal: AbortSignal;
  onEvent: (event: LoopEvent) => void;
  onProblem: (problem: { file: string; detail: string }) => void;
}

/**
 * Trains with progress on stderr; Ctrl-C ends it after the step under way.
 *
 * @param command what is run again to go on
 * @throws FoveaError that says how to go on, where it was interrupted
 */
export async function runTraining<Run extends { ending: Ending; notes: { elapsedMs: number } }>(
  command: Command,
  options: GlobalOptions & { out: string },
  train: (hooks: TrainingHooks) => Promise<Run>,
): Promise<Run> {
  const interrupt = listenForInterrupt(() => note("Saving after this step.", options));
  const progress = createTrainingProgress({ quiet: options.quiet });
  try {
    const run = await train({
      signal: interrupt.signal,
      onEvent: progress.onEvent,
      onProblem: ({ file, detail }) => note(`${file}: ${detail}`, options),
    });
    if (run.ending !== "interrupted") return run;
    progress.done();
    throw interruptedRun(command, run.notes);
  } finally {
    progress.done();
    interrupt.dispose();
  }
}
