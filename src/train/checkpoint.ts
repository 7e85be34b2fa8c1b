import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { FoveaError, messageOf, type Tensor, writeOutput } from "../core/index.ts";
import { fromTensorProto, readModel, toTensorProto, writeModel } from "../graph/index.ts";
import type { Optimizer } from "../nn/index.ts";
import type { Group } from "./layout.ts";
import { TrainingState } from "./state.ts";

/** A run at one step: all that is needed to go on as if it had never stopped. */
export interface Checkpoint<Notes> {
  state: TrainingState;
  /** Whatever the run keeps besides tensors; JSON. */
  notes: Notes;
}

/**
 * Writes a checkpoint: an ONNX container of tensors with the notes as metadata. The file is whole or not
 * there at all: written aside, synced, renamed.
 */
export async function saveCheckpoint<Notes>(
  path: string,
  { state, notes }: Checkpoint<Notes>,
): Promise<void> {
  const initializer = Object.entries(state.current).map(([name, value]) => toTensorProto(name, value));
  const progress = JSON.stringify({ step: state.step, notes });
  await writeOutput(
    path,
    writeModel({
      irVersion: 9,
      producerName: "fovea",
      metadataProps: [
        { key: "checkpoint", value: progress },
        { key: "digest", value: digestOf(progress, state.current) },
      ],
      graph: { name: "checkpoint", initializer },
    }),
  );
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
  const { buffers, step, notes } = await readCheckpoint<Notes>(path);
  const expected = TrainingState.shapes(groups, optimizer);
  for (const [name, size] of expected) {
    if (buffers[name]?.data.length !== size) {
      throw new FoveaError(
        "checkpoint-mismatch",
        `Checkpoint \`${path}\` holds another net: \`${name}\` has ${buffers[name]?.data.length ?? 0} values instead of ${size}; resume with the settings that it was made with.`,
      );
    }
  }
  return { state: TrainingState.restore(groups, buffers, step), notes };
}

/** The notes alone, for what must be known before the net is built. */
export async function readCheckpointNotes<Notes>(path: string): Promise<Notes> {
  return (await readCheckpoint<Notes>(path)).notes;
}

async function readCheckpoint<Notes>(
  path: string,
): Promise<{ buffers: Record<string, Tensor>; step: number; notes: Notes }> {
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
    const model = readModel(bytes);
    const metadata = new Map(model.metadataProps.map(({ key, value }) => [key, value]));
    const progress = metadata.get("checkpoint");
    if (progress === undefined) throw new Error("it is no checkpoint of Fovea");
    const buffers = Object.fromEntries(
      model.graph.initializer.map((proto) => [proto.name, fromTensorProto(proto)] as const),
    );
    if (digestOf(progress, buffers) !== metadata.get("digest")) throw new Error("its bytes have changed");
    return { buffers, ...JSON.parse(progress) };
  } catch (cause) {
    throw new FoveaError(
      "checkpoint-unreadable",
      `Checkpoint \`${path}\` cannot be read (${messageOf(cause)}); delete it and start the run again.`,
      { cause },
    );
  }
}

/** Tells whether a file still holds what was written: a flipped bit in a tensor would go unnoticed otherwise. */
function digestOf(progress: string, buffers: Readonly<Record<string, Tensor>>): string {
  const hash = createHash("sha256").update(progress);
  for (const [name, { dtype, data }] of Object.entries(buffers)) hash.update(`${name} ${dtype}`).update(data);
  return hash.digest("hex");
}
