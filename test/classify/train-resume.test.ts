import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Classifier, type TrainClassifierOptions, trainClassifier } from "../../src/classify/index.ts";
import { SizedStep } from "../../src/classify/sized-step.ts";
import { ExampleLoader, loadClassificationDataset } from "../../src/data/index.ts";
import { readModel } from "../../src/graph/index.ts";
import type { EpochRecord } from "../../src/train/index.ts";
import { writePictures, writeSolids, writeWaves } from "./tiny-sets.ts";

const loadBatch = ExampleLoader.prototype.batch;
let folder: string;
const data: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-classify-resume-"));
  data.pictures = join(folder, "shapes");
  await writePictures(data.pictures);
  data.sequences = join(folder, "waves.tsv");
  await writeWaves(data.sequences, 24);
  data.volumes = await writeSolids(folder, 24);
});
afterAll(() => rm(folder, { recursive: true }));

/** Trains in a folder of the given name, until a number of steps is done. */
function train(
  name: string,
  options: Partial<TrainClassifierOptions> & { data: TrainClassifierOptions["data"] },
  stopAfter = Number.POSITIVE_INFINITY,
) {
  const controller = new AbortController();
  return trainClassifier({
    out: join(folder, name),
    threads: 1,
    ...options,
    signal: controller.signal,
    onEvent(event) {
      if (event.kind === "step" && event.step === stopAfter) controller.abort();
    },
  });
}

/** The tensors of a checkpoint by name, their bytes as text. */
async function tensorsOf(name: string): Promise<Record<string, string>> {
  const { graph } = readModel(await readFile(join(folder, name, "checkpoint.fovea")));
  return Object.fromEntries(
    graph.initializer.map(({ name, rawData }) => [name, Buffer.from(rawData).toString("base64")]),
  );
}

const withoutSeconds = (records: EpochRecord[]) => records.map((record) => ({ ...record, seconds: 0 }));

/** Every kind with what only it has: pictures of two sizes, with classes' weights and mixup; volumes with dropout. */
const settings: Record<string, Partial<TrainClassifierOptions>> = {
  pictures: { size: 32, balance: true, augment: { mixup: 0.2 }, progressiveResizing: 0.6 },
  sequences: {},
  volumes: { model: "voxnet" },
};

describe.each(Object.keys(settings))("trainClassifier of %s", (kind) => {
  it("resumed after interruptions is bit for bit what it is in one go", async () => {
    const chosen = { data: data[kind], batchSize: 7, epochs: 4, seed: 6, ...settings[kind] };
    const straight = await train(`${kind}-straight`, chosen);
    expect(straight.ending).toBe("complete");
    const stepsPerEpoch = straight.notes.records[0].step;
    expect(straight.notes.records.map(({ step }) => step)).toEqual(
      [1, 2, 3, 4].map((n) => n * stepsPerEpoch),
    );
    expect(stepsPerEpoch).toBeGreaterThan(1);

    const again = { data: data[kind], resume: true };
    const parts = [
      await train(`${kind}-parts`, chosen, 1), // within an epoch
      await train(`${kind}-parts`, again, 2 * stepsPerEpoch), // at the end of one
    ];
    expect(parts.map(({ ending, evaluation }) => [ending, evaluation])).toEqual([
      ["interrupted", undefined],
      ["interrupted", undefined],
    ]);
    const resumed = await train(`${kind}-parts`, again);
    expect(resumed.ending).toBe("complete");
    expect(resumed.recipe).toEqual(straight.recipe);
    expect(withoutSeconds(resumed.notes.records)).toEqual(withoutSeconds(straight.notes.records));
    expect(await tensorsOf(`${kind}-parts`)).toEqual(await tensorsOf(`${kind}-straight`));
    for (const file of ["best.onnx", "last.onnx"]) {
      const [one, other] = await Promise.all(
        ["straight", "parts"].map((name) => readFile(join(folder, `${kind}-${name}`, file))),
      );
      expect(Buffer.compare(one, other), file).toBe(0);
    }
    expect(resumed.evaluation).toEqual(straight.evaluation);
  });
});

describe("trainClassifier", () => {
  it("goes on with pictures of full size without building the step for smaller ones first", async () => {
    const chosen = {
      data: data.pictures,
      batchSize: 8,
      epochs: 2,
      size: 64,
      seed: 2,
      progressiveResizing: 0.1,
    };
    await train("grown", chosen, 2);
    const compile = vi.spyOn(SizedStep, "compile");
    await train("grown", { data: data.pictures, resume: true }, 3);
    expect(compile.mock.calls.map(([, shape]) => shape)).toEqual([[3, 64, 64]]);
    compile.mockRestore();
  });

  it.each([
    { workers: 0 },
    { epochs: -1 },
    { timeMs: Number.NaN },
    { patience: -1 },
  ])("refuses %j before it reads data", async (wrong) => {
    const none = join(folder, "none");
    await expect(train("wrong", { data: none, ...wrong })).rejects.toMatchObject({
      code: "argument-range",
      message: expect.stringContaining(Object.keys(wrong)[0]),
    });
  });

  it("says so where the best model of a run that is complete is gone", async () => {
    await rm(join(folder, "sequences-straight", "best.onnx"));
    const resumed = train("sequences-straight", { data: data.sequences, resume: true });
    await expect(resumed).rejects.toMatchObject({
      code: "model-missing",
      message: expect.stringMatching(/straight.best\.onnx`, cannot be opened \(ENOENT\): put it back there/),
    });
  });

  it("is another one with another seed", async () => {
    for (const seed of [6, 7]) await train(`seed${seed}`, { data: data.sequences, batchSize: 7, seed }, 1);
    expect(await tensorsOf("seed6")).not.toEqual(await tensorsOf("seed7"));
  });

  it("resumes with the splits that the run's own seed drew", async () => {
    await train("own-splits", { data: data.sequences, batchSize: 8, epochs: 2, seed: 3 }, 1);
    const resumed = await train("own-splits", { data: data.sequences, resume: true });
    expect(resumed.recipe.seed).toBe(3);
    expect(resumed.dataset.splitSource).toMatchObject({ seed: 3 });
  });

  it("goes on at the learning rate that it is told anew, and keeps that", async () => {
    const settings = async () => JSON.parse(await readFile(join(folder, "slower", "settings.json"), "utf8"));
    const chosen = { data: data.sequences, batchSize: 8, epochs: 4, seed: 3 };
    await train("slower", { ...chosen, learningRate: 0.02 }, 1);
    const again = { data: data.sequences, resume: true };
    const slower = await train("slower", { ...again, learningRate: 0.001 }, 3);
    expect([slower.recipe.learningRate, (await settings()).learningRate]).toEqual([0.001, 0.001]);
    const { recipe, notes } = await train("slower", again);
    expect(recipe).toMatchObject({ learningRate: 0.001, batchSize: 8 });
    for (const { learningRate } of notes.records.slice(1)) expect(learningRate).toBeLessThanOrEqual(0.001);
  });

  it("says in its file how it was split", async () => {
    const drawn = await loadClassificationDataset(data.sequences, { seed: 3, valFraction: 0.25 });
    await train("split", { data: drawn, batchSize: 8, epochs: 2 });
    const classifier = await Classifier.load(join(folder, "split", "best.onnx"));
    await classifier.close();
    expect(classifier.card).toMatchObject({
      trainedOn: drawn.fingerprint,
      split: { seed: 3, valFraction: 0.25 },
    });
  });

  it("refuses to resume with other labels, or what is not there", async () => {
    await train("mine", { data: data.sequences, batchSize: 8, epochs: 2 }, 1);
    const other = { ...(await loadClassificationDataset(data.sequences)), fingerprint: "other" };
    await expect(train("mine", { data: other, resume: true })).rejects.toMatchObject({
      code: "checkpoint-mismatch",
    });
    await expect(train("nowhere", { data: data.sequences, resume: true })).rejects.toMatchObject({
      code: "checkpoint-missing",
    });
    expect(existsSync(join(folder, "nowhere"))).toBe(false);
  });

  it("leaves nothing behind where settings are wrong", async () => {
    await expect(train("wrong", { data: data.sequences, model: "vgg" })).rejects.toMatchObject({
      code: "argument-range",
      message: expect.stringContaining("fcn, resnet, inception-time"),
    });
    const volumes = await loadClassificationDataset(data.volumes);
    const flat = { ...volumes, shape: [1, 10, 13, 13] } as typeof volumes;
    await expect(train("wrong", { data: flat })).rejects.toMatchObject({
      code: "argument-range",
      message: expect.stringMatching(/10×13×13 are too small .+ 11 or more; the net "resnet"/),
    });
    expect(existsSync(join(folder, "wrong"))).toBe(false);
  });

  it("learns from smaller pictures for the first share of its steps", async () => {
    const options = { data: data.pictures, size: 32, batchSize: 8, epochs: 2, seed: 4 };
    const sizes: number[][] = [];
    const load = vi.spyOn(ExampleLoader.prototype, "batch").mockImplementation(async function (
      this: ExampleLoader,
      step,
    ) {
      const batch = await loadBatch.call(this, step);
      sizes.push(batch.inputs.shape.slice(2));
      return batch;
    });
    const run = await train("growing", { ...options, progressiveResizing: 0.3 }).finally(() =>
      load.mockRestore(),
    );
    const steps = run.notes.records.at(-1)!.step;
    const small = Math.ceil(0.3 * steps);
    expect(sizes.slice(0, steps)).toEqual(
      Array.from({ length: steps }, (_, step) => (step < small ? [24, 24] : [32, 32])),
    );
    await expect(
      train("by-time", { ...options, epochs: undefined, timeMs: 1000, progressiveResizing: 0.5 }),
    ).rejects.toMatchObject({ code: "argument-range", message: expect.stringContaining("number of epochs") });
    await expect(train("waves", { data: data.sequences, progressiveResizing: 0.5 })).rejects.toMatchObject({
      code: "argument-range",
      message: expect.stringContaining("not on sequences"),
    });
  });

  it("without examples to validate with keeps the newest as the best, and writes no report", async () => {
    const dataset = await loadClassificationDataset(data.sequences, { valFraction: 0 });
    const run = await train("blind", { data: dataset, batchSize: 8, epochs: 2, patience: 1 });
    expect([run.ending, run.evaluation, run.report]).toEqual(["complete", undefined, undefined]);
    expect(existsSync(join(folder, "blind", "report.html"))).toBe(false);
    expect(run.notes.records.map((record) => "accuracy" in record)).toEqual([false, false]);
    const [best, last] = await Promise.all([run.best, run.last].map((path) => readFile(path)));
    expect(Buffer.compare(best, last)).toBe(0);
  });
});
