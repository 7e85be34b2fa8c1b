import { requireRange, requireWhole } from "../core/index.ts";
import type { LoopOptions } from "./loop.ts";

/** The numbers that a run follows. */
type RunNumbers = Pick<
  LoopOptions,
  | "budget"
  | "stepsPerEpoch"
  | "learningRate"
  | "averageDecay"
  | "patience"
  | "warmUpSteps"
  | "checkpointEveryMs"
>;

/** Throws `argument-range` where a number that a run follows is out of its range. */
export function requireRates({ budget, stepsPerEpoch, learningRate, ...options }: RunNumbers): void {
  const [[budgetName, amount]] = Object.entries(budget);
  const { averageDecay = 0, patience = 0, warmUpSteps = 0, checkpointEveryMs = 0 } = options;
  const require = (name: string, value: number, fits: boolean, range: string) =>
    requireRange("Training", name, value, fits, range);
  require(budgetName, amount, amount > 0 && Number.isFinite(amount), "a positive number");
  requireWhole("Training", "stepsPerEpoch", stepsPerEpoch, 1);
  require("learningRate", learningRate, learningRate >= 0 && Number.isFinite(learningRate), "a number ≥ 0");
  require("averageDecay", averageDecay, averageDecay >= 0 && averageDecay <= 1, "within 0 … 1");
  require("warmUpSteps", warmUpSteps, warmUpSteps >= 0, "a number ≥ 0");
  require("patience", patience, patience >= 0, "a number of epochs ≥ 0, where 0 never ends a run");
  require("checkpointEveryMs", checkpointEveryMs, checkpointEveryMs >= 0, "a number ≥ 0");
}
