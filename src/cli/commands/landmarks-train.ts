import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Command, Option } from "commander";
import type { PointDataset } from "../../data/index.ts";
import type { HeadKind, LandmarkerRun, LandmarkLoss, Recipe, RecipeOptions } from "../../landmarks/index.ts";
import { detectBoxesToTrain, detectClassOption } from "../detected-boxes.ts";
import { formatCount, formatDuration, formatPercent } from "../format.ts";
import { loadPoints, originOption } from "../load-points.ts";
import { detectorUse, requireModel } from "../model-names.ts";
import {
  addExamples,
  backboneOption,
  deviceOption,
  type EngineOptions,
  type GlobalOptions,
  jsonOption,
  optionsOf,
  seedOption,
  threadsOption,
} from "../options.ts";
import { note, print, printJson } from "../output.ts";
import { integer, number, parsePath } from "../parse.ts";
import { requireRunFolder } from "../run-folder.ts";
import { runTraining } from "../run-training.ts";
import { patienceOption, resumeOption, runFolderOption, timeOption } from "../training-options.ts";
import { noteNoValidation, unmeasuredLine } from "../validation.ts";
import { noteWithoutEffect } from "../without-effect.ts";

interface Options extends GlobalOptions, EngineOptions {
  out: string;
  model?: string;
  head?: HeadKind;
  loss?: LandmarkLoss;
  size?: number;
  margin?: number;
  detector?: string;
  detectClass?: string[];
  epochs?: number;
  time?: number;
  batch?: number;
  seed: number;
  lr?: number;
  augment: boolean;
  valFraction?: number;
  origin?: number;
  patience?: number;
  workers?: number;
  backbone?: string;
  resume?: boolean;
  json?: boolean;
}

/** `fovea landmarks train`: a net of one's own points. */
export function addLandmarksTrain(landmarks: Command): void {
  const command = landmarks
    .command("train")
    .description("train a net on pictures with named points; Ctrl-C saves, --resume goes on")
    .argument("<data>", "a .csv with a row for each picture, COCO keypoints, or a folder of .pts files")
    .addOption(runFolderOption())
    .addOption(
      new Option(
        "--head <kind>",
        "how points are answered: a map of where each is, or numbers (default: heatmap)",
      ).choices(["heatmap", "regression"]),
    )
    .addOption(
      new Option("--loss <name>", "how places are compared (default: wing)").choices(["wing", "squared"]),
    )
    .addOption(
      new Option("--model <name>", "the net's trunk (default: nano, or the backbone's)").choices([
        "nano",
        "small",
        "plain",
        "mobile",
      ]),
    )
    .option(
      "--size <side>",
      "side of the input in pixels, a multiple of 32 (default: 128)",
      integer(32, 4096),
    )
    .option(
      "--margin <share>",
      "what is seen on each side of the box, in parts of its longer side (default: 0.2)",
      number(0, 5),
    )
    .option(
      "--detector <file>",
      "take the boxes of this detector, such as faces, instead of labelled ones or the points' own",
      parsePath,
    )
    .addOption(detectClassOption("all"))
    .option("--epochs <n>", "passes over the training pictures (default: by their number)", integer(1))
    .addOption(timeOption())
    .option("--batch <n>", "pictures in a step (default: 16)", integer(1, 4096))
    .addOption(originOption())
    .addOption(seedOption())
    .option("--lr <rate>", "highest learning rate (default: 0.002)", number(1e-8, 10))
    .option("--no-augment", "show the pictures as they are, without variation")
    .option(
      "--val-fraction <share>",
      "share of the groups to validate with where the data name none (default: 0.2)",
      number(0, 0.9),
    )
    .addOption(patienceOption())
    .option("--workers <n>", "threads that decode and vary pictures (default: 1)", integer(1, 256))
    .addOption(backboneOption())
    .addOption(resumeOption())
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (data: string, _: unknown, command: Command) => {
      const options = optionsOf<Options>(command);
      await requireRunFolder(options, command);
      if (options.detector !== undefined) await requireModel(options.detector, detectorUse);
      if (!options.resume && options.detector === undefined && options.detectClass)
        noteWithoutEffect(["--detect-class"], "without --detector", options);
      const { dataset, ...looks } = await readData(data, options);
      noteNoValidation(dataset, data, options);
      const { trainLandmarker } = await import("../../landmarks/index.ts");
      const { time, batch, lr, augment, json: _json, quiet: _quiet, detectClass: _class, ...same } = options;
      const run = await runTraining(command, options, (hooks) =>
        trainLandmarker({
          ...hooks,
          ...same,
          ...looks,
          data: dataset,
          timeMs: time,
          batchSize: batch,
          learningRate: lr,
          ...(!augment && { augment: null }),
          onRemark: (sentence) => note(`${data}: ${sentence}`, options),
        }),
      );
      await report(run, options);
    });
  addExamples(command, [
    "fovea landmarks train faces/landmarks.csv --out runs/points --time 20m",
    "fovea landmarks train hands/ --head regression --loss squared --out runs/hands",
    "fovea landmarks train faces/landmarks.csv --out runs/points --resume",
  ]);
}

/** The data; of a run that is resumed, split and boxed as they were. */
async function readData(
  data: string,
  options: Options,
): Promise<{ dataset: PointDataset } & Pick<RecipeOptions, "boxes" | "detector" | "detectClasses">> {
  const saved = options.resume ? await savedData(options.out) : options;
  const dataset = await loadPoints(data, { ...options, ...saved });
  const { detector, detectClass: classes } = saved;
  if (detector === undefined) return { dataset, detector };
  const boxes = await detectBoxesToTrain(dataset, { name: detector, classes }, options);
  return { dataset, boxes, detector, detectClasses: classes };
}

/** What the run in `out` says of how its data were split and boxed. */
async function savedData(
  out: string,
): Promise<Pick<Options, "seed" | "valFraction" | "origin" | "detector" | "detectClass">> {
  const { readRun, runPaths } = await import("../../train/index.ts");
  const { recipe } = await readRun<Recipe>(out);
  const { data } = JSON.parse(await readFile(runPaths(out).settings, "utf8"));
  const { splitSource, origin }: Pick<PointDataset, "splitSource" | "origin"> = data;
  return {
    seed: recipe.seed,
    valFraction: splitSource === "files" ? 0 : splitSource.valFraction,
    origin,
    detector: recipe.detector,
    detectClass: recipe.detectClasses,
  };
}

/** Says where labels seem to count pixels from, if that is not what was taken for granted. */
async function noteOrigin({ evaluation, dataset, recipe }: LandmarkerRun, options: Options): Promise<void> {
  if (!evaluation || !recipe.augment?.flipHorizontal) return;
  const { suggestOrigin } = await import("../../landmarks/index.ts");
  const origin = suggestOrigin(evaluation, dataset.origin);
  if (origin === undefined) return;
  const [x] = evaluation.offset;
  note(
    `Found points lie ${Math.abs(x).toFixed(2)} pixels ${x < 0 ? "left" : "right"} of the labels on average, which seem to count pixels from elsewhere: --origin ${origin} (it was ${dataset.origin}) should give smaller errors.`,
    options,
  );
}

async function report(run: LandmarkerRun, options: Options): Promise<void> {
  const { out, json } = options;
  const { ending, best, last, report, evaluation, notes, recipe } = run;
  await noteOrigin(run, options);
  const epochs = notes.records.at(-1)?.epoch ?? 0;
  const bestEpoch = notes.best.epoch;
  if (json) {
    const seconds = notes.elapsedMs / 1_000;
    const { located: _, errors: _errors, ...figures } = evaluation ?? { located: [], errors: [] };
    printJson({ ending, best, last, report, epochs, bestEpoch, seconds, ...figures, recipe });
    return;
  }
  const { normalizerWords } = await import("../../landmarks/index.ts");
  const early = ending === "early-stop" ? ", stopped early" : "";
  const measured = evaluation
    ? `best in epoch ${bestEpoch}: mean error ${formatPercent(evaluation.nme)} of ${normalizerWords[evaluation.normalize]}, failures at 8 % ${formatPercent(evaluation.failureRate8)}, AUC to 8 % ${evaluation.auc8.toFixed(3)} (validation)`
    : unmeasuredLine(bestEpoch);
  print(
    [
      `${formatCount(epochs, "epoch")} in ${formatDuration(notes.elapsedMs)}${early}`,
      measured,
      `model:  ${join(out, "best.onnx")}`,
      ...(report ? [`report: ${join(out, "report.html")}`] : []),
    ].join("\n"),
  );
}
