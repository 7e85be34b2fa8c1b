import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sgd } from "../../src/nn/index.ts";
import { executeRun, type RunTask, readRun, runPaths } from "../../src/train/index.ts";
import { startTraining, toyBatch, toyObjective } from "./toy.ts";

interface Recipe {
  learningRate: number;
}

it("a run that is resumed for no time keeps its settings", async () => {
  const out = await mkdtemp(join(tmpdir(), "fovea-run-"));
  const training = await startTraining(toyObjective, { optimizer: sgd(), average: false });
  const task: RunTask<Recipe> = {
    ...training,
    out,
    recipe: { learningRate: 0.05 },
    budget: { epochs: 1 },
    data: { root: "toy", fingerprint: "1" },
    seed: 0,
    stepsPerEpoch: 3,
    takeStep: (state, { step, rates }) => training.step.run(state, toyBatch(step), rates),
    measure: async () => ({ fitness: 1, figures: {}, model: Uint8Array.of(1) }),
    table: () => "",
  };
  try {
    await executeRun(task);
    const { settings } = runPaths(out);
    const before = await readFile(settings, "utf8");
    const saved = await readRun<Recipe>(out);
    const again = executeRun({ ...task, saved, budget: { epochs: 0 } });
    await expect(again).rejects.toMatchObject({ code: "argument-range" });
    expect(await readFile(settings, "utf8")).toBe(before);
  } finally {
    await training.step.release();
    await rm(out, { recursive: true });
  }
});
