import { afterEach } from "vitest";
import type { Scope } from "../../src/nn/index.ts";
import type { Objective, StepOptions, TrainingStep } from "../../src/train/index.ts";
import { startTraining } from "./toy.ts";

/** Starts trainings of one thread whose steps are released after each test of a file. */
export function releasedTrainings() {
  const steps: TrainingStep[] = [];

  afterEach(async () => {
    for (const step of steps.splice(0)) await step.release();
  });

  return async (build: (scope: Scope) => Objective, options: StepOptions) => {
    const training = await startTraining(build, { threads: 1, ...options });
    steps.push(training.step);
    return training;
  };
}
