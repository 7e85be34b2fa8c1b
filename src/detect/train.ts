import { join, resolve } from "node:path";
import { FoveaError, packageVersion } from "../core/index.ts";
import {
  type BatchPlan,
  batchSheet,
  createBatchLoader,
  type DetectionBatch,
  type DetectionDataset,
  loadDetectionDataset,
  oncePerFile,
} from "../data/index.ts";
import { PictureMemory } from "../image/index.ts";
import { chosenBackbone, trunkNameOf, trunkValues } from "../models/index.ts";
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
} from "../train/index.ts";
import { architectureOf, TRUNK_PATH } from "./architecture.ts";
import { Detector } from "./detector.ts";
import {
  type DetectorEvaluation,
  EVALUATION_SCORE,
  type EvaluateOptions,
  evaluateDetector,
} from "./evaluate.ts";
import type { DetectorCard } from "./model-card.ts";
import { makeRecipe, type Recipe, type RecipeOptions, regionNets } from "./recipe.ts";
import { writeTrainingReport } from "./run-report.ts";
import { searchSamples } from "./search-samples.ts";
import { netSizes } from "./yolo/index.ts";

/** How to train a detector. Without `epochs` or `timeMs` about 6,000 steps, 30 to 300 epochs. */
export interface TrainDetectorOptions extends RecipeOptions, RunOptions, DeviceOptions {
  /** Folder of labelled pictures, or a data set that was read before. */
  data: string | DetectionDataset;
  /** Hears how many pictures have been searched for proposals, before the first step of a net that is given them. */
  onProposals?: (done: number, total: number) => void;
}

/** A finished (or interrupted) run. */
export type TrainRun = FinishedRun<Recipe, DetectionDataset, DetectorEvaluation>;

/**
 * Trains a detector, YOLO or one of the R-CNN family, on labelled pictures and leaves in `out`: `best.onnx` and `last.onnx` (whole
 * detectors, one file each), `checkpoint.fovea` to resume from, `results.csv` and `settings.json`; of a net that is given
 * proposals also `proposals.fovea`, so that they are searched for once.
 *
 * @throws FoveaError with one sentence on bad data or settings; `loss-not-finite` when training diverges
 */
export async function trainDetector(options: TrainDetectorOptions): Promise<TrainRun> {
  const out = resolve(options.out);
  requireRunOptions(options);
  const saved = options.resume ? await readRun<Recipe>(out, options) : undefined;
  const seed = saved?.recipe.seed ?? options.seed ?? 0; // a resumed run has the same splits
  const dataset =
    typeof options.data === "string" ? await loadDetectionDataset(options.data, { seed }) : options.data;
  const recipe = saved?.recipe ?? (await newRecipe(dataset, options));
  const optimizer = adamW();
  const { device, threads } = options;
  const { backbone } = recipe;
  const values =
    backbone && !saved // which has trained values of its own
      ? await trunkValues(backbone.source, recipe.config.size.trunk, TRUNK_PATH)
      : undefined;
  const trunkRate = backbone?.rate;
  const architecture = architectureOf(recipe.config, recipe.seed);
  const { config } = recipe;
  const { train, val } = dataset.splits;
  const store = join(out, "proposals.fovea");
  const search = { store, signal: options.signal, onProgress: options.onProposals };
  const searched = "proposals" in config ? await searchSamples(dataset, config.proposals, search) : undefined;
  const stepsPerEpoch = Math.max(1, Math.floor(train.length / recipe.batchSize));
  const budget = budgetOf(options, saved, epochsForSteps(6000, stepsPerEpoch, 30, 300));
  const totalSteps = "epochs" in budget ? budget.epochs * stepsPerEpoch : Number.POSITIVE_INFINITY;
  let mosaicsOver = false;
  const onProblem = oncePerFile(options.onProblem);
  const kept = { pictures: new PictureMemory(1e9), proposals: searched?.val, onProblem };
  const measureModel = (model: Uint8Array) => measure(model, dataset, kept, { device, threads });
  const loader = createBatchLoader({
    samples: searched?.train ?? train,
    batchSize: recipe.batchSize,
    seed: recipe.seed,
    workers: options.workers ?? 1,
    onProblem: options.onProblem,
    plan(step): BatchPlan {
      const plain = mosaicsOver || step >= totalSteps * (1 - recipe.plainShare);
      const augment = plain ? { ...recipe.augment, mosaic: 0 } : recipe.augment;
      return { ...recipe.config.input, augment };
    },
  });
  try {
    const step = await architecture.compile({ ...recipe, trunkRate, optimizer, device, threads });
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
        if ("timeMs" in budget && at.progress >= 1 - recipe.plainShare) mosaicsOver = true;
        const batch = await loader.batch(at.step);
        const newPartsOnly = at.progress < (backbone?.frozenShare ?? 0);
        const feeds = architecture.feedsOf(batch, at.step);
        const reports = await step.run(state, feeds, { ...at.rates, newPartsOnly });
        loader.release(batch);
        return reports;
      },
      async measure(state) {
        const model = architecture.exportModel(state.parameters("average"), cardFor(recipe, dataset));
        const none: Record<string, number> = {};
        if (val.length === 0) return { fitness: Number.NaN, figures: none, model };
        const { mAP50, mAP50_95 } = await measureModel(model);
        return { fitness: (mAP50 + mAP50_95) / 2, figures: { mAP50, mAP50_95 }, model };
      },
      table: recordsToCsv,
    }).finally(() => step.release());
    const { best, last } = runPaths(out);
    const run: TrainRun = { ending, out, best, last, recipe, dataset, notes };
    if (ending === "interrupted" || val.length === 0) return run;
    run.evaluation = await measureModel(await readBest(out));
    const batch = await loader.batch(0);
    run.report = await writeTrainingReport({
      ...run,
      evaluation: run.evaluation,
      records: notes.records,
      batch: await batchSheet(objectsOnly(batch, dataset.classes.length), dataset.classes),
    });
    return run;
  } finally {
    await loader.close();
  }
}

/** The recipe for a data set; the net is that of the backbone where none is named. */
async function newRecipe(dataset: DetectionDataset, options: TrainDetectorOptions): Promise<Recipe> {
  const family = options.model !== undefined && regionNets.includes(options.model); // which stand on any trunk
  const backbone = await chosenBackbone(options.backbone, family ? undefined : options.model);
  const trunk = backbone && (family || options.model === undefined) ? await trunkNameOf(backbone) : undefined;
  if (trunk !== undefined && !Object.hasOwn(netSizes, trunk)) {
    throw new FoveaError(
      "backbone-differs",
      `Backbone "${backbone}" cannot carry a detector: its trunk is "${trunk}", not one of ${Object.keys(netSizes).join(", ")}.`,
    );
  }
  return makeRecipe(dataset, { ...options, backbone, trunk, model: options.model ?? trunk });
}

/** A batch without the proposals that its boxes may hold, which are of a class beyond the last. */
function objectsOnly(batch: DetectionBatch, classes: number): DetectionBatch {
  const boxes = batch.boxes.map((all) => all.filter(({ classIndex }) => classIndex < classes));
  return { ...batch, boxes };
}

async function measure(
  model: Uint8Array,
  dataset: DetectionDataset,
  kept: Pick<EvaluateOptions, "pictures" | "proposals" | "onProblem">,
  device: DeviceOptions,
): Promise<DetectorEvaluation> {
  const detector = await Detector.load(model, { scoreThreshold: EVALUATION_SCORE, ...device });
  try {
    return await evaluateDetector(detector, dataset.splits.val, kept);
  } finally {
    await detector.close();
  }
}

function cardFor({ model, config }: Recipe, dataset: DetectionDataset): DetectorCard {
  return {
    task: "detect",
    model: "heads" in config ? model : `yolo ${model}`,
    classes: [...config.classes],
    input: config.input,
    grids: config.grids.map(({ stride, anchors }) => ({
      stride,
      anchors: anchors.map(([w, h]): [number, number] => [w, h]),
    })),
    ...("proposals" in config && { proposals: config.proposals }),
    scoreThreshold: 0.25,
    iouThreshold: 0.5,
    trainedOn: dataset.fingerprint,
    split: dataset.splitSource,
    version: packageVersion(),
  };
}
