import { join } from "node:path";
import { FoveaError, groupBy, Random, writeOutput } from "../core/index.ts";
import {
  type ClassificationDataset,
  type ClassifiedArray,
  type ClassifiedPicture,
  groupRelatedExamples,
  loadClassificationDataset,
} from "../data/index.ts";
import type { ClassificationEvaluation } from "../metrics/index.ts";
import { Classifier } from "./classifier.ts";
import { type ClassifierEvaluation, evaluateClassifier, figuresOf } from "./evaluate.ts";
import { type TrainClassifierOptions, trainClassifier } from "./train.ts";

type Example = ClassifiedPicture | ClassifiedArray;

/** The file in `out` that holds what was found. */
export const CROSS_VALIDATION = "cross-validation.json";

/** What cross-validation found. */
export interface CrossValidation extends ClassificationEvaluation {
  /** Accuracy on each held-out part. */
  folds: number[];
}

/**
 * Trains as often as there are folds, each time without one part of the examples, and measures on that part
 * (stratified k-fold cross-validation): an honest figure for sets too small to hold some back. No epoch is chosen by
 * the held-out part, the last model counts. Examples of the `test` split stay out of it. Copies of a picture, and its
 * versions, are in one part.
 *
 * @param options as for training; results go to `fold1`, `fold2`, … in `out`
 * @returns the figures of all answers together; undefined if the signal asked to stop
 * @throws FoveaError `argument-range` for fewer than 2 folds, or more than examples that are not related
 */
export async function crossValidate(
  options: TrainClassifierOptions & { folds: number },
): Promise<CrossValidation | undefined> {
  const { folds, seed = 0, data } = options;
  const dataset = typeof data === "string" ? await loadClassificationDataset(data, { seed }) : data;
  const pool: Example[] = [...dataset.splits.train, ...dataset.splits.val];
  const groups = await groupRelatedExamples(pool);
  const most = unitsOf(pool, groups).length;
  if (!Number.isInteger(folds) || folds < 2 || folds > most) {
    const related = most < pool.length ? ` (copies and versions of one picture are one)` : "";
    throw new FoveaError(
      "argument-range",
      `Cross-validation: \`folds\` (=${folds}) must be a whole number from 2 to the number of examples, ${most}${related}.`,
    );
  }
  const foldOf = assignFolds(pool, folds, seed, groups);
  const accuracies: number[] = [];
  const answers: ClassifierEvaluation["examples"] = [];
  for (let fold = 0; fold < folds; fold++) {
    const held = pool.filter((_, i) => foldOf[i] === fold);
    const rest = pool.filter((_, i) => foldOf[i] !== fold);
    const part = withExamples(dataset, rest, fold);
    const out = join(options.out, `fold${fold + 1}`);
    const run = await trainClassifier({ ...options, data: part, out, resume: false });
    if (run.ending === "interrupted") return undefined;
    const { threads, device, onProblem } = options;
    const classifier = await Classifier.load(run.last, { threads, device });
    const { accuracy, examples } = await evaluateClassifier(classifier, held, { onProblem }).finally(() =>
      classifier.close(),
    );
    accuracies.push(accuracy);
    for (const answer of examples) answers.push(answer);
  }
  const result = { ...figuresOf(dataset.classes, answers), folds: accuracies };
  await writeOutput(join(options.out, CROSS_VALIDATION), `${JSON.stringify(result, null, 2)}\n`);
  return result;
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
  examples: readonly Example[],
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
