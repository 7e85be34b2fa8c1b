import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  Classifier,
  type ClassifierRun,
  evaluateClassifier,
  mistakesOf,
  trainClassifier,
} from "../../src/classify/index.ts";
import { Random } from "../../src/core/index.ts";
import {
  type ClassifiedArray,
  type ClassifiedPicture,
  loadClassificationDataset,
  type Problem,
} from "../../src/data/index.ts";
import { encodePicture } from "../../src/image/index.ts";
import {
  drawNoise,
  drawShape,
  drawSolid,
  drawWave,
  shapeNames,
  solidNames,
  VOLUME_SIDE,
  waveLine,
  waveNames,
  writePictures,
  writeSolids,
  writeWaves,
} from "./tiny-sets.ts";

let folder: string;
const runs: Record<string, ClassifierRun> = {};

/** The same result, and no slower, beside other work. */
const threads = 1;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-classify-"));
  await writePictures(join(folder, "shapes"), { counts: { cross: 24, disc: 24, square: 24 } });
  await writeWaves(join(folder, "waves.tsv"), 60);
  const solids = await writeSolids(folder, 120);
  const train = async (name: string, data: string, options: object) => {
    const dataset = await loadClassificationDataset(data, { valFraction: 0.25 });
    const out = join(folder, "runs", name);
    runs[name] = await trainClassifier({ data: dataset, out, batchSize: 8, seed: 1, threads, ...options });
  };
  await train("pictures", join(folder, "shapes"), { size: 32, epochs: 10, patience: 10 });
  await train("sequences", join(folder, "waves.tsv"), { epochs: 12 });
  await train("volumes", solids, { epochs: 20, learningRate: 3e-3, augment: { volume: { turn: 15 } } });
}, 180_000);

afterAll(() => rm(folder, { recursive: true }));

type Example = ClassifiedPicture | ClassifiedArray;

async function withClassifier<T>(name: string, use: (classifier: Classifier) => Promise<T>): Promise<T> {
  const classifier = await Classifier.load(runs[name].best, { threads });
  try {
    return await use(classifier);
  } finally {
    await classifier.close();
  }
}

/** What the file says when it is run by ONNX Runtime alone. */
async function askRuntime(name: string, feeds: Record<string, Tensor>): Promise<number[]> {
  const session = await InferenceSession.create(runs[name].best, { intraOpNumThreads: 1 });
  const { probabilities } = await session.run(feeds);
  await session.release();
  return Array.from(probabilities.data as Float32Array);
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(Math.abs(actual[i] - value)).toBeLessThan(1e-5);
}

describe.each(["pictures", "sequences", "volumes"])("a classifier of %s trained for seconds", (name) => {
  it("knows what it has not seen", () => {
    const { ending, evaluation, notes, dataset } = runs[name];
    expect(ending).toBe("complete");
    expect(dataset.kind).toBe(name);
    expect(evaluation!.count).toBe(dataset.splits.val.length);
    expect(evaluation!.accuracy).toBeGreaterThanOrEqual(0.9);
    if (name === "pictures") {
      expect(notes.best.fitness).toBeCloseTo(evaluation!.accuracy - 1e-3 * evaluation!.logLoss, 6);
    } else expect(notes.best).toEqual({ fitness: -1, epoch: notes.records.length }); // too few to choose an epoch by
    expect(notes.records.at(-1)!.loss).toBeLessThan(notes.records[0].loss);
  });

  it("has the figures that counting by hand gives", async () => {
    const { dataset, evaluation } = runs[name];
    const examples: readonly Example[] = dataset.splits.val;
    const counts = dataset.classes.map(() => dataset.classes.map(() => 0));
    let logLoss = 0;
    await withClassifier(name, async (classifier) => {
      expect(await evaluateClassifier(classifier, examples)).toEqual(evaluation);
      for (const example of examples) {
        const { label, score, probabilities, guesses } =
          "values" in example
            ? await classifier.classifyValues(example.values)
            : await classifier.classify(example.bytes.file);
        counts[example.classIndex][dataset.classes.indexOf(label)]++;
        logLoss -= Math.log(probabilities[example.classIndex]) / examples.length;
        expect(score).toBe(Math.max(...probabilities));
        expect(probabilities.reduce((sum, p) => sum + p)).toBeCloseTo(1, 5);
        expect(guesses.map((guess) => guess.score)).toEqual(Array.from(probabilities).sort((a, b) => b - a));
        for (const guess of guesses)
          expect(guess.score).toBe(probabilities[dataset.classes.indexOf(guess.label)]);
      }
    });
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    const right = counts.map((row, k) => row[k]);
    const recalls = counts.map((row, k) => row[k] / sum(row));
    expect(evaluation!.confusion).toEqual({ labels: dataset.classes, counts });
    expect(evaluation!.accuracy).toBeCloseTo(sum(right) / examples.length, 12);
    expect(evaluation!.balancedAccuracy).toBeCloseTo(sum(recalls) / recalls.length, 12);
    expect(evaluation!.majorityBaseline).toBeCloseTo(Math.max(...counts.map(sum)) / examples.length, 12);
    expect(evaluation!.logLoss).toBeCloseTo(logLoss, 6);
    for (const [k, figures] of evaluation!.perClass.entries()) {
      expect(figures.recall).toBeCloseTo(recalls[k], 12);
      expect(figures.precision).toBeCloseTo(right[k] / sum(counts.map((row) => row[k])), 12);
    }
  });

  it("describes itself in its file, and leaves records and a report", async () => {
    const { out, report, recipe, dataset } = runs[name];
    await withClassifier(name, async ({ card, classes }) => {
      expect(card).toMatchObject({ task: "classify", kind: name, model: recipe.model, shape: recipe.shape });
      expect(card.trainedOn).toBe(dataset.fingerprint);
      expect(classes).toEqual(dataset.classes);
    });
    expect(await readdir(out)).toEqual(
      expect.arrayContaining(["best.onnx", "checkpoint.fovea", "last.onnx", "results.csv", "settings.json"]),
    );
    expect(report).toBe(join(out, "report.html"));
    const html = await readFile(report!, "utf8");
    const sections = [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title);
    expect(sections.filter((title) => title !== "Worst mistakes")).toEqual([
      "Training",
      "Classes",
      "What it takes for what",
      "Data",
    ]);
    for (const label of dataset.classes) expect(html).toContain(label);
    const plots = await readdir(join(out, "plots"));
    const batch = name === "sequences" ? "batch.png" : "batch.jpg";
    expect(plots).toEqual(
      expect.arrayContaining([
        batch,
        "calibration.png",
        "classes.png",
        "confusion.png",
        "losses.png",
        "metrics.png",
      ]),
    );
  });
});

describe("Classifier", () => {
  it.each([
    [32, 32],
    [31, 45],
    [97, 23],
    [1, 7],
  ])("says of a picture of %d × %d what the file says without Fovea", async (width, height) => {
    const random = new Random(width);
    const picture = width > 20 ? drawShape("disc", random, width, height) : drawNoise(width, height, random);
    const image = new Tensor("uint8", picture.data, [height, width, 3]);
    const expected = await askRuntime("pictures", { image });
    await withClassifier("pictures", async (classifier) => {
      expectClose((await classifier.classify(picture)).probabilities, expected);
      const png = await encodePicture(picture, "png");
      expectClose((await classifier.classify(png)).probabilities, expected);
      await writeFile(join(folder, "odd.png"), png);
      expectClose((await classifier.classify(join(folder, "odd.png"))).probabilities, expected);
    });
  });

  it("says of arrays what the file says without Fovea", async () => {
    const random = new Random(5);
    const wave = drawWave("square", random);
    const solid = drawSolid("ball", random);
    const cube = [VOLUME_SIDE, VOLUME_SIDE, VOLUME_SIDE];
    const expected = {
      sequences: await askRuntime("sequences", { sequence: new Tensor("float32", wave, [1, 48]) }),
      volumes: await askRuntime("volumes", {
        volume: new Tensor("float32", Float32Array.from(solid), [1, ...cube]),
      }),
    };
    await withClassifier("sequences", async (classifier) =>
      expectClose((await classifier.classifyValues(wave)).probabilities, expected.sequences),
    );
    await withClassifier("volumes", async (classifier) => {
      expectClose((await classifier.classifyValues(solid)).probabilities, expected.volumes);
      expectClose((await classifier.classifyValues(Array.from(solid))).probabilities, expected.volumes);
    });
  });

  it("fills a shorter sequence up as the data set's reader does, and refuses a longer one", async () => {
    const random = new Random(8);
    const waves = [5, 17, 30, 47].map((length) => drawWave("square", random).subarray(0, length));
    const file = join(folder, "short.tsv");
    const lines = [...waves, drawWave("sine", random)].map((wave) => ["square", ...wave].join("\t"));
    await writeFile(file, lines.join("\n"));
    const { splits } = await loadClassificationDataset(file, { valFraction: 0 });
    await withClassifier("sequences", async (classifier) => {
      for (const [i, wave] of waves.entries()) {
        const packed = Float32Array.from((splits.train[i] as ClassifiedArray).values); // which lie in shared memory
        const sequence = new Tensor("float32", packed, [1, 48]);
        const expected = await askRuntime("sequences", { sequence });
        expectClose((await classifier.classifyValues(wave)).probabilities, expected);
      }
      // A file whose longest sequence is shorter than the model's gives the same.
      await writeFile(file, lines.slice(0, -1).join("\n"));
      const shorter = await loadClassificationDataset(file, { valFraction: 0 });
      expect(shorter).toMatchObject({ shape: [1, 47] });
      const [ofShorter, ofLonger] = await Promise.all(
        [shorter.splits.train, splits.train.slice(0, -1)].map((examples: readonly Example[]) =>
          evaluateClassifier(
            classifier,
            examples.map((example) => ({ ...example, classIndex: 1 })),
          ),
        ),
      );
      expect(ofShorter.examples.map(({ probabilities }) => probabilities)).toEqual(
        ofLonger.examples.map(({ probabilities }) => probabilities),
      );
      await expect(classifier.classifyValues(drawWave("sine", random, 49))).rejects.toMatchObject({
        code: "shape-mismatch",
        message: "The classifier takes 48 values (1×48), not 49: cut it, or train with longer ones.",
      });
    });
  });

  it("refuses what it was not trained on", async () => {
    const [picture, solid] = [drawShape("disc", new Random(1)), drawSolid("box", new Random(1))];
    const wrong = { code: "kind-mismatch" };
    await withClassifier("pictures", async (classifier) => {
      await expect(classifier.classifyValues(solid)).rejects.toMatchObject(wrong);
    });
    for (const name of ["sequences", "volumes"]) {
      await withClassifier(name, async (classifier) => {
        await expect(classifier.classify(picture)).rejects.toMatchObject(wrong);
        await expect(classifier.classifyValues([])).rejects.toMatchObject({ code: "shape-mismatch" });
      });
    }
    await withClassifier("volumes", async (classifier) => {
      await expect(classifier.classifyValues(solid.subarray(1))).rejects.toMatchObject({
        code: "shape-mismatch",
        message: expect.stringMatching(/2197 values \(1×13×13×13\), not 2196/),
      });
    });
    await expect(Classifier.load(join(folder, "odd.png"))).rejects.toMatchObject({
      code: "model-unreadable",
    });
    await expect(Classifier.load(join(folder, "none.onnx"))).rejects.toMatchObject({ code: "model-missing" });
  });
});

describe("evaluateClassifier", () => {
  it("says that the kind is wrong, not that pictures cannot be read", async () => {
    const examples = (name: string): readonly Example[] => runs[name].dataset.splits.val;
    const problems: Problem[] = [];
    const onProblem = (problem: Problem) => problems.push(problem);
    for (const [known, given] of [
      ["sequences", "pictures"],
      ["pictures", "volumes"],
    ]) {
      await withClassifier(known, async (classifier) => {
        await expect(evaluateClassifier(classifier, examples(given), { onProblem })).rejects.toMatchObject({
          code: "kind-mismatch",
        });
      });
    }
    expect(problems).toEqual([]);
  });

  it("leaves out pictures that cannot be read, and reports progress", async () => {
    const examples = runs.pictures.dataset.splits.val as ClassifiedPicture[];
    const broken = { ...examples[0], id: "broken", bytes: { file: join(folder, "gone.png") } };
    const problems: Problem[] = [];
    const progress: [number, number][] = [];
    await withClassifier("pictures", async (classifier) => {
      const evaluation = await evaluateClassifier(classifier, [broken, ...examples], {
        onProblem: (problem) => problems.push(problem),
        onProgress: (...at) => progress.push(at),
      });
      expect(evaluation).toEqual(runs.pictures.evaluation);
      expect(problems).toMatchObject([{ kind: "picture-unreadable", file: join(folder, "gone.png") }]);
      expect(progress.at(-1)).toEqual([examples.length + 1, examples.length + 1]);
      await expect(evaluateClassifier(classifier, examples, { signal: AbortSignal.abort() })).rejects.toThrow(
        "aborted",
      );
      await expect(evaluateClassifier(classifier, [broken])).rejects.toMatchObject({
        code: "examples-empty",
      });
    });
  });
});

it("has sets of as many classes as are drawn", () => {
  expect(runs.pictures.dataset.classes).toEqual(shapeNames);
  expect(runs.sequences.dataset.classes).toEqual(waveNames);
  expect(runs.volumes.dataset.classes).toEqual(solidNames);
});

it("chooses the epoch by balanced accuracy where classes are balanced", async () => {
  const file = join(folder, "rare.tsv");
  const random = new Random(11);
  const lines = Array.from({ length: 60 }, (_, i) => {
    const name = waveNames[i % 6 === 0 ? 1 : 0];
    return waveLine(name, drawWave(name, random));
  });
  await writeFile(file, `${lines.join("\n")}\n`);
  const { notes } = await trainClassifier({
    data: await loadClassificationDataset(file, { valFraction: 0.4 }),
    out: join(folder, "runs", "balanced"),
    balance: true,
    patience: 9,
    epochs: 3,
    threads: 1,
  });
  const fitness = notes.records.map(({ balancedAccuracy, logLoss }) => balancedAccuracy - 1e-3 * logLoss);
  expect(notes.records.some(({ accuracy, balancedAccuracy }) => accuracy !== balancedAccuracy)).toBe(true);
  expect(notes.best.fitness).toBeCloseTo(Math.max(...fitness), 6);
});

it("refuses values that are no numbers", async () => {
  await withClassifier("sequences", async (classifier) => {
    const values: unknown[] = Array.from(drawWave("sine", new Random(1)));
    for (const wrong of [Number.NaN, "a", Number.POSITIVE_INFINITY, [1, 2]]) {
      const given = values.with(3, wrong) as number[];
      await expect(classifier.classifyValues(given)).rejects.toMatchObject({
        code: "example-unreadable",
        message: expect.stringContaining("Value 3 of the example is "),
      });
    }
  });
});

it("names mistakes, and matches a data set's classes by name where it is given them", async () => {
  const { splits, classes } = runs.sequences.dataset;
  const examples = splits.val as ClassifiedArray[];
  await withClassifier("sequences", async (classifier) => {
    const right = await evaluateClassifier(classifier, examples, { classes });
    expect(right.accuracy).toBe(runs.sequences.evaluation!.accuracy);
    const swapped = await evaluateClassifier(classifier, examples, { classes: classes.toReversed() });
    expect(swapped.accuracy).toBeCloseTo(1 - right.accuracy, 12);
    const mistakes = mistakesOf(swapped);
    expect(mistakes).toHaveLength(Math.round(right.accuracy * examples.length));
    expect(mistakes[0]).toEqual({
      id: expect.stringMatching(/^waves\.tsv:\d+$/),
      label: expect.any(String),
      said: expect.any(String),
      score: expect.any(Number),
    });
    expect(mistakes[0].label).not.toBe(mistakes[0].said);
    await expect(
      evaluateClassifier(classifier, examples, { classes: ["sine", "saw"] }),
    ).rejects.toMatchObject({
      code: "classes-differ",
    });
  });
});
