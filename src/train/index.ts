export { type Checkpoint, loadCheckpoint, readCheckpointNotes, saveCheckpoint } from "./checkpoint.ts";
export { type Group, packByRole, type Slot } from "./layout.ts";
export {
  type Budget,
  type Ending,
  type EpochRecord,
  type LoopEvent,
  type LoopNotes,
  type LoopOptions,
  newNotes,
  runLoop,
} from "./loop.ts";
export { readBest } from "./read-best.ts";
export {
  executeRun,
  type FinishedRun,
  type Measured,
  type RunNotes,
  type RunPaths,
  type RunRates,
  type RunTask,
  readRun,
  runPaths,
  type SavedRun,
} from "./run.ts";
export { batchSizeOf, budgetOf, epochsForSteps, type RunOptions, requireRunOptions } from "./run-options.ts";
export { TrainingState } from "./state.ts";
export { type Batch, type Objective, type StepOptions, type StepRates, TrainingStep } from "./step.ts";
export { readTensorFile, type TensorFile, writeTensorFile } from "./tensor-file.ts";
