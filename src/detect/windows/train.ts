import { resolve } from "node:path";
import { packageVersion } from "../../core/index.ts";
import { type DetectionDataset, loadDetectionDataset, oncePerFile } from "../../data/index.ts";
import { reduceMean } from "../../graph/index.ts";
import { PictureMemory } from "../../image/index.ts";
import { adamW, softmaxCrossEntropy } from "../../nn/index.ts";
import { recordsToCsv } from "../../report/index.ts";
import type { DeviceOptions } from "../../runtime/index.ts";
import {
  executeRun,
  type FinishedRun,
  type RunOptions,
  readBest,
  readRun,
  requireRunOptions,
  runPaths,
  type TrainingState,
  TrainingStep,
} from "../../train/index.ts";
import {
  type DetectorEvaluation,
  EVALUATION_SCORE,
  type EvaluateOptions,
  evaluateDetector,
} from "../evaluate.ts";
import { loadMined, type MinedWindows, mineMistakes, saveMined } from "./mine.ts";
import type { WindowsCard } from "./model-card.ts";
import { exportWindows, windowNet } from "./net.ts";
import { keepClasses, makeWindowsRecipe, type WindowsRecipe, type WindowsRecipeOptions } from "./recipe.ts";
import { writeWindowsReport } from "./run-report.ts";
import { TrainingCrops } from "./training-crops.ts";
import { whereItFits } from "./where-it-fits.ts";
import { WindowDetector } from "./window-detector.ts";

/** How to train a detector by windows. */
export interface TrainWindowsOptions
  extends WindowsRecipeOptions,
    Pick<RunOptions, "out" | "resume" | "signal" | "onEvent" | "onProblem">,
    DeviceOptions {
  /** Folder of labelled pictures, or a data set that was read before. */
  data: string | DetectionDataset;
  /** Hears one sentence of what is done between the rounds. */
  onRemark?: (sentence: string) => void;
}

/** A finished (or interrupted) run. */
export interface WindowsRun extends FinishedRun<WindowsRecipe, DetectionDataset, DetectorEvaluation> {
  /** Background that scored like an object, and was learned from. */
  mined: MinedWindows;
}

/** A window of background that scores above this, as any class, is a mistake to learn from. */
const MISTAKE_SCORE = 0.05;

/**
 * Trains a classifier of windows on crops around objects and crops of background, in rounds: after each, windows
 * of the training pictures that score though they show no object join the background. Leaves in `out` what every training
 * leaves.
 *
 * @throws FoveaError with one sentence on bad data or settings
 */
export async function trainWindows(options: TrainWindowsOptions): Promise<WindowsRun> {
  const out = resolve(options.out);
  requireRunOptions(options);
  const saved = options.resume ? await readRun<WindowsRecipe>(out, options) : undefined;
  const seed = saved?.recipe.seed ?? options.seed ?? 0;
  const read =
    typeof options.data === "string" ? await loadDetectionDataset(options.data, { seed }) : options.data;
  const classes = saved?.recipe.classes ?? options.classes;
  const dataset = classes ? keepClasses(read, classes) : read;
  const recipe = saved?.recipe ?? makeWindowsRecipe(dataset, options);
  const roundOf = (step: number) => Math.floor(step / recipe.stepsPerRound);
  const mined: MinedWindows = saved ? await loadMined(out, roundOf(saved.step)) : { round: 0, places: [] };
  const { device, threads, signal, onRemark } = options;
  const optimizer = adamW();
  const { train, val } = dataset.splits;
  const crops = new TrainingCrops(train, recipe, options.onProblem);
  crops.hard = mined.places;
  const exported = (state: TrainingState) =>
    exportWindows(cardFor(recipe, dataset), state.parameters("average"));

  /** Adds the background that the classifier as it is now mistakes. */
  const mine = async (state: TrainingState, round: number) => {
    const detector = await WindowDetector.load(exported(state), {
      scoreThreshold: MISTAKE_SCORE,
      device,
      threads,
    });
    const found = await mineMistakes(detector, train, crops, { seed: recipe.seed, round, signal }).finally(
      () => detector.close(),
    );
    if (signal?.aborted) return; // half a search would make another run of it
    mined.places.push(...found);
    mined.round = round;
    crops.hard = mined.places;
    await saveMined(out, mined);
    onRemark?.(
      `Round ${round}: windows of background that scored above ${MISTAKE_SCORE}, to learn from: ${found.length}.`,
    );
  };

  const kept = { pictures: new PictureMemory(1e9), onProblem: oncePerFile(options.onProblem) };
  const measure = (model: Uint8Array) => measureModel(model, dataset, kept, { device, threads });
  const step = await compileStep(recipe, { ...recipe, optimizer, device, threads });
  try {
    if (!saved) await saveMined(out, mined);
    const { root, format, splitSource, fingerprint } = dataset;
    const { ending, notes } = await executeRun({
      ...options,
      out,
      recipe,
      budget: { epochs: recipe.rounds },
      data: { root, format, splitSource, fingerprint },
      saved,
      step,
      optimizer,
      seed: recipe.seed,
      stepsPerEpoch: recipe.stepsPerRound,
      async beforeStep(state, number) {
        const round = roundOf(number);
        if (mined.round < round) await mine(state, round);
      },
      async takeStep(state, at) {
        const { windows, targets } = await crops.batch(at.step);
        return step.run(state, { windows, targets }, at.rates);
      },
      async measure(state) {
        const model = exported(state);
        const none: Record<string, number> = {};
        if (val.length === 0) return { fitness: Number.NaN, figures: none, model };
        const { mAP50, mAP50_95 } = await measure(model);
        return { fitness: mAP50, figures: { mAP50, mAP50_95 }, model };
      },
      table: recordsToCsv,
    });
    const { best, last } = runPaths(out);
    const run: WindowsRun = { ending, out, best, last, recipe, dataset, notes, mined };
    if (ending === "interrupted" || val.length === 0) return run;
    run.evaluation = await measure(await readBest(out));
    run.report = await writeWindowsReport({
      ...run,
      evaluation: run.evaluation,
      records: notes.records,
      crops,
    });
    return run;
  } finally {
    await step.release();
  }
}

function compileStep(
  { batchSize, window, classes }: WindowsRecipe,
  options: Parameters<typeof TrainingStep.compile>[1],
): Promise<TrainingStep> {
  return TrainingStep.compile((scope) => {
    const shape = [batchSize, 3, window.height, window.width];
    const windows = scope.graph.input("windows", shape, "uint8");
    const targets = scope.graph.input("targets", [batchSize, 1 + classes.length]);
    const losses = softmaxCrossEntropy(windowNet(scope, windows, classes.length), targets);
    return { loss: reduceMean(losses, undefined, false) };
  }, options);
}

async function measureModel(
  model: Uint8Array,
  { splits }: DetectionDataset,
  kept: Pick<EvaluateOptions, "pictures" | "onProblem">,
  device: DeviceOptions,
): Promise<DetectorEvaluation> {
  const detector = await WindowDetector.load(model, { ...device, scoreThreshold: EVALUATION_SCORE });
  try {
    return await evaluateDetector(whereItFits(detector), splits.val, kept);
  } finally {
    await detector.close();
  }
}

function cardFor(
  { classes, window, filled, sizes }: WindowsRecipe,
  { fingerprint, splitSource }: DetectionDataset,
): WindowsCard {
  return {
    task: "windows",
    classes: [...classes],
    window,
    filled,
    sizes: [...sizes],
    scoreThreshold: 0.5,
    iouThreshold: 0.3,
    trainedOn: fingerprint,
    split: splitSource,
    version: packageVersion(),
  };
}
