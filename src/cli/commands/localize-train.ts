import { join } from "node:path";
import { type Command, Option } from "commander";
import type { LocalizationLoss, LocalizerRun } from "../../localize/index.ts";
import { formatCount, formatDuration, formatFigure } from "../format.ts";
import { loadTrainingData, noteProblems } from "../load-data.ts";
import { backgroundOption, cropsOption, noteStrictCrops, strictOption } from "../localization-options.ts";
import {
  addExamples,
  backboneOption,
  deviceOption,
  type EngineOptions,
  type FormatOptions,
  formatOption,
  type GlobalOptions,
  jsonOption,
  optionsOf,
  seedOption,
  threadsOption,
} from "../options.ts";
import { note, print, printJson } from "../output.ts";
import { integer, number, parseInputSize, type Size } from "../parse.ts";
import { requireRunFolder } from "../run-folder.ts";
import { runTraining } from "../run-training.ts";
import { patienceOption, resumeOption, runFolderOption, timeOption } from "../training-options.ts";
import { noteNoValidation, unmeasuredLine } from "../validation.ts";
import { noteWithoutEffect } from "../without-effect.ts";

interface Options extends GlobalOptions, EngineOptions, FormatOptions {
  out: string;
  model?: string;
  size: number | Size;
  loss: LocalizationLoss;
  boxUnit?: "picture" | "object";
  crops?: boolean;
  background?: string[];
  strict?: boolean;
  epochs?: number;
  time?: number;
  batch?: number;
  seed: number;
  lr?: number;
  patience?: number;
  workers?: number;
  backbone?: string;
  resume?: boolean;
  json?: boolean;
}

/** `fovea localize train`: a localizer from labelled pictures. */
export function addLocalizeTrain(localize: Command): void {
  const command = localize
    .command("train")
    .description("train a localizer on pictures with one object or none; Ctrl-C saves, --resume goes on")
    .argument("<data>", "folder of the data set: Pascal VOC, COCO or YOLO")
    .addOption(runFolderOption())
    .addOption(
      new Option("--loss <name>", "how answers are compared with the truth")
        .choices(["mixed", "squared", "iou"])
        .default("iou"),
    )
    .addOption(
      new Option(
        "--box-unit <name>",
        "what squared errors of boxes are measured in: the picture's sides, or the object's own (default: object in the mixed loss)",
      ).choices(["picture", "object"]),
    )
    .addOption(cropsOption())
    .addOption(backgroundOption())
    .addOption(strictOption())
    .addOption(
      new Option("--model <name>", "the net's trunk (default: nano, or the backbone's)").choices([
        "nano",
        "small",
        "plain",
        "mobile",
      ]),
    )
    .addOption(
      new Option("--size <size>", "input in pixels: the longer side, or WIDTHxHEIGHT; multiples of 32")
        .argParser(parseInputSize)
        .default(256),
    )
    .option(
      "--epochs <n>",
      "passes over the training pictures (default: by the number of pictures)",
      integer(1),
    )
    .addOption(timeOption())
    .option("--batch <n>", "pictures in a step (default: 16)", integer(1, 4096))
    .addOption(seedOption())
    .option("--lr <rate>", "highest learning rate (default: 0.002)", number(1e-8, 10))
    .addOption(patienceOption())
    .option("--workers <n>", "threads that decode and augment pictures (default: 1)", integer(1, 256))
    .addOption(backboneOption())
    .addOption(resumeOption())
    .addOption(formatOption())
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (data: string, _: unknown, command: Command) => {
      const options = optionsOf<Options>(command);
      await requireRunFolder(options, command);
      if (!options.resume) noteIdleOptions(options);
      const dataset = await loadTrainingData(data, options);
      noteProblems(dataset, data, options);
      noteNoValidation(dataset, data, options);
      const { trainLocalizer } = await import("../../localize/index.ts");
      const { time, batch, lr, json: _json, format: _format, quiet: _quiet, ...same } = options;
      const run = await runTraining(command, options, (hooks) =>
        trainLocalizer({
          ...hooks,
          ...same,
          data: dataset,
          timeMs: time,
          batchSize: batch,
          learningRate: lr,
          onRemark: (sentence) => note(`${data}: ${sentence}`, options),
        }),
      );
      report(run, options);
    });
  addExamples(command, [
    "fovea localize train raccoon/ --out runs/raccoon --time 10m",
    "fovea localize train cells/ --crops --background empty/ --out runs/cells",
    "fovea localize train raccoon/ --out runs/raccoon --resume",
  ]);
}

/** Says which options have no effect beside others. */
function noteIdleOptions(options: Options): void {
  const { loss, boxUnit } = options;
  if (loss === "iou" && boxUnit) {
    noteWithoutEffect(["--box-unit"], "with --loss iou, which has no squared errors of boxes", options);
  }
  noteStrictCrops(options);
}

function report(run: LocalizerRun, { out, json }: Options): void {
  const { ending, best, last, report, evaluation, notes, recipe } = run;
  const epochs = notes.records.at(-1)?.epoch ?? 0;
  const bestEpoch = notes.best.epoch;
  if (json) {
    const seconds = notes.elapsedMs / 1_000;
    const { pictures: _, ...figures } = evaluation ?? { pictures: [] };
    printJson({ ending, best, last, report, epochs, bestEpoch, seconds, ...figures, recipe });
    return;
  }
  const early = ending === "early-stop" ? ", stopped early" : "";
  const measured = evaluation
    ? `best in epoch ${bestEpoch}: mean IoU ${formatFigure(evaluation.meanIou)}, class accuracy ${formatFigure(evaluation.classAccuracy)}, correct at IoU 0.5 ${formatFigure(evaluation.correct)} (validation)`
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
