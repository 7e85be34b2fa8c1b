import { join } from "node:path";
import { type Command, Option } from "commander";
import type { WindowsRun } from "../../detect/windows/index.ts";
import { formatCount, formatDuration } from "../format.ts";
import { loadTrainingData, noteProblems } from "../load-data.ts";
import {
  addExamples,
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
import { integer, number, parseSize, type Size } from "../parse.ts";
import { requireRunFolder } from "../run-folder.ts";
import { runTraining } from "../run-training.ts";
import { resumeOption, runFolderOption } from "../training-options.ts";
import { noteNoValidation, unmeasuredLine } from "../validation.ts";

interface Options extends GlobalOptions, EngineOptions, FormatOptions {
  out: string;
  classes?: string[];
  window?: Size;
  rounds: number;
  steps: number;
  batch: number;
  seed: number;
  lr?: number;
  flipVertical?: boolean;
  resume?: boolean;
  json?: boolean;
}

/** `fovea windows train`: a classifier of windows, from pictures with boxes. */
export function addWindowsTrain(windows: Command): void {
  const command = windows
    .command("train")
    .description("train the classifier of windows on labelled pictures; Ctrl-C saves, --resume goes on")
    .argument("<data>", "folder of the data set: Pascal VOC, COCO or YOLO")
    .addOption(runFolderOption())
    .option("--classes <names...>", "classes to find (default: all); objects of others are background")
    .addOption(
      new Option(
        "--window <size>",
        "size of a window, WIDTHxHEIGHT, multiples of 8 from 32 on (default: about 64x64, shaped as the objects are)",
      ).argParser(parseSize),
    )
    .option(
      "--rounds <n>",
      "trainings, each with the mistakes of the one before among its background",
      integer(1, 100),
      3,
    )
    .option("--steps <n>", "steps in a round", integer(1), 500)
    .option("--batch <n>", "windows in a step", integer(2, 4096), 64)
    .addOption(seedOption())
    .option("--lr <rate>", "highest learning rate (default: 0.002)", number(1e-8, 10))
    .option(
      "--flip-vertical",
      "mirror top to bottom, too: for pictures without an up, as from a microscope or the air",
    )
    .addOption(resumeOption())
    .addOption(formatOption())
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (data: string, _: unknown, command: Command) => {
      const options = optionsOf<Options>(command);
      await requireRunFolder(options, command);
      const dataset = await loadTrainingData(data, options);
      noteProblems(dataset, data, options);
      noteNoValidation(dataset, data, options, "round");
      const { trainWindows } = await import("../../detect/windows/index.ts");
      const run = await runTraining(command, options, (hooks) =>
        trainWindows({
          ...hooks,
          data: dataset,
          out: options.out,
          classes: options.classes,
          window: options.window,
          rounds: options.rounds,
          stepsPerRound: options.steps,
          batchSize: options.batch,
          seed: options.seed,
          learningRate: options.lr,
          flipVertical: options.flipVertical,
          resume: options.resume,
          threads: options.threads,
          device: options.device,
          onRemark: (sentence) => note(sentence, options),
        }),
      );
      report(run, options);
    });
  addExamples(command, [
    "fovea windows train cells/ --classes WBC --out runs/white --flip-vertical",
    "fovea windows train cells/ --out runs/white --resume",
  ]);
}

function report(run: WindowsRun, { out, json }: Options): void {
  const { ending, best, last, report, evaluation, notes, recipe, mined } = run;
  const rounds = notes.records.at(-1)?.epoch ?? 0;
  const { mAP50, mAP50_95, perClass } = evaluation ?? {};
  const bestRound = notes.best.epoch;
  if (json) {
    const seconds = notes.elapsedMs / 1_000;
    const mistakes = mined.places.length;
    printJson({
      ending,
      best,
      last,
      report,
      rounds,
      bestRound,
      seconds,
      mistakes,
      mAP50,
      mAP50_95,
      perClass,
      recipe,
    });
    return;
  }
  print(
    [
      `${formatCount(rounds, "round")} in ${formatDuration(notes.elapsedMs)}, ${formatCount(mined.places.length, "mistake")} learned from`,
      mAP50 === undefined || Number.isNaN(mAP50)
        ? unmeasuredLine(bestRound, "round")
        : `best after round ${bestRound}: mAP50 ${mAP50.toFixed(3)}, mAP50-95 ${mAP50_95!.toFixed(3)} (validation)`,
      `model:  ${join(out, "best.onnx")}`,
      ...(report ? [`report: ${join(out, "report.html")}`] : []),
    ].join("\n"),
  );
}
