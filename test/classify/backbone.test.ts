import { mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ClassifierRun,
  type TrainClassifierOptions,
  trainClassifier,
} from "../../src/classify/index.ts";
import { classifierLogits } from "../../src/classify/net.ts";
import type { Tensor } from "../../src/core/index.ts";
import { loadClassificationDataset } from "../../src/data/index.ts";
import { fromTensorProto, Graph, readModel } from "../../src/graph/index.ts";
import { backboneTrunks, usualBackboneUse } from "../../src/models/index.ts";
import { adamW, Scope } from "../../src/nn/index.ts";
import { loadCheckpoint, packByRole, runPaths } from "../../src/train/index.ts";
import { writePictures, writeWaves } from "./tiny-sets.ts";

let folder: string;
let backbone: string;
let trunk: Map<string, number[]>;
const settings = { size: 32, batchSize: 8, threads: 1, seed: 1, backbone: "none" };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-backbone-"));
  await writePictures(join(folder, "first"), { counts: { disc: 12, square: 12 } });
  await writePictures(join(folder, "other"), { counts: { cross: 8, disc: 8, square: 8 }, seed: 9 });
  await writeWaves(join(folder, "waves.tsv"), 12);
  const run = await trainClassifier({
    ...settings,
    data: join(folder, "first"),
    out: join(folder, "first-run"),
    epochs: 3,
  });
  backbone = run.best;
  const { graph } = readModel(await readFile(backbone));
  trunk = new Map(
    graph.initializer
      .filter(({ name }) => isTrunks(name))
      .map((proto) => [proto.name, numbers(fromTensorProto(proto))]),
  );
  expect(trunk.size).toBeGreaterThan(20);
  expect([...trunk.keys()].some((name) => name.startsWith("widen."))).toBe(true);
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

/** Whether a parameter comes from a backbone: the trunk's, and those that widen its last map. */
const isTrunks = (name: string) => /^(trunk|widen)\./.test(name);

const numbers = ({ data }: Tensor): number[] => Array.from(data as Float32Array);

/** Trains on other classes until so many steps are done. */
async function train(name: string, steps: number, options: Partial<TrainClassifierOptions> = {}) {
  const controller = new AbortController();
  if (steps === 0) controller.abort();
  return trainClassifier({
    ...settings,
    data: await loadClassificationDataset(join(folder, "other"), { valFraction: 0 }),
    out: join(folder, name),
    epochs: 50,
    ...options,
    signal: controller.signal,
    onEvent(event) {
      if (event.kind === "step" && event.step === steps) controller.abort();
    },
  });
}

/** The parameters of an interrupted run, by name. */
async function parametersOf({ out, recipe }: ClassifierRun, part: "value" | "average" = "value") {
  const graph = new Graph();
  const scope = new Scope(graph);
  classifierLogits(scope, graph.input("inputs", [recipe.batchSize, ...recipe.shape], "uint8"), recipe);
  const groups = packByRole(scope.set);
  const { state } = await loadCheckpoint(runPaths(out).checkpoint, groups, adamW());
  const values = new Map([...state.parameters(part)].map(([name, value]) => [name, numbers(value)]));
  const learned = [...scope.set.parameters.values()].filter(({ role }) => role !== "statistic");
  return { values, learned: new Set(learned.map(({ name }) => name)), step: state.step };
}

describe("training from a backbone's file", () => {
  it("starts with the trunk's values and a head of its own", async () => {
    const { values, step } = await parametersOf(await train("start", 0, { backbone }));
    expect(step).toBe(0);
    const { values: scratch } = await parametersOf(await train("scratch", 0));
    expect([...values.keys()].sort()).toEqual([...scratch.keys()].sort());
    for (const [name, value] of values) {
      if (isTrunks(name)) expect(value, name).toEqual(trunk.get(name));
      else expect(value, name).toEqual(scratch.get(name));
    }
    expect([...values.keys()].filter((name) => isTrunks(name))).toHaveLength(trunk.size);
    expect([...trunk].some(([name, value]) => `${value}` !== `${scratch.get(name)}`)).toBe(true);
  });

  it("keeps the trunk as it is at first, and then lets it learn at its own rate", async () => {
    const totalSteps = 50 * 3; // 24 pictures, 8 in a batch
    const frozenSteps = Math.ceil(usualBackboneUse(backboneTrunks.nano).frozenShare * totalSteps);
    expect(frozenSteps).toBeGreaterThan(2);
    const frozenRun = await train("frozen", frozenSteps, { backbone });
    for (const part of ["value", "average"] as const) {
      const { values, learned, step } = await parametersOf(frozenRun, part);
      expect(step).toBe(frozenSteps);
      const changed = [...learned].filter((name) => `${values.get(name)}` !== `${trunk.get(name)}`);
      expect(changed.filter((name) => isTrunks(name))).toEqual([]);
    }
    const start = await parametersOf(await train("start", 0, { backbone }));
    const frozen = await parametersOf(frozenRun);
    for (const name of frozen.learned) {
      if (isTrunks(name)) continue;
      expect(frozen.values.get(name), name).not.toEqual(start.values.get(name));
    }
    const thawed = await parametersOf(await train("thawed", frozenSteps + 1, { backbone }));
    for (const name of thawed.learned)
      expect(thawed.values.get(name), name).not.toEqual(frozen.values.get(name));
  });

  it("goes on without the backbone's file, whose values it has in its own", async () => {
    await train("moved", 1, { backbone });
    await rename(backbone, `${backbone}.away`);
    try {
      const resumed = await train("moved", 2, { resume: true });
      expect((await parametersOf(resumed)).step).toBe(2);
    } finally {
      await rename(`${backbone}.away`, backbone);
    }
  });

  it("refuses a net with another trunk, or with none", async () => {
    const other = train("wrong", 1, { backbone, model: "small" });
    await expect(other).rejects.toMatchObject({ code: "backbone-differs" });
    await expect(train("wrong", 1, { backbone, model: "resnet" })).rejects.toMatchObject({
      code: "argument-range",
      message: expect.stringContaining('not for "resnet"'),
    });
    const sequences = trainClassifier({
      data: join(folder, "waves.tsv"),
      out: join(folder, "wrong"),
      epochs: 1,
      backbone,
    });
    await expect(sequences).rejects.toMatchObject({ code: "argument-range" });
  });

  it("refuses what is no backbone", async () => {
    await expect(train("wrong", 1, { backbone: "fovea-giant" })).rejects.toMatchObject({
      code: "backbone-unknown",
      message: expect.stringMatching(
        /^Backbone "fovea-giant" does not ship with Fovea; (choose \S.+, or )?give an/,
      ),
    });
    await expect(train("wrong", 1, { backbone: join(folder, "none.onnx") })).rejects.toMatchObject({
      code: "model-missing",
    });
    const waves = await trainClassifier({
      data: join(folder, "waves.tsv"),
      out: join(folder, "waves-run"),
      epochs: 1,
      threads: 1,
    });
    await expect(train("wrong", 1, { backbone: waves.best })).rejects.toMatchObject({
      code: "not-a-backbone",
    });
  });
});
