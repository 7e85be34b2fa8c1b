import { readFile } from "node:fs/promises";
import { FoveaError, messageOf, type Tensor } from "../core/index.ts";
import type { Optimizer } from "../nn/index.ts";
import type { Group } from "./layout.ts";
import { TrainingState } from "./state.ts";
import { readTensorFile, writeTensorFile } from "./tensor-file.ts";

/** A run at one step: all that is needed to go on as if it had never stopped. */
export interface Checkpoint<Notes> {
  state: TrainingState;
  /** Whatever the run keeps besides tensors; JSON. */
  notes: Notes;
}

/** What the file is called in its own metadata. */
const KIND = "checkpoint";

/** Writes a checkpoint: its tensors, with step and notes as their text. */
export async function saveCheckpoint<Notes>(
  path: string,
  { state, notes }: Checkpoint<Notes>,
): Promise<void> {
  const text = JSON.stringify({ step: state.step, seed: state.seed, notes });
  await writeTensorFile(path, KIND, { tensors: state.current, text });
}

/**
 * Reads a checkpoint of a net with these parameters.
 * @throws FoveaError `checkpoint-missing`, `checkpoint-unreadable`, `checkpoint-mismatch`
 */
export async function loadCheckpoint<Notes>(
  path: string,
  groups: readonly Group[],
  optimizer: Optimizer,
): Promise<Checkpoint<Notes>> {
  const { buffers, step, seed = 0, notes } = await readCheckpoint<Notes>(path);
  const expected = TrainingState.shapes(groups, optimizer);
  for (const [name, size] of expected) {
    if (buffers[name]?.data.length !== size) {
      throw new FoveaError(
        "checkpoint-mismatch",
        `Checkpoint \`${path}\` holds another net: \`${name}\` has ${buffers[name]?.data.length ?? 0} values instead of ${size}; resume with the settings that it was made with.`,
      );
    }
  }
  return { state: TrainingState.restore(groups, buffers, step, seed), notes };
}

/** The notes alone, for what must be known before the net is built. */
export async function readCheckpointNotes<Notes>(path: string): Promise<Notes> {
  return (await readCheckpoint<Notes>(path)).notes;
}

async function readCheckpoint<Notes>(
  path: string,
): Promise<{ buffers: Record<string, Tensor>; step: number; seed?: number; notes: Notes }> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new FoveaError(
      "checkpoint-missing",
      `There is no checkpoint \`${path}\` to resume from; start the run without --resume.`,
      { cause },
    );
  }
  try {
    const { tensors: buffers, text } = readTensorFile(bytes, KIND);
    return { buffers, ...JSON.parse(text) };
  } catch (cause) {
    throw new FoveaError(
      "checkpoint-unreadable",
      `Checkpoint \`${path}\` cannot be read (${messageOf(cause)}); delete it and start the run again.`,
      { cause },
    );
  }
}
