import { FoveaError } from "../core/index.ts";
import type { LoopOptions } from "./loop.ts";

/** Throws `argument-range` where a number that a run follows is out of its range. */
export function requireRates({ budget, ...options }: LoopOptions): void {
  const [[budgetName, amount]] = Object.entries(budget);
  const { learningRate, averageDecay = 0, patience = 0, warmUpSteps = 0, checkpointEveryMs = 0 } = options;
  const isWhole = Number.isInteger(options.stepsPerEpoch);
  requireThat(budgetName, amount, amount > 0 && Number.isFinite(amount), "a positive number");
  requireThat(
    "stepsPerEpoch",
    options.stepsPerEpoch,
    isWhole && options.stepsPerEpoch >= 1,
    "a whole number ≥ 1",
  );
  requireThat(
    "learningRate",
    learningRate,
    learningRate >= 0 && Number.isFinite(learningRate),
    "a number ≥ 0",
  );
  requireThat("averageDecay", averageDecay, averageDecay >= 0 && averageDecay <= 1, "within 0 … 1");
  requireThat("warmUpSteps", warmUpSteps, warmUpSteps >= 0, "a number ≥ 0");
  requireThat("patience", patience, patience >= 0, "a number of epochs ≥ 1, or left out");
  requireThat("checkpointEveryMs", checkpointEveryMs, checkpointEveryMs >= 0, "a number ≥ 0");
}

function requireThat(name: string, value: number, fits: boolean, range: string): void {
  if (fits) return;
  throw new FoveaError("argument-range", `Training: \`${name}\` (=${value}) must be ${range}.`);
}
