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

/** What a checkpoint says of itself beside its tensors. */
interface Contents<Notes> {
  step: number;
  seed?: number;
  optimizer?: string;
  /** Each group's parameters with their shapes, as they lie in its buffers. */
  layout?: Layout;
  notes: Notes;
}

type Layout = Record<string, string[]>;

/** Writes a checkpoint: its tensors, with step and notes as their text. */
export async function saveCheckpoint<Notes>(
  path: string,
  { state, notes }: Checkpoint<Notes>,
): Promise<void> {
  const { step, seed, optimizer, groups, current } = state;
  const contents: Contents<Notes> = { step, seed, optimizer, layout: layoutOf(groups), notes };
  await writeTensorFile(path, KIND, { tensors: current, text: JSON.stringify(contents) });
}

/**
 * Reads a checkpoint of a net with these parameters.
 * @throws FoveaError `checkpoint-missing`, `checkpoint-unreadable`, or `checkpoint-mismatch` where it has other parameters
 *   or another optimiser
 */
export async function loadCheckpoint<Notes>(
  path: string,
  groups: readonly Group[],
  optimizer: Optimizer,
): Promise<Checkpoint<Notes>> {
  const { buffers, step, seed = 0, notes, ...made } = await readCheckpoint<Notes>(path);
  const another = (difference: string) =>
    new FoveaError(
      "checkpoint-mismatch",
      `Checkpoint \`${path}\` holds another net: ${difference}; resume with the settings that it was made with.`,
    );
  for (const [name, size] of TrainingState.shapes(groups, optimizer)) {
    const held = buffers[name]?.data.length ?? 0;
    if (held !== size) throw another(`\`${name}\` has ${held} values instead of ${size}`);
  }
  const { layout = {} } = made;
  for (const [group, parameters] of Object.entries(layoutOf(groups))) {
    for (const [i, parameter] of parameters.entries()) {
      const held = layout[group]?.[i] ?? parameter;
      if (held !== parameter) throw another(`it has ${held} where this one has ${parameter}`);
    }
  }
  if (made.optimizer && made.optimizer !== optimizer.name) {
    throw another(`it was trained by ${made.optimizer}, not by ${optimizer.name}`);
  }
  return { state: TrainingState.restore(groups, optimizer, buffers, step, seed), notes };
}

function layoutOf(groups: readonly Group[]): Layout {
  return Object.fromEntries(
    groups.map((group) => [group.name, group.slots.map(({ name, shape }) => `\`${name}\` [${shape}]`)]),
  );
}

/** The notes alone, for what must be known before the net is built. */
export async function readCheckpointNotes<Notes>(path: string): Promise<Notes> {
  return (await readCheckpointStart<Notes>(path)).notes;
}

/** The notes, and the step that was reached: where the run goes on. */
export async function readCheckpointStart<Notes>(path: string): Promise<{ step: number; notes: Notes }> {
  const { step, notes } = await readCheckpoint<Notes>(path);
  return { step, notes };
}

async function readCheckpoint<Notes>(
  path: string,
): Promise<Contents<Notes> & { buffers: Record<string, Tensor> }> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") {
      throw new FoveaError(
        "checkpoint-unreadable",
        `Checkpoint \`${path}\` cannot be read (${messageOf(cause)}); make it readable to resume from it.`,
        { cause },
      );
    }
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
