import { join } from "node:path";
import { type Command, Option } from "commander";
import type { TrainRun } from "../../detect/index.ts";
import { formatCount, formatDuration } from "../format.ts";
import { loadTrainingData, noteProblems } from "../load-data.ts";
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
import { print, printJson } from "../output.ts";
import { integer, number, parseInputSize, type Size } from "../parse.ts";
import { createProgress } from "../progress.ts";
import { requireRunFolder } from "../run-folder.ts";
import { runTraining } from "../run-training.ts";
import { patienceOption, resumeOption, runFolderOption, timeOption } from "../training-options.ts";
import { noteNoValidation, unmeasuredLine } from "../validation.ts";

interface Options extends GlobalOptions, EngineOptions, FormatOptions {
  out: string;
  model?: string;
  size: number | Size;
  epochs?: number;
  time?: number;
  batch?: number;
  seed: number;
  lr?: number;
  patience?: number;
  workers?: number;
  flipVertical?: boolean;
  fpn?: boolean;
  backbone?: string;
  resume?: boolean;
  json?: boolean;
}

/** Pixels a cell of the maps of `--fpn`. */
const FPN_STRIDES = [4, 8, 16] as const;

/** `fovea detect train`: a detector from labelled pictures. */
export function addDetectTrain(detect: Command): void {
  const command = detect
    .command("train")
    .description("train a detector on labelled pictures; Ctrl-C saves, --resume goes on")
    .argument("<data>", "folder of the data set: Pascal VOC, COCO or YOLO")
    .addOption(runFolderOption())
    .addOption(
      new Option(
        "--model <name>",
        "the net: YOLO in a size (default: nano, or the backbone's), or one that classifies regions",
      ).choices(["nano", "small", "mobile", "textbook", "faster-rcnn", "fast-rcnn", "rcnn"]),
    )
    .addOption(
      new Option("--size <size>", "input in pixels: the longer side, or WIDTHxHEIGHT; multiples of 32")
        .argParser(parseInputSize)
        .default(320),
    )
    .option(
      "--epochs <n>",
      "passes over the training pictures (default: by the number of pictures)",
      integer(1),
    )
    .addOption(timeOption())
    .option("--batch <n>", "pictures in a step (default: 8)", integer(1, 4096))
    .addOption(seedOption())
    .option("--lr <rate>", "highest learning rate (default: 0.002)", number(1e-8, 10))
    .addOption(patienceOption())
    .option("--workers <n>", "threads that decode and augment pictures (default: 1)", integer(1, 256))
    .option(
      "--flip-vertical",
      "mirror top to bottom, too: for pictures without an up, as from a microscope or the air",
    )
    .option(
      "--fpn",
      "regions from maps of 4, 8 and 16 pixels a cell instead of one of 8 (faster-rcnn and fast-rcnn)",
    )
    .addOption(backboneOption())
    .addOption(resumeOption())
    .addOption(formatOption())
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (data: string, _: unknown, command: Command) => {
      const options = optionsOf<Options>(command);
      await requireRunFolder(options, command);
      const { stridesFor, trainDetector } = await import("../../detect/index.ts");
      const strides = options.fpn ? FPN_STRIDES : undefined;
      if (!options.resume) stridesFor({ model: options.model, strides }); // told before any work
      const dataset = await loadTrainingData(data, options);
      noteProblems(dataset, data, options);
      noteNoValidation(dataset, data, options);
      const searching = createProgress({ label: "Proposing regions", total: 1, quiet: options.quiet });
      try {
        const { out, model, size, epochs, time, batch, seed, lr, patience, workers, flipVertical, resume } =
          options;
        const run = await runTraining(command, options, (hooks) =>
          trainDetector({
            ...hooks,
            data: dataset,
            out,
            model,
            size,
            epochs,
            timeMs: time,
            batchSize: batch,
            seed,
            learningRate: lr,
            patience,
            workers,
            augment: flipVertical ? { flipVertical: 0.5 } : undefined,
            strides,
            backbone: options.backbone,
            resume,
            threads: options.threads,
            device: options.device,
            onProposals(done, total) {
              searching.update(done / total, `${done} of ${total} pictures`);
              if (done === total) searching.done();
            },
          }),
        );
        report(run, options);
      } finally {
        searching.done();
      }
    });
  addExamples(command, [
    "fovea detect train cells/ --out runs/cells --time 30m --flip-vertical",
    "fovea detect train cells/ --out runs/cells --resume",
  ]);
}

function report(run: TrainRun, { out, json }: Options): void {
  const { ending, best, last, report, evaluation, notes, recipe } = run;
  const { mAP50, mAP50_95, perClass } = evaluation ?? {};
  const epochs = notes.records.at(-1)?.epoch ?? 0;
  const bestEpoch = notes.best.epoch;
  if (json) {
    const seconds = notes.elapsedMs / 1_000;
    printJson({ ending, best, last, report, epochs, bestEpoch, seconds, mAP50, mAP50_95, perClass, recipe });
    return;
  }
  const early = ending === "early-stop" ? ", stopped early" : "";
  print(
    [
      `${formatCount(epochs, "epoch")} in ${formatDuration(notes.elapsedMs)}${early}`,
      mAP50 === undefined || Number.isNaN(mAP50)
        ? unmeasuredLine(bestEpoch)
        : `best in epoch ${bestEpoch}: mAP50 ${mAP50.toFixed(3)}, mAP50-95 ${mAP50_95!.toFixed(3)} (validation)`,
      `model:  ${join(out, "best.onnx")}`,
      ...(report ? [`report: ${join(out, "report.html")}`] : []),
    ].join("\n"),
  );
}
