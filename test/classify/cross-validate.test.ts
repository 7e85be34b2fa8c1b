import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assignFolds } from "../../src/classify/cross-validate.ts";
import {
  Classifier,
  CROSS_VALIDATION,
  type CrossValidation,
  crossValidate,
  evaluateClassifier,
  type TrainClassifierOptions,
  trainClassifier,
  withExamples,
} from "../../src/classify/index.ts";
import { Random } from "../../src/core/index.ts";
import {
  type ClassificationDataset,
  groupRelatedExamples,
  loadClassificationDataset,
} from "../../src/data/index.ts";
import type { LoopEvent } from "../../src/train/index.ts";
import { writeWaves } from "./tiny-sets.ts";

describe("assignFolds", () => {
  const examples = [17, 5, 2].flatMap((count, classIndex) =>
    Array.from({ length: count }, () => ({ classIndex })),
  );

  it.each([2, 3, 5, 24])("gives each of %d folds its share of every class", (folds) => {
    const foldOf = assignFolds(examples, folds, 4);
    expect(foldOf).toHaveLength(examples.length);
    const countOf = (keep: (i: number) => boolean) =>
      Array.from({ length: folds }, (_, fold) => foldOf.filter((f, i) => f === fold && keep(i)).length);
    const spread = (counts: number[]) => Math.max(...counts) - Math.min(...counts);
    expect(countOf(() => true).reduce((a, b) => a + b)).toBe(examples.length); // all, each once
    expect(spread(countOf(() => true))).toBeLessThanOrEqual(1);
    for (const classIndex of [0, 1, 2]) {
      expect(spread(countOf((i) => examples[i].classIndex === classIndex))).toBeLessThanOrEqual(1);
    }
  });

  it("deals the members of classes out in turn, in the order that the seed draws", () => {
    for (const folds of [2, 3, 5, 24]) {
      const order = new Random(4, 0xf01d).shuffle(examples.map((_, i) => i));
      order.sort((a, b) => examples[a].classIndex - examples[b].classIndex);
      const foldOf = order.map((index, place) => [index, place % folds]).sort(([a], [b]) => a - b);
      expect(assignFolds(examples, folds, 4)).toEqual(foldOf.map(([, fold]) => fold));
    }
  });

  it("tears no group of a class apart, and still gives each fold its share", () => {
    // Of each class twelve groups of three, and nine that are alone; both classes have groups of the same names.
    const grouped = [0, 1].flatMap((classIndex) =>
      Array.from({ length: 45 }, (_, i) => ({ classIndex, group: i < 36 ? `${i % 12}` : `alone ${i}` })),
    );
    const groups = grouped.map(({ group }) => group);
    for (const seed of [0, 1, 2]) {
      const foldOf = assignFolds(grouped, 5, seed, groups);
      const foldsOf = (classIndex: number, group: string) =>
        new Set(foldOf.filter((_, i) => grouped[i].classIndex === classIndex && groups[i] === group));
      for (const { classIndex, group } of grouped) expect(foldsOf(classIndex, group).size).toBe(1);
      for (const classIndex of [0, 1]) {
        const members = foldOf.filter((_, i) => grouped[i].classIndex === classIndex);
        expect([0, 1, 2, 3, 4].map((fold) => members.filter((f) => f === fold).length)).toEqual([
          9, 9, 9, 9, 9,
        ]);
      }
    }
    const one = ["a", "b", "c"].flatMap((group) => [group, group, group]);
    const few = assignFolds(
      one.map(() => ({ classIndex: 0 })),
      3,
      1,
      one,
    );
    expect(new Set(few).size).toBe(3); // as many groups as folds leave none empty
  });

  it("draws by the seed", () => {
    expect(assignFolds(examples, 3, 4)).toEqual(assignFolds(examples, 3, 4));
    expect(assignFolds(examples, 3, 4)).not.toEqual(assignFolds(examples, 3, 5));
  });
});

describe("crossValidate", () => {
  const FOLDS = 3;
  let folder: string;
  let dataset: ClassificationDataset;
  let settings: Omit<TrainClassifierOptions, "out">;
  let whole: CrossValidation;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "fovea-folds-"));
    await writeWaves(join(folder, "waves.tsv"), 32);
    const read = await loadClassificationDataset(join(folder, "waves.tsv"), { valFraction: 0.2 });
    // Two examples to test with, which must stay out of it.
    const test = read.splits.train.slice(0, 2);
    const splits = { ...read.splits, train: read.splits.train.slice(2), test };
    dataset = { ...read, splits } as ClassificationDataset;
    settings = { data: dataset, batchSize: 8, epochs: 3, seed: 5, threads: 1 };
    whole = (await crossValidate({ ...settings, out: join(folder, "first"), folds: FOLDS }))!;
  }, 180_000);
  afterAll(() => rm(folder, { recursive: true }));

  it("measures each part on a net that has seen only the others", async () => {
    const out = join(folder, "first");
    const result = whole;
    const pool = [...dataset.splits.train, ...dataset.splits.val];
    expect(pool).toHaveLength(30);
    expect(result.count).toBe(pool.length);
    const foldOf = assignFolds(pool, FOLDS, 5);
    let right = 0;
    for (let fold = 0; fold < FOLDS; fold++) {
      const held = pool.filter((_, i) => foldOf[i] === fold);
      const classifier = await Classifier.load(join(out, `fold${fold + 1}/last.onnx`), { threads: 1 });
      const { accuracy } = await evaluateClassifier(classifier, held);
      await classifier.close();
      expect(result.folds[fold]).toBe(accuracy);
      right += accuracy * held.length;
    }
    expect(result.accuracy).toBeCloseTo(right / pool.length, 12);
    expect(JSON.parse(await readFile(join(out, CROSS_VALIDATION), "utf8"))).toMatchObject({
      count: pool.length,
      folds: result.folds,
    });
    const rest = pool.filter((_, i) => foldOf[i] !== 1);
    const alone = await trainClassifier({
      ...settings,
      data: withExamples(dataset, rest, 1),
      out: join(folder, "alone"),
    });
    const [one, other] = await Promise.all([readFile(alone.last), readFile(join(out, "fold2/last.onnx"))]);
    expect(Buffer.compare(one, other)).toBe(0);
  });

  it("depends on the seed", async () => {
    const reseeded = await crossValidate({ ...settings, out: join(folder, "other"), folds: FOLDS, seed: 6 });
    expect(reseeded!.logLoss).not.toBe(whole.logLoss);
  });

  it.each<[string, (event: LoopEvent) => boolean]>([
    ["within a fold", (event) => event.kind === "step" && event.step === 2],
    ["with the last step of one", (event) => event.kind === "step" && event.progress === 1],
  ])("ends without a result when it is asked to stop %s", async (when, isTime) => {
    const controller = new AbortController();
    const out = join(folder, when.replaceAll(" ", "-"));
    const result = await crossValidate({
      ...settings,
      out,
      folds: FOLDS,
      signal: controller.signal,
      onEvent: (event) => isTime(event) && controller.abort(),
    });
    expect(result).toBeUndefined();
    expect(existsSync(join(out, CROSS_VALIDATION))).toBe(false);
    expect(existsSync(join(out, "fold3"))).toBe(false);
  });

  it("goes on where it was stopped, with the settings that it began with", async () => {
    const out = join(folder, "resumed");
    const controller = new AbortController();
    const begun: number[] = [];
    const onFold = (fold: number) => begun.push(fold);
    const stopped = await crossValidate({
      ...settings,
      out,
      folds: FOLDS,
      onFold,
      signal: controller.signal,
      onEvent: (event) =>
        event.kind === "step" && event.step === 2 && begun.length === 2 && controller.abort(),
    });
    expect(stopped).toBeUndefined();
    const later = { data: dataset, threads: 1, out, folds: 2, resume: true, onFold, timeMs: 1, seed: 9 };
    const result = await crossValidate(later);
    expect(begun).toEqual([1, 2, 2, 3]);
    expect(result).toEqual(whole); // as if it had not been stopped
    expect(existsSync(join(out, "report.html"))).toBe(true);
    expect(await crossValidate(later)).toEqual(result); // of folds that are all done
    expect(begun).toHaveLength(4);

    const other = { ...dataset, fingerprint: "other" };
    await expect(crossValidate({ ...later, data: other })).rejects.toMatchObject({
      code: "checkpoint-mismatch",
    });
    await expect(crossValidate({ ...later, out: join(folder, "nothing") })).rejects.toMatchObject({
      code: "checkpoint-missing",
    });
  });

  it("refuses more folds than there are pictures that are not related", async () => {
    const root = await mkdtemp(join(folder, "related-"));
    const version = (i: number) => `1_jpg.rf.${`${i}`.repeat(32)}.png`;
    const files = {
      "a/1.png": "x",
      "a/2.png": "x",
      "b/3.png": "y",
      [`b/${version(1)}`]: "1",
      [`b/${version(2)}`]: "2",
    };
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
    const data = await loadClassificationDataset(root);
    expect(await groupRelatedExamples([...data.splits.train, ...data.splits.val])).toHaveLength(5);
    await expect(crossValidate({ ...settings, data, out: join(folder, "wrong"), folds: 4 })).rejects.toThrow(
      "from 2 to the number of examples, 3 (copies and versions of one picture are one).",
    );
  });

  it("refuses what no training can be told before it notes how its folds began", async () => {
    const out = join(folder, "wrong");
    await expect(crossValidate({ ...settings, out, folds: 3, workers: 0 })).rejects.toMatchObject({
      code: "argument-range",
      message: expect.stringContaining("workers"),
    });
    expect(existsSync(out)).toBe(false);
  });

  it.each([1, 2.5, 31])("refuses %d folds of 30 examples", async (folds) => {
    await expect(crossValidate({ ...settings, out: join(folder, "wrong"), folds })).rejects.toMatchObject({
      code: "argument-range",
      message: expect.stringContaining(
        `(=${folds}) must be a whole number from 2 to the number of examples, 30.`,
      ),
    });
  });
});
