import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { FoveaError } from "../../core/index.ts";
import { type DetectionSample, loadDetectionDataset, writeScenes } from "../../data/index.ts";
import {
  type DetectorEvaluation,
  type TrainRun,
  trainDetector,
  writeEvaluationReport,
} from "../../detect/index.ts";
import { NO_BACKBONE } from "../../models/index.ts";
import { textTable } from "../../report/index.ts";
import { evaluationFigures, evaluationRemark, evaluationTable, measureDetector } from "../evaluation.ts";
import { INTERRUPTED } from "../failure.ts";
import { formatDuration } from "../format.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { requireEmptyFolder } from "../new-folder.ts";
import { note, print, printJson } from "../output.ts";
import { createProgress } from "../progress.ts";
import { createTrainingProgress } from "../training-progress.ts";
import type { DemoOptions } from "./demo.ts";
import { detectInFiles, saveDetections } from "./detect-files.ts";

/** How much is drawn, and how long it is learned from. */
export interface DemoSizes {
  /** Scenes to learn from, new ones to be tested on, and those of the latter that detections are shown in. */
  training: number;
  unseen: number;
  shown: number;
  trainingMs: number;
  /** Side of the detector's input in pixels. */
  input: number;
}

/** A small input: what a few minutes on two cores can make something of. */
const SIZES: DemoSizes = { training: 800, unseen: 120, shown: 6, trainingMs: 150_000, input: 224 };

/** Few objects, none tiny: what a short training can learn from 800 pictures. */
const SCENES = { maxObjects: 3, minHeight: 0.3 };
/** A bold one, as there is little time. */
const LEARNING_RATE = 4e-3;

/** Where the demo puts things, in its folder. */
interface Places {
  scenes: string;
  newScenes: string;
  run: string;
  evaluation: string;
  detections: string;
}

/** Draws scenes, trains on them, measures on scenes drawn anew, and detects in a few of those. */
export async function runDemo(options: DemoOptions, sizes: DemoSizes = SIZES): Promise<void> {
  const { out } = options;
  const places: Places = {
    scenes: join(out, "scenes"),
    newScenes: join(out, "new-scenes"),
    run: join(out, "run"),
    evaluation: join(out, "evaluation"),
    detections: join(out, "detections"),
  };
  await requireEmptyFolder(out);
  const started = performance.now();

  note(
    `Drawing ${sizes.training} scenes to learn from and ${sizes.unseen} new ones to be tested on`,
    options,
  );
  await drawAll(places, sizes, options);

  note(`Training a detector from nothing for ${formatDuration(sizes.trainingMs)}`, options);
  const run = await train(places, sizes, options);

  note("Measuring it on the new scenes", options);
  const { evaluation, samples } = await evaluate(run.best, places, options);

  const shown = samples.slice(0, sizes.shown).map(({ path }) => path);
  const score = evaluation.bestThreshold;
  const looking = { ...options, model: run.best, out: places.detections, score };
  await saveDetections(await detectInFiles(shown, looking), looking);
  summarize(run, evaluation, places, performance.now() - started, options);
}

/** Draws both sets of scenes; at Ctrl-C neither is left, so that the demo can begin anew in the same folder. */
async function drawAll(
  { scenes, newScenes }: Places,
  { training, unseen }: DemoSizes,
  options: DemoOptions,
): Promise<void> {
  const { out, seed, quiet } = options;
  const isNew = !existsSync(out);
  const interrupt = listenForInterrupt(() => note("Stopping after this picture.", options));
  const { signal } = interrupt;
  try {
    // Scenes of different seeds have nothing in common but the classes.
    await drawScenes(scenes, training, { seed: 2 * seed, quiet, signal });
    await drawScenes(newScenes, unseen, { seed: 2 * seed + 1, quiet, signal });
    signal.throwIfAborted();
  } catch (error) {
    if (error !== signal.reason) throw error;
    const made = isNew ? [out] : [scenes, newScenes];
    for (const folder of made) await rm(folder, { recursive: true, force: true });
    throw new FoveaError(
      INTERRUPTED,
      "Stopped before all scenes were drawn, and kept none; run the command again.",
    );
  } finally {
    interrupt.dispose();
  }
}

async function drawScenes(
  out: string,
  count: number,
  { seed, quiet, signal }: { seed: number; quiet?: boolean; signal: AbortSignal },
): Promise<void> {
  const progress = createProgress({ label: "Drawing", total: count, quiet });
  try {
    await writeScenes(out, {
      count,
      seed,
      ...SCENES,
      onProgress: ({ done }) => progress.update(done),
      signal,
    });
  } finally {
    progress.done();
  }
}

async function train(
  { scenes, run: out }: Places,
  { trainingMs, input }: DemoSizes,
  options: DemoOptions,
): Promise<TrainRun> {
  const interrupt = listenForInterrupt(() => note("Saving after this step.", options));
  const progress = createTrainingProgress(options);
  try {
    const run = await trainDetector({
      data: scenes,
      out,
      timeMs: trainingMs,
      size: input,
      learningRate: LEARNING_RATE,
      backbone: NO_BACKBONE, // the demo shows learning from nothing
      seed: options.seed,
      threads: options.threads,
      device: options.device,
      signal: interrupt.signal,
      onEvent: progress.onEvent,
    });
    if (run.ending !== "interrupted") return run;
    throw new FoveaError(
      INTERRUPTED,
      `Stopped after ${formatDuration(run.notes.elapsedMs)} of training; go on with: fovea detect train ${scenes} --out ${out} --resume`,
    );
  } finally {
    progress.done();
    interrupt.dispose();
  }
}

async function evaluate(
  model: string,
  { newScenes, evaluation: out }: Places,
  options: DemoOptions,
): Promise<{ evaluation: DetectorEvaluation; samples: DetectionSample[] }> {
  const { classes, splits } = await loadDetectionDataset(newScenes);
  const samples = [...splits.train, ...splits.val];
  const evaluation = await measureDetector(model, samples, classes, options);
  const title = "Fovea's demo: scenes that it was never trained on";
  await writeEvaluationReport({ out, title, subtitle: `seed ${options.seed}`, samples, evaluation });
  return { evaluation, samples };
}

function summarize(
  run: TrainRun,
  evaluation: DetectorEvaluation,
  { run: runOut, detections, evaluation: evaluationOut }: Places,
  elapsedMs: number,
  { json }: DemoOptions,
): void {
  const reports = { training: run.report, evaluation: join(evaluationOut, "report.html") };
  if (json) {
    const seconds = elapsedMs / 1_000;
    printJson({ model: run.best, ...reports, detections, seconds, ...evaluationFigures(evaluation) });
    return;
  }
  const { columns, rows } = evaluationTable(evaluation);
  print(textTable(columns, rows));
  print("");
  print(`${evaluationRemark(evaluation)} All of it took ${formatDuration(elapsedMs)}.`);
  const model = join(runOut, "best.onnx");
  print(`model:      ${model}`);
  print(`reports:    ${reports.evaluation} (new scenes)`);
  print(`            ${join(runOut, "report.html")} (training)`);
  print(`detections: ${detections}`);
  print(`try it:     fovea detect --model ${model} --out out/ <pictures>`);
}
