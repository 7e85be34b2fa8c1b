import { join } from "node:path";
import { FoveaError, Random, writeOutput } from "../core/index.ts";
import {
  type ClassificationDataset,
  type ClassifiedArray,
  type ClassifiedPicture,
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
 * the held-out part, the last model counts. Examples of the `test` split stay out of it.
 *
 * @param options as for training; results go to `fold1`, `fold2`, … in `out`
 * @returns the figures of all answers together; undefined if the signal asked to stop
 * @throws FoveaError `argument-range` for fewer than 2 folds, or more than examples
 */
export async function crossValidate(
  options: TrainClassifierOptions & { folds: number },
): Promise<CrossValidation | undefined> {
  const { folds, seed = 0, data } = options;
  const dataset = typeof data === "string" ? await loadClassificationDataset(data, { seed }) : data;
  const pool: Example[] = [...dataset.splits.train, ...dataset.splits.val];
  if (!Number.isInteger(folds) || folds < 2 || folds > pool.length) {
    throw new FoveaError(
      "argument-range",
      `Cross-validation: \`folds\` (=${folds}) must be a whole number from 2 to the number of examples, ${pool.length}.`,
    );
  }
  const foldOf = assignFolds(pool, folds, seed);
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

/** The fold of each example: the members of a class, in an order drawn by the seed, are dealt out in turn. */
export function assignFolds(
  examples: readonly { classIndex: number }[],
  folds: number,
  seed: number,
): number[] {
  const order = new Random(seed, 0xf01d).shuffle(examples.map((_, i) => i));
  order.sort((a, b) => examples[a].classIndex - examples[b].classIndex); // stable: classes one after the other
  const foldOf = new Array<number>(examples.length);
  for (const [place, index] of order.entries()) foldOf[index] = place % folds;
  return foldOf;
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
