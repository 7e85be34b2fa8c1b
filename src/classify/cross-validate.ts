import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { FoveaError, groupBy, Random, writeOutput } from "../core/index.ts";
import {
  type ClassificationDataset,
  type ClassifiedArray,
  type ClassifiedPicture,
  groupRelatedExamples,
  loadClassificationDataset,
  oncePerFile,
} from "../data/index.ts";
import type { ClassificationEvaluation } from "../metrics/index.ts";
import { requireRunOptions, runPaths } from "../train/index.ts";
import { Classifier } from "./classifier.ts";
import { type ClassifierEvaluation, evaluateClassifier, figuresOf } from "./evaluate.ts";
import {
  beginFolds,
  type FoldAnswers,
  foldFolder,
  readAnswers,
  readBegunFolds,
  requireFolds,
  writeAnswers,
} from "./folds-file.ts";
import { writeEvaluationReport } from "./run-report.ts";
import { type TrainClassifierOptions, trainClassifier } from "./train.ts";

/** The file in `out` that holds what was found. */
export const CROSS_VALIDATION = "cross-validation.json";

/** How to cross-validate. */
export interface CrossValidateOptions extends TrainClassifierOptions {
  /** Parts, and trainings. */
  folds: number;
  /** Hears of each training before it begins, counted from 1. */
  onFold?: (fold: number, folds: number) => void;
}

/** What cross-validation found. */
export interface CrossValidation extends ClassificationEvaluation {
  /** Accuracy on each held-out part. */
  folds: number[];
}

/**
 * Trains as often as there are folds, each time without one part of the examples, and measures on that part
 * (stratified k-fold cross-validation): an honest figure for sets too small to hold some back. No epoch is chosen by
 * the held-out part, the last model counts. Examples of the `test` split stay out of it. Copies of a picture, and its
 * versions, are in one part. Leaves `cross-validation.json` and a report of all answers in `out`.
 *
 * @param options as for training; each has its folder `fold1`, `fold2`, … in `out`, and a `timeMs` of its own. With
 * `resume` the folds that are done count, and the others go on, with the settings that the first one began with
 * @returns the figures of all answers together; undefined if the signal asked to stop, after all was saved
 * @throws FoveaError `argument-range` for fewer than 2 folds, or more than examples that are not related;
 * `checkpoint-missing`, `checkpoint-mismatch` where none, or one of other data, is to be resumed
 */
export async function crossValidate(options: CrossValidateOptions): Promise<CrossValidation | undefined> {
  requireRunOptions(options);
  const { data, out, resume, onFold } = options;
  const begun = resume ? await readBegunFolds(out) : undefined;
  const read = { seed: begun ? begun.settings.seed : options.seed }; // a resumed run has the same splits
  const dataset = typeof data === "string" ? await loadClassificationDataset(data, read) : data;
  const saved = resume ? requireFolds(begun, out, dataset) : undefined;
  const { folds, settings } = saved ?? { folds: options.folds, settings: options };
  const { seed = 0 } = settings;
  const pool: (ClassifiedPicture | ClassifiedArray)[] = [...dataset.splits.train, ...dataset.splits.val];
  const groups = await groupRelatedExamples(pool);
  const most = unitsOf(pool, groups).length;
  if (!Number.isInteger(folds) || folds < 2 || folds > most) {
    const related = most < pool.length ? ` (copies and versions of one picture are one)` : "";
    throw new FoveaError(
      "argument-range",
      `Cross-validation: \`folds\` (=${folds}) must be a whole number from 2 to the number of examples, ${most}${related}.`,
    );
  }
  if (!saved) {
    await beginFolds(out, folds, options, dataset);
    await rm(join(out, CROSS_VALIDATION), { force: true });
  }
  const foldOf = assignFolds(pool, folds, seed, groups);
  const onProblem = oncePerFile(options.onProblem);
  const accuracies: number[] = [];
  const answers: ClassifierEvaluation["examples"] = [];
  for (let fold = 0; fold < folds; fold++) {
    const held = pool.filter((_, i) => foldOf[i] === fold);
    const rest = pool.filter((_, i) => foldOf[i] !== fold);
    const part = { ...options, ...settings, onProblem, data: withExamples(dataset, rest, fold) };
    const done = saved && (await readAnswers(out, fold));
    if (!done) onFold?.(fold + 1, folds);
    const found = done ?? (await measureFold(part, fold, held));
    if (!found) return undefined;
    accuracies.push(found.accuracy);
    for (const answer of found.answers) answers.push(answer);
  }
  const result = { ...figuresOf(dataset.classes, answers), folds: accuracies };
  await writeOutput(join(out, CROSS_VALIDATION), `${JSON.stringify(result, null, 2)}\n`);
  await writeEvaluationReport({
    out,
    title: `Cross-validation in ${folds} folds`,
    subtitle: `${dataset.root}: each example answered by a net that was trained without its fold`,
    examples: pool,
    evaluation: { ...result, examples: answers },
    folds: accuracies,
  });
  return result;
}

/** Trains without a part, or goes on with that, and measures on it; undefined if the signal asked to stop. */
async function measureFold(
  options: TrainClassifierOptions,
  fold: number,
  held: readonly (ClassifiedPicture | ClassifiedArray)[],
): Promise<FoldAnswers | undefined> {
  const out = foldFolder(options.out, fold);
  const isBegun = options.resume && existsSync(runPaths(out).checkpoint);
  const run = await trainClassifier({ ...options, out, resume: isBegun });
  if (run.ending === "interrupted") return undefined;
  const { threads, device, onProblem } = options;
  const classifier = await Classifier.load(run.last, { threads, device });
  const { accuracy, examples } = await evaluateClassifier(classifier, held, { onProblem }).finally(() =>
    classifier.close(),
  );
  const found = { accuracy, answers: examples };
  await writeAnswers(options.out, fold, found);
  return found;
}

/**
 * The fold of each example: the members of a class, in an order drawn by the seed, are dealt out in turn. Where some of
 * them are in a group, the largest groups come first, and each goes to the fold that has the fewest of its class.
 *
 * @param groups names of groups by example; those of a class that share one are not torn apart
 */
export function assignFolds(
  examples: readonly { classIndex: number }[],
  folds: number,
  seed: number,
  groups: readonly (string | number)[] = examples.map((_, i) => i),
): number[] {
  const order = new Random(seed, 0xf01d).shuffle(examples.map((_, i) => i));
  const units = unitsOf(examples, groups, order);
  const classOf = ([first]: readonly number[]) => examples[first].classIndex;
  units.sort((a, b) => classOf(a) - classOf(b) || b.length - a.length); // stable: classes one after the other
  const foldOf = new Array<number>(examples.length);
  const all = new Array<number>(folds).fill(0);
  let ofClass: number[] = [];
  for (const [i, unit] of units.entries()) {
    if (i === 0 || classOf(unit) !== classOf(units[i - 1])) ofClass = new Array<number>(folds).fill(0);
    const fold = emptiest(ofClass, all);
    for (const index of unit) foldOf[index] = fold;
    ofClass[fold] += unit.length;
    all[fold] += unit.length;
  }
  return foldOf;
}

/** Indices of examples that stay together: those of a class and a group; in the order of their first members. */
function unitsOf(
  examples: readonly { classIndex: number }[],
  groups: readonly (string | number)[],
  order: readonly number[] = examples.map((_, i) => i),
): number[][] {
  return groupBy(order, (index) => `${examples[index].classIndex} ${groups[index]}`);
}

/** The first of the folds that have the fewest of a class, and of these the fewest of all. */
function emptiest(ofClass: readonly number[], all: readonly number[]): number {
  return all.reduce(
    (best, count, fold) =>
      ofClass[fold] < ofClass[best] || (ofClass[fold] === ofClass[best] && count < all[best]) ? fold : best,
    0,
  );
}

/** The data set with these examples to train with, and none to choose an epoch by. */
export function withExamples(
  dataset: ClassificationDataset,
  examples: readonly (ClassifiedPicture | ClassifiedArray)[],
  fold?: number,
): ClassificationDataset {
  const splits = { ...dataset.splits, train: [...examples], val: [] };
  const suffix = fold === undefined ? "all" : `fold ${fold + 1}`;
  return {
    ...dataset,
    splits,
    fingerprint: `${dataset.fingerprint}, ${suffix}`,
  } as ClassificationDataset;
}
