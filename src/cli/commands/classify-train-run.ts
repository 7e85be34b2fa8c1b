import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import {
  type BegunFolds,
  CROSS_VALIDATION,
  type CrossValidation,
  crossValidate,
  type Recipe,
  type TrainClassifierOptions,
  trainClassifier,
  withExamples,
} from "../../classify/index.ts";
import type { ClassificationDataset } from "../../data/index.ts";
import { readRun, runPaths } from "../../train/index.ts";
import { findBegunFolds, interruptedFolds } from "../begun-folds.ts";
import { listenForInterrupt } from "../interrupt.ts";
import {
  type ClassificationOptions,
  loadExamples,
  noteIdleOptions,
  problemLine,
  readAsBefore,
  requireReadableClasses,
} from "../load-examples.ts";
import { note } from "../output.ts";
import { interruptedRun, requireRunFolder } from "../run-folder.ts";
import { createTrainingProgress } from "../training-progress.ts";
import { noteNoValidation } from "../validation.ts";
import { noteIdleVariation, variationOf } from "../variation-options.ts";
import { givenOf, noteWithoutEffect } from "../without-effect.ts";
import type { ClassifyTrainOptions } from "./classify-train.ts";
import { reportTraining } from "./classify-train-report.ts";

/** What there is already in the run's folder; nothing for a new run. */
interface Before {
  /** A cross-validation that goes on. */
  begun?: BegunFolds;
  /** Fingerprint of the labels of a training that goes on. */
  fingerprint?: string;
  /** How the data were read. */
  reading?: Partial<ClassificationOptions>;
}

/** Trains a classifier, or goes on with one, after a cross-validation where there are folds. */
export async function classifyTrainCommand(
  data: string,
  options: ClassifyTrainOptions,
  command: Command,
): Promise<void> {
  const before = await findBefore(options, command);
  const dataset = await readData(data, options, before, command);
  const everything = withExamples(dataset, [...dataset.splits.train, ...dataset.splits.val]);
  const augment = await variationOf(dataset, options);
  const interrupt = listenForInterrupt(() => note("Saving after this step.", options));
  const { time: timeMs, batch: batchSize, lr: learningRate, folds, ...rest } = options;
  const settings: TrainClassifierOptions = {
    ...rest,
    data: dataset,
    timeMs,
    batchSize,
    learningRate,
    augment,
    signal: interrupt.signal,
    onProblem: (problem) => note(problemLine(problem), options),
    ...before.begun?.settings,
  };
  try {
    const crossValidation =
      before.fingerprint === undefined
        ? await validateByFolds(settings, before.begun?.folds ?? folds, options, command)
        : await findCrossValidation(options.out, before.fingerprint === everything.fingerprint);
    const progress = createTrainingProgress(options);
    const run = await trainClassifier({
      ...settings,
      data: crossValidation ? everything : dataset,
      resume: options.resume && !before.begun,
      onEvent: progress.onEvent,
    }).finally(progress.done);
    if (run.ending === "interrupted") throw interruptedRun(command, run.notes);
    reportTraining(run, crossValidation, options);
  } finally {
    interrupt.dispose();
  }
}

async function findBefore(options: ClassifyTrainOptions, command: Command): Promise<Before> {
  const begun = await findBegunFolds(options, command);
  if (begun) {
    return { begun, reading: readAsBefore({ ...begun.data, seed: begun.settings.seed ?? 0 }) };
  }
  await requireRunFolder(options, command);
  return options.resume ? findRun(options.out) : {};
}

/** What the run in `out` says of its data. */
async function findRun(out: string): Promise<Before> {
  const { fingerprint, recipe } = await readRun<Recipe>(out);
  const { data } = JSON.parse(await readFile(runPaths(out).settings, "utf8"));
  const { splitSource }: Pick<ClassificationDataset, "splitSource"> = data;
  const channels = recipe.kind === "sequences" ? recipe.shape[0] : undefined;
  return { fingerprint, reading: readAsBefore({ seed: recipe.seed, splitSource, channels }) };
}

/** Reads the data, and says what of them and of the options comes to nothing. */
async function readData(
  data: string,
  options: ClassifyTrainOptions,
  { begun, reading }: Before,
  command: Command,
): Promise<ClassificationDataset> {
  const dataset = await loadExamples(data, { ...options, ...reading });
  if (!options.resume) noteIdle(command, data, dataset, options);
  await requireReadableClasses(dataset, data, options);
  if (options.folds === undefined && !begun) noteNoValidation(dataset, data, options, "epoch", "example");
  return dataset;
}

/** Says which options mean nothing to a new run. */
function noteIdle(
  command: Command,
  data: string,
  dataset: ClassificationDataset,
  options: ClassifyTrainOptions,
): void {
  noteIdleOptions(command, data, dataset, options);
  noteIdleVariation(command, dataset, options);
  if (options.folds === undefined) return;
  const given = givenOf(command, ["valFraction", "patience"]);
  noteWithoutEffect(given, "with --folds, after which all examples are trained on", options);
}

/** Cross-validates in as many folds, if any are wanted. */
async function validateByFolds(
  settings: TrainClassifierOptions,
  folds: number | undefined,
  options: ClassifyTrainOptions,
  command: Command,
): Promise<CrossValidation | undefined> {
  if (folds === undefined) return undefined;
  let progress = createTrainingProgress(options);
  const found = await crossValidate({
    ...settings,
    folds,
    resume: options.resume,
    onEvent: (event) => progress.onEvent(event),
    onFold(fold, count) {
      progress.done();
      progress = createTrainingProgress({ ...options, label: `Fold ${fold} of ${count}` });
    },
  }).finally(() => progress.done());
  if (!found) throw interruptedFolds(command);
  return found;
}

/** What was found before a training on all examples that goes on. */
async function findCrossValidation(out: string, trainsOnAll: boolean): Promise<CrossValidation | undefined> {
  return trainsOnAll ? JSON.parse(await readFile(join(out, CROSS_VALIDATION), "utf8")) : undefined;
}
