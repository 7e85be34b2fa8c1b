import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adamW, type Optimizer, sgd } from "../../src/nn/index.ts";
import {
  type EpochRecord,
  type LoopNotes,
  loadCheckpoint,
  newNotes,
  runLoop,
  saveCheckpoint,
  type TrainingState,
} from "../../src/train/index.ts";
import { startTraining, toyBatch, toyObjective } from "./toy.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-resume-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Trains the toy net for 4 epochs of 6 steps, from a checkpoint if there is to be one, until a step is reached. */
async function train(
  path: string,
  optimizer: Optimizer,
  { resume = false, stopAfter = Number.POSITIVE_INFINITY, learningRate = 0.05, clipNorm = 0.5 } = {},
) {
  const training = await startTraining(toyObjective, { optimizer, clipNorm, weightDecay: 0.01 });
  const saved = resume && (await loadCheckpoint<LoopNotes>(path, training.step.groups, optimizer));
  const state: TrainingState = saved ? saved.state : training.state;
  const notes = saved ? saved.notes : newNotes();
  const controller = new AbortController();
  const ending = await runLoop({
    state,
    notes,
    stepsPerEpoch: 6,
    budget: { epochs: 4 },
    learningRate,
    warmUpSteps: 5,
    signal: controller.signal,
    async takeStep(step, _, rates) {
      if (step + 1 === stopAfter) controller.abort();
      return training.step.run(state, toyBatch(step), rates);
    },
    async evaluate() {
      const average = state.parameters("average").get("c.weight")!.data as Float32Array;
      return { fitness: Math.abs(average[0]), figures: { first: average[0] } };
    },
    keep: async () => {},
    checkpoint: () => saveCheckpoint(path, { state, notes }),
  });
  await training.step.release();
  return { ending, tensors: state.current, step: state.step, notes };
}

const withoutSeconds = (records: EpochRecord[]) => records.map((record) => ({ ...record, seconds: 0 }));

describe.each([
  { name: "AdamW", make: () => adamW() },
  { name: "SGD", make: () => sgd({ nesterov: true }) },
])("a run with $name", ({ name, make }) => {
  it.each([
    [1],
    [6],
    [10, 11, 23],
  ])("interrupted after step %d … is resumed bit for bit", async (...stops) => {
    const straight = await train(join(folder, `${name}-straight.fovea`), make());
    const path = join(folder, `${name}-${stops}.fovea`);
    for (const [i, stopAfter] of stops.entries()) {
      const part = await train(path, make(), { resume: i > 0, stopAfter });
      expect([part.ending, part.step]).toEqual(["interrupted", stopAfter]);
    }
    const resumed = await train(path, make(), { resume: true });
    expect(resumed.ending).toBe("complete");
    expect(resumed.step).toBe(24);
    expect(Object.keys(resumed.tensors)).toEqual(Object.keys(straight.tensors));
    for (const [tensorName, { data }] of Object.entries(straight.tensors)) {
      expect(bits(resumed.tensors[tensorName].data), tensorName).toBe(bits(data));
    }
    expect(withoutSeconds(resumed.notes.records)).toEqual(withoutSeconds(straight.notes.records));
    expect(resumed.notes.best).toEqual(straight.notes.best);
  });
});

it("a run that diverged goes on from its checkpoint with a lower rate", async () => {
  const path = join(folder, "diverged.fovea");
  await train(path, sgd(), { stopAfter: 6 });
  const tooFast = train(path, sgd(), { resume: true, learningRate: 1e4, clipNorm: 1e30 });
  await expect(tooFast).rejects.toThrow(/`resume` from the checkpoint of step 6 with a lower/);
  const slower = await train(path, sgd(), { resume: true });
  expect([slower.ending, slower.step]).toEqual(["complete", 24]);
});

function bits({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}
