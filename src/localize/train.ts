import { join, resolve } from "node:path";
import { FoveaError, packageVersion } from "../core/index.ts";
import { batchSheet, createBatchLoader, type DetectionDataset, oncePerFile } from "../data/index.ts";
import { PictureMemory } from "../image/index.ts";
import { backboneTrunks, chosenStart, trunkValues } from "../models/index.ts";
import { adamW } from "../nn/index.ts";
import { recordsToCsv } from "../report/index.ts";
import type { DeviceOptions } from "../runtime/index.ts";
import {
  budgetOf,
  epochsForSteps,
  executeRun,
  type FinishedRun,
  type RunOptions,
  readBest,
  readRun,
  requireRunOptions,
  runPaths,
  TrainingStep,
} from "../train/index.ts";
import { type LocalizationSource, prepareData } from "./data.ts";
import { type EvaluateOptions, evaluateLocalizer, type LocalizerEvaluation } from "./evaluate.ts";
import { exportLocalizer } from "./export.ts";
import { Localizer } from "./localizer.ts";
import { trainingObjective } from "./loss.ts";
import type { LocalizerCard } from "./model-card.ts";
import { localizationCells, TRUNK_PATH } from "./net.ts";
import { checkOptions, makeRecipe, type Recipe, type RecipeOptions } from "./recipe.ts";
import { writeTrainingReport } from "./run-report.ts";
import { feedsOf, TARGET_BOX_COMPONENTS } from "./target.ts";

/** How to train a localizer. Without `epochs` or `timeMs` about 3,000 steps, 20 to 300 epochs. */
export interface TrainLocalizerOptions extends RecipeOptions, LocalizationSource, RunOptions, DeviceOptions {
  /** Folder of labelled pictures, or a data set that was read before. */
  data: string | DetectionDataset;
  /** Refuses pictures with several objects; default: the largest counts. */
  strict?: boolean;
  /** Hears one sentence of what is not as expected. */
  onRemark?: (sentence: string) => void;
}

/** A finished (or interrupted) run. */
export type LocalizerRun = FinishedRun<Recipe, DetectionDataset, LocalizerEvaluation>;

/** The recipe, and from what the pictures were made: a resumed run must make the same. */
type RunRecipe = Recipe & { source: LocalizationSource };

/**
 * Trains a localizer and leaves in `out`: `best.onnx` and `last.onnx` (whole localizers, one file each),
 * `checkpoint.fovea` to resume from, `results.csv`, `settings.json`, a report, and the `crops`, if asked for.
 *
 * @throws FoveaError with one sentence on bad data or settings; `loss-not-finite` when training diverges
 */
export async function trainLocalizer(options: TrainLocalizerOptions): Promise<LocalizerRun> {
  const out = resolve(options.out);
  requireRunOptions(options);
  const saved = options.resume ? await readRun<RunRecipe>(out, options) : undefined;
  const chosen = saved ? undefined : checkOptions({ ...options, ...(await chosenStart(options)) });
  const values = chosen?.backbone // a resumed run has trained values of its own
    ? await trunkValues(chosen.backbone, backboneTrunks[chosen.model], TRUNK_PATH)
    : undefined;
  const seed = saved?.recipe.seed ?? options.seed ?? 0; // a resumed run has the same splits
  const { crops, background, strict, onRemark, device, threads } = options;
  const source = saved?.recipe.source ?? { crops, background: background?.map((folder) => resolve(folder)) };
  const cropFolder = join(out, "crops");
  const { signal } = options;
  const dataset = await prepareData(options.data, {
    ...source,
    strict,
    seed,
    cropFolder,
    onRemark,
    signal,
  }).catch((cause: unknown) => {
    if (!signal?.aborted) throw cause;
    throw new FoveaError(
      "interrupted",
      "Stopped while pictures were cut out, before the first step; the same command begins again.",
      { cause },
    );
  });
  const recipe: RunRecipe = saved?.recipe ?? { ...makeRecipe(dataset, chosen!), source };
  const { backbone, classes, input, batchSize } = recipe;
  const optimizer = adamW();
  const { train, val } = dataset.splits;
  const stepsPerEpoch = Math.max(1, Math.floor(train.length / batchSize));
  const budget = budgetOf(options, saved, epochsForSteps(3000, stepsPerEpoch, 20, 300));
  const loader = createBatchLoader({
    samples: train,
    batchSize,
    seed: recipe.seed,
    workers: options.workers ?? 1,
    onProblem: options.onProblem,
    plan: () => ({ ...input, augment: recipe.augment }),
  });
  try {
    const step = await compileStep(recipe, { ...recipe, optimizer, device, threads });
    const memory = new PictureMemory(1e9);
    const kept = { pictures: memory, onProblem: oncePerFile(options.onProblem) };
    const measure = (model: Uint8Array) => measureModel(model, dataset, kept, { device, threads });
    const { root, format, splitSource, fingerprint } = dataset;
    const { ending, notes } = await executeRun({
      ...options,
      out,
      recipe,
      budget,
      data: { root, format, splitSource, fingerprint },
      saved,
      step,
      optimizer,
      seed: recipe.seed,
      values,
      stepsPerEpoch,
      async takeStep(state, at) {
        const batch = await loader.batch(at.step);
        const newPartsOnly = at.progress < (backbone?.frozenShare ?? 0);
        const reports = await step.run(state, feedsOf(batch, classes.length), { ...at.rates, newPartsOnly });
        loader.release(batch);
        return reports;
      },
      async measure(state) {
        const model = exportLocalizer(recipe, state.parameters("average"), cardFor(recipe, dataset));
        const none: Record<string, number> = {};
        if (val.length === 0) return { fitness: Number.NaN, figures: none, model };
        const { meanIou, classAccuracy, right, falseAlarms } = await measure(model);
        const overlap = Number.isNaN(meanIou) ? 0 : meanIou;
        const figures: Record<string, number> = { meanIou, accuracy: classAccuracy, right, falseAlarms };
        return { fitness: (right + overlap) / 2, figures, model };
      },
      table: recordsToCsv,
    }).finally(() => step.release());
    const { best, last } = runPaths(out);
    const run: LocalizerRun = { ending, out, best, last, recipe, dataset, notes };
    if (ending === "interrupted" || val.length === 0) return run;
    run.evaluation = await measure(await readBest(out));
    run.report = await writeTrainingReport({
      ...run,
      evaluation: run.evaluation,
      records: notes.records,
      batch: await batchSheet(await loader.batch(0), classes),
    });
    return run;
  } finally {
    await loader.close();
  }
}

/** One training step of the net. */
function compileStep(
  recipe: Recipe,
  options: Parameters<typeof TrainingStep.compile>[1],
): Promise<TrainingStep> {
  const { batchSize, input, classes, loss, boxUnit } = recipe;
  return TrainingStep.compile((scope) => {
    const pictures = scope.graph.input("pictures", [batchSize, 3, input.height, input.width], "uint8");
    const targets = scope.graph.input("targets", [batchSize, TARGET_BOX_COMPONENTS + classes.length]);
    return trainingObjective(localizationCells(scope, pictures, recipe), targets, loss, boxUnit);
  }, options);
}

async function measureModel(
  model: Uint8Array,
  { splits }: DetectionDataset,
  kept: Pick<EvaluateOptions, "pictures" | "onProblem">,
  device: DeviceOptions,
): Promise<LocalizerEvaluation> {
  const localizer = await Localizer.load(model, device);
  try {
    return await evaluateLocalizer(localizer, splits.val, kept);
  } finally {
    await localizer.close();
  }
}

function cardFor(
  { model, classes, input }: Recipe,
  { fingerprint, splitSource }: DetectionDataset,
): LocalizerCard {
  return {
    task: "localize",
    model,
    classes: [...classes],
    input,
    presenceThreshold: 0.5,
    trainedOn: fingerprint,
    split: splitSource,
    version: packageVersion(),
  };
}
