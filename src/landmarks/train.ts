import { resolve } from "node:path";
import { packageVersion } from "../core/index.ts";
import {
  loadPointDataset,
  oncePerFile,
  type PointDataset,
  type PointExample,
  PointLoader,
  type PointSample,
  type Problem,
} from "../data/index.ts";
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
import { requireSameBoxes } from "./boxes-fingerprint.ts";
import { type EvaluatePointsOptions, evaluateLandmarker, type LandmarkEvaluation } from "./evaluate.ts";
import { exportLandmarker } from "./export.ts";
import { Landmarker } from "./landmarker.ts";
import { landmarkLoss } from "./loss.ts";
import type { LandmarkCard } from "./model-card.ts";
import { landmarkNet, TRUNK_PATH } from "./net.ts";
import { pointBatchSheet } from "./point-sheets.ts";
import { type CheckedOptions, checkOptions, makeRecipe, type Recipe, type RecipeOptions } from "./recipe.ts";
import { boxOfPicture, boxOfSample, isThere, regionAround } from "./regions.ts";
import { remarksOf } from "./remarks.ts";
import { writeTrainingReport } from "./run-report.ts";
import { schemeOfData } from "./scheme-of-data.ts";

/** How to train a net of points. Without `epochs` or `timeMs` about 3,000 steps, 20 to 300 epochs. */
export interface TrainLandmarkerOptions extends RecipeOptions, RunOptions, DeviceOptions {
  /** File or folder of pictures with points, or a data set that was read before. */
  data: string | PointDataset;
  /** Hears one sentence of what is not as expected. */
  onRemark?: (sentence: string) => void;
}

/** A finished (or interrupted) run. */
export type LandmarkerRun = FinishedRun<Recipe, PointDataset, LandmarkEvaluation>;

/**
 * Trains a net that finds named points and leaves in `out`: `best.onnx` and `last.onnx` (whole nets, one file each),
 * `checkpoint.fovea` to resume from, `results.csv`, `settings.json` and a report.
 *
 * @throws FoveaError with one sentence on bad data or settings; `loss-not-finite` when training diverges
 */
export async function trainLandmarker(options: TrainLandmarkerOptions): Promise<LandmarkerRun> {
  const out = resolve(options.out);
  requireRunOptions(options);
  const saved = options.resume ? await readRun<Recipe>(out, options) : undefined;
  const chosen = saved ? undefined : checkOptions({ ...options, ...(await chosenStart(options)) });
  const values = chosen?.backbone // a resumed run has trained values of its own
    ? await trunkValues(chosen.backbone, backboneTrunks[chosen.model], TRUNK_PATH)
    : undefined;
  const seed = saved?.recipe.seed ?? options.seed ?? 0; // a resumed run has the same splits
  const dataset =
    typeof options.data === "string" ? await loadPointDataset(options.data, { seed }) : options.data;
  const { boxes, device, threads } = options;
  // Of other data the run says so itself.
  if (saved?.fingerprint === dataset.fingerprint) requireSameBoxes(out, saved.recipe, dataset, boxes);
  const recipe = saved?.recipe ?? newRecipe(dataset, chosen!, options.onRemark);
  const { backbone, batchSize, side, scheme } = recipe;
  const optimizer = adamW();
  const { train, val } = dataset.splits;
  const isMeasurable = val.some(isThere);
  const loader = new PointLoader({
    examples: train.map((sample): PointExample => {
      const { id, path, width, height, points } = sample;
      const region = regionAround(boxOfSample(sample, recipe.margin, boxes), recipe.margin);
      const wider = regionAround(boxOfPicture(sample, recipe.margin), recipe.margin);
      return { id, path, width, height, points, region, wider };
    }),
    batchSize,
    side,
    seed: recipe.seed,
    pairs: scheme.pairs ?? [],
    augment: recipe.augment,
    widerShare: recipe.widerShare,
    workers: options.workers,
    onProblem: options.onProblem,
  });
  try {
    const { stepsPerEpoch } = loader;
    const budget = budgetOf(options, saved, epochsForSteps(3000, stepsPerEpoch, 20, 300));
    const step = await compileStep(recipe, { ...recipe, optimizer, device, threads });
    const memory = new PictureMemory(1e9);
    const tell = oncePerFile(options.onProblem);
    const onProblem = (problem: Problem) => {
      if (problem.kind === "picture-unreadable") tell(problem); // the remarks count those that have no length to measure by
    };
    const measuring = { scheme, boxes, memory, onProblem };
    const measure = (model: Uint8Array) => measureModel(model, val, measuring, { device, threads });
    const { root, format, splitSource, fingerprint, groups, origin } = dataset;
    const { ending, notes } = await executeRun({
      ...options,
      out,
      recipe,
      budget,
      data: { root, format, splitSource, fingerprint, groups, origin },
      saved,
      step,
      optimizer,
      seed: recipe.seed,
      values,
      stepsPerEpoch,
      async takeStep(state, at) {
        const batch = await loader.batch(at.step);
        const { ids: _, ...feeds } = batch;
        const newPartsOnly = at.progress < (backbone?.frozenShare ?? 0);
        const reports = await step.run(state, feeds, { ...at.rates, newPartsOnly });
        loader.release(batch);
        return reports;
      },
      async measure(state) {
        const model = exportLandmarker(recipe, state.parameters("average"), cardFor(recipe, dataset));
        const none: Record<string, number> = {};
        if (!isMeasurable) return { fitness: Number.NaN, figures: none, model };
        const { nme, failureRate8, auc8, falseAlarms } = await measure(model);
        const figures: Record<string, number> = { nme, failureRate8, auc8, falseAlarms };
        return { fitness: 1 / (1 + nme), figures, model };
      },
      table: recordsToCsv,
    }).finally(() => step.release());
    const { best, last } = runPaths(out);
    const run: LandmarkerRun = { ending, out, best, last, recipe, dataset, notes };
    if (ending === "interrupted" || !isMeasurable) return run;
    run.evaluation = await measure(await readBest(out));
    run.report = await writeTrainingReport({
      ...run,
      evaluation: run.evaluation,
      records: notes.records,
      batch: await pointBatchSheet(await loader.batch(0), scheme),
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
  const { batchSize: n, side, points: count } = recipe;
  return TrainingStep.compile((scope) => {
    const { graph } = scope;
    const answer = landmarkNet(scope, graph.input("pictures", [n, 3, side, side], "uint8"), recipe);
    const targets = {
      points: graph.input("points", [n, count, 2]),
      visible: graph.input("visible", [n, count]),
      known: graph.input("known", [n, count]),
      present: graph.input("present", [n, 1]),
    };
    return landmarkLoss(answer, targets, recipe);
  }, options);
}

/** The recipe for a data set; says what is not as expected. */
function newRecipe(
  dataset: PointDataset,
  options: CheckedOptions,
  onRemark: TrainLandmarkerOptions["onRemark"],
): Recipe {
  const scheme = schemeOfData(dataset);
  for (const sentence of remarksOf(dataset, scheme, options)) onRemark?.(sentence);
  return makeRecipe(dataset, scheme, options);
}

async function measureModel(
  model: Uint8Array,
  samples: readonly PointSample[],
  options: EvaluatePointsOptions,
  device: DeviceOptions,
): Promise<LandmarkEvaluation> {
  const landmarker = await Landmarker.load(model, device);
  try {
    return await evaluateLandmarker(landmarker, samples, options);
  } finally {
    await landmarker.close();
  }
}

function cardFor(
  { model, head, scheme, side, margin, ownBoxes, detector, detectClasses }: Recipe,
  { fingerprint, splitSource }: PointDataset,
): LandmarkCard {
  return {
    task: "landmarks",
    model: `${model} ${head}`,
    points: scheme.names,
    lines: scheme.lines,
    subject: "region",
    side,
    ...(scheme.eyes && { eyes: scheme.eyes }),
    margin,
    ownBoxes,
    ...(detector && { detector }),
    ...(detectClasses && { detectClasses }),
    trainedOn: fingerprint,
    split: splitSource,
    version: packageVersion(),
  };
}
