import { resolve } from "node:path";
import { FoveaError, packageVersion } from "../core/index.ts";
import {
  type ClassificationDataset,
  countSteps,
  ExampleLoader,
  loadClassificationDataset,
  oncePerFile,
} from "../data/index.ts";
import { reduceMean } from "../graph/index.ts";
import { PictureMemory } from "../image/index.ts";
import { backboneTrunks, chosenStart, NO_BACKBONE, trunkValues } from "../models/index.ts";
import { adamW, softmaxCrossEntropy } from "../nn/index.ts";
import { recordsToCsv } from "../report/index.ts";
import type { DeviceOptions } from "../runtime/index.ts";
import {
  type Budget,
  budgetOf,
  epochsForSteps,
  executeRun,
  type FinishedRun,
  type RunOptions,
  readBest,
  readRun,
  requireRunOptions,
  runPaths,
} from "../train/index.ts";
import { Classifier } from "./classifier.ts";
import { type ClassifierEvaluation, evaluateClassifier } from "./evaluate.ts";
import { exportClassifier } from "./export.ts";
import type { ClassifierCard } from "./model-card.ts";
import { classifierLogits, TRUNK_PATH, WIDENING_PATH } from "./net.ts";
import { reportBeyondLimits } from "./normalization.ts";
import { usualPictureSide } from "./picture-side.ts";
import { makeRecipe, type Recipe, type RecipeOptions } from "./recipe.ts";
import { writeTrainingReport } from "./run-report.ts";
import { SizedStep } from "./sized-step.ts";

/**
 * Validation examples that an epoch is chosen by. Of fewer, chance says which of hundreds of epochs looks best: on a few
 * dozen sequences the chosen one answers worse than the last (docs/RESULTS.md).
 */
const ENOUGH_TO_CHOOSE = 50;

/** How to train a classifier. Without `epochs` or `timeMs` about 3,000 steps, 20 to 500 epochs. */
export interface TrainClassifierOptions extends RecipeOptions, RunOptions, DeviceOptions {
  /** A data set's folder or file, or one that was read before. */
  data: string | ClassificationDataset;
}

/** A finished (or interrupted) run. */
export type ClassifierRun = FinishedRun<Recipe, ClassificationDataset, ClassifierEvaluation>;

/**
 * Trains a classifier of pictures, sequences or volumes and leaves in `out`: `best.onnx` and `last.onnx` (whole
 * classifiers, one file each), `checkpoint.fovea` to resume from, `results.csv`, `settings.json` and a report. Where fewer
 * than 50 examples validate, both models are the last epoch's, unless `patience` is given.
 *
 * @throws FoveaError with one sentence on bad data or settings; `loss-not-finite` when training diverges
 */
export async function trainClassifier(options: TrainClassifierOptions): Promise<ClassifierRun> {
  const out = resolve(options.out);
  requireRunOptions(options);
  const saved = options.resume ? await readRun<Recipe>(out, options) : undefined;
  const seed = saved?.recipe.seed ?? options.seed ?? 0; // a resumed run has the same splits
  const dataset =
    typeof options.data === "string" ? await loadClassificationDataset(options.data, { seed }) : options.data;
  const recipe = saved?.recipe ?? (await newRecipe(dataset, options));
  for (const problem of reportBeyondLimits(dataset, recipe.normalize)) options.onProblem?.(problem);
  const { shape, batchSize, augment, backbone } = recipe;
  const values =
    backbone && !saved // which has trained values of its own
      ? await trunkValues(backbone.source, backboneTrunks[recipe.model], TRUNK_PATH, WIDENING_PATH)
      : undefined;
  const chooses = choosesEpoch(dataset, options);
  const optimizer = adamW();
  const { device, threads } = options;
  const onProblem = oncePerFile(options.onProblem);
  const stepsPerEpoch = countSteps(dataset.splits.train.length, batchSize);
  const budget = budgetOf(options, saved, epochsForSteps(3000, stepsPerEpoch, 20, 500));
  const shapeOf = shapesOfSteps(recipe, budget, stepsPerEpoch);
  const loader = new ExampleLoader({
    dataset,
    batchSize,
    seed: recipe.seed,
    labelSmoothing: recipe.labelSmoothing,
    weights: recipe.weights,
    workers: options.workers,
    onProblem,
    decodeSize: 2 * Math.max(...shape.slice(1)),
    plan(number) {
      const [, height, width] = shapeOf(number);
      return { size: { width, height }, augment };
    },
  });
  try {
    const step = await compileStep(recipe, shapeOf(saved?.step ?? 0), {
      ...recipe,
      optimizer,
      device,
      threads,
    });
    const memory = new PictureMemory(1e9);
    const measuring = { device, threads, onProblem };
    const measureModel = (model: Uint8Array) => measure(model, dataset, memory, measuring);
    const { root, kind, splitSource, fingerprint } = dataset;
    const { ending, notes } = await executeRun({
      ...options,
      out,
      recipe,
      budget,
      data: { root, kind, splitSource, fingerprint },
      saved,
      step: step.current,
      optimizer,
      seed: recipe.seed,
      values,
      stepsPerEpoch,
      async takeStep(state, at) {
        const batch = await loader.batch(at.step);
        const { inputs, targets } = batch;
        const newPartsOnly = at.progress < (backbone?.frozenShare ?? 0);
        const reports = await step.run(
          shapeOf(at.step),
          state,
          { inputs, targets },
          { ...at.rates, newPartsOnly },
        );
        loader.release(batch);
        return reports;
      },
      async measure(state) {
        const model = exportClassifier(recipe, state.parameters("average"), cardFor(recipe, dataset));
        const none: Record<string, number> = {};
        if (dataset.splits.val.length === 0) return { fitness: Number.NaN, figures: none, model };
        const { fitness, figures } = figuresOf(await measureModel(model), recipe);
        return { fitness: chooses ? fitness : Number.NaN, figures, model };
      },
      table: recordsToCsv,
    }).finally(() => step.release());
    const { best, last } = runPaths(out);
    const run: ClassifierRun = { ending, out, best, last, recipe, dataset, notes };
    if (ending === "interrupted" || dataset.splits.val.length === 0) return run;
    run.evaluation = await measureModel(await readBest(out));
    run.report = await writeTrainingReport({
      ...run,
      evaluation: run.evaluation,
      records: notes.records,
      batch: await loader.batch(0),
    });
    return run;
  } finally {
    await loader.close();
  }
}

/**
 * Whether `best.onnx` is of the epoch that answers best in validation; else it is of the last one. `patience` asks for the
 * choice however few examples there are.
 */
function choosesEpoch(
  { splits }: ClassificationDataset,
  { patience }: Pick<RunOptions, "patience">,
): boolean {
  return splits.val.length >= ENOUGH_TO_CHOOSE || (patience !== undefined && splits.val.length > 0);
}

/** The recipe for a data set; the net is that of the backbone where none is named. */
async function newRecipe(dataset: ClassificationDataset, options: TrainClassifierOptions): Promise<Recipe> {
  const side = await usualPictureSide(dataset);
  if (dataset.kind !== "pictures") {
    const backbone = options.backbone === NO_BACKBONE ? undefined : options.backbone; // which is refused
    return makeRecipe(dataset, side, { ...options, backbone });
  }
  return makeRecipe(dataset, side, { ...options, ...(await chosenStart(options)) });
}

/** One training step of the net for examples of a shape, and of others when they come. */
function compileStep(
  recipe: Recipe,
  shape: readonly number[],
  options: Parameters<typeof SizedStep.compile>[2],
): Promise<SizedStep> {
  const { kind, batchSize, classes } = recipe;
  const dtype = kind === "pictures" ? "uint8" : "float32";
  return SizedStep.compile(
    (scope, exampleShape) => {
      const inputs = scope.graph.input("inputs", [batchSize, ...exampleShape], dtype);
      const targets = scope.graph.input("targets", [batchSize, classes.length]);
      const losses = softmaxCrossEntropy(classifierLogits(scope, inputs, recipe), targets);
      return { loss: reduceMean(losses, undefined, false) };
    },
    shape,
    options,
  );
}

async function measure(
  model: Uint8Array,
  dataset: ClassificationDataset,
  memory: PictureMemory,
  { device, threads, onProblem }: Pick<TrainClassifierOptions, "device" | "threads" | "onProblem">,
): Promise<ClassifierEvaluation> {
  const classifier = await Classifier.load(model, { device, threads });
  try {
    return await evaluateClassifier(classifier, dataset.splits.val, { memory, onProblem });
  } finally {
    await classifier.close();
  }
}

/** The figures that a record keeps of an epoch, and by what it is better than others. */
function figuresOf(
  { accuracy, top5, balancedAccuracy, logLoss }: ClassifierEvaluation,
  { classes, weights }: Recipe,
): { fitness: number; figures: Record<string, number> } {
  const figures: Record<string, number> = { accuracy, balancedAccuracy, logLoss };
  if (classes.length > 5) figures.top5 = top5;
  const right = weights ? balancedAccuracy : accuracy; // what the loss counts by
  return { fitness: right - 1e-3 * logLoss, figures }; // of models that are right as often the surer one is better
}

function cardFor({ kind, model, classes, shape }: Recipe, dataset: ClassificationDataset): ClassifierCard {
  const layout = "layout" in dataset ? dataset.layout : undefined;
  return {
    task: "classify",
    kind,
    model,
    classes: [...classes],
    shape: [...shape],
    ...(layout && { layout }),
    trainedOn: dataset.fingerprint,
    split: dataset.splitSource,
    version: packageVersion(),
  };
}

/** The shape of an example in each step: smaller in the first of them where the recipe resizes progressively. */
function shapesOfSteps(
  { shape, progressiveResizing }: Recipe,
  budget: Budget,
  stepsPerEpoch: number,
): (step: number) => readonly number[] {
  if (!progressiveResizing) return () => shape;
  if (!("epochs" in budget)) {
    throw new FoveaError(
      "argument-range",
      "Progressive resizing needs to know how many steps there will be: give a number of epochs instead of a time.",
    );
  }
  const first = progressiveResizing.share * budget.epochs * stepsPerEpoch;
  return (step) => (step < first ? progressiveResizing.shape : shape);
}
