import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Command, Option } from "commander";
import type { ClassifierRun, CrossValidation, Recipe, TrainClassifierOptions } from "../../classify/index.ts";
import type { ClassificationDataset, ClassifiedArray, ClassifiedPicture } from "../../data/index.ts";
import { findBegunFolds, interruptedFolds } from "../begun-folds.ts";
import { formatCount, formatDuration } from "../format.ts";
import { listenForInterrupt } from "../interrupt.ts";
import {
  type ClassificationOptions,
  channelsOption,
  loadExamples,
  noteIdleOptions,
  problemLine,
  readAsBefore,
  requireReadableClasses,
  unreadLines,
} from "../load-examples.ts";
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
import { integer, number, parseInputSize, type Size } from "../parse.ts";
import { interruptedRun, requireRunFolder } from "../run-folder.ts";
import { patienceOption, resumeOption, runFolderOption, timeOption } from "../training-options.ts";
import { createTrainingProgress } from "../training-progress.ts";
import { noteNoValidation, unmeasuredLine } from "../validation.ts";
import {
  noFlipOption,
  noteIdleVariation,
  turnOption,
  type VariationOptions,
  variationOf,
} from "../variation-options.ts";
import { givenOf, noteWithoutEffect } from "../without-effect.ts";

interface Options extends GlobalOptions, EngineOptions, ClassificationOptions, VariationOptions {
  out: string;
  model?: string;
  size?: number | Size;
  epochs?: number;
  time?: number;
  batch?: number;
  lr?: number;
  balance?: boolean;
  progressiveResizing?: number;
  patience?: number;
  workers?: number;
  backbone?: string;
  folds?: number;
  resume?: boolean;
  json?: boolean;
}

/** `fovea classify train`: a classifier from labelled examples. */
export function addClassifyTrain(classify: Command): void {
  const command = classify
    .command("train")
    .description("train a classifier of pictures, sequences or volumes; Ctrl-C saves, --resume goes on")
    .argument("<data>", "folders named after classes, a .tar of them, a table (.tsv, .csv), or an .npz")
    .addOption(runFolderOption())
    .option(
      "--model <name>",
      "the net: nano, small, plain, mobile, resnet, vgg or mobilenet for pictures; fcn, resnet or inception-time for sequences; voxnet or resnet for volumes (default: the first of them)",
    )
    .addOption(
      new Option(
        "--size <size>",
        "input for pictures in pixels, one side or WIDTHxHEIGHT; multiples of 32",
      ).argParser(parseInputSize),
    )
    .option("--epochs <n>", "passes over the training examples (default: by their number)", integer(1))
    .addOption(foldsTimeOption())
    .option(
      "--batch <n>",
      "examples in a step (default: 64 pictures, 16 sequences, 32 volumes)",
      integer(1, 4096),
    )
    .addOption(seedOption())
    .option("--lr <rate>", "highest learning rate", number(1e-8, 10))
    .option("--balance", "let every class count the same, however many examples it has")
    .option("--no-augment", "show the examples as they are, without variation (--mixup still blends them)")
    .addOption(noFlipOption())
    .addOption(turnOption())
    .option(
      "--mixup <alpha>",
      "blend examples with each other, weights from Beta(alpha, alpha)",
      number(0, 100),
    )
    .option(
      "--progressive-resizing <share>",
      "let this share of the epochs, which come first, see pictures of 3/4 of the size, at half the cost; not with --time",
      number(0, 0.99),
    )
    .addOption(patienceOption())
    .option("--workers <n>", "threads that read and vary examples (default: 1)", integer(1, 256))
    .option(
      "--val-fraction <share>",
      "share of each class to validate with where the data names none",
      number(0, 0.9),
      0.1,
    )
    .option(
      "--folds <k>",
      "cross-validate in k parts first, then train on all examples: for small sets",
      integer(2, 1000),
    )
    .addOption(channelsOption())
    .addOption(backboneOption())
    .addOption(resumeOption())
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (data: string, _: unknown, command: Command) => {
      const options = optionsOf<Options>(command);
      const begun = await findBegunFolds(options, command);
      if (!begun) await requireRunFolder(options, command);
      const saved = options.resume && !begun ? await resumedData(options.out) : undefined;
      const before = begun ? { ...begun.data, seed: begun.settings.seed ?? 0 } : saved;
      const reading = before && readAsBefore(before);
      const dataset = await loadExamples(data, { ...options, ...reading });
      if (!options.resume) noteIdle(command, data, dataset, options);
      await requireReadableClasses(dataset, data, options);
      if (options.folds === undefined && !begun) noteNoValidation(dataset, data, options, "epoch", "example");
      const { CROSS_VALIDATION, crossValidate, trainClassifier, withExamples } = await import(
        "../../classify/index.ts"
      );
      const augment = await variationOf(dataset, options);
      const interrupt = listenForInterrupt(() => note("Saving after this step.", options));
      const { time, batch, lr, folds = begun?.folds, ...rest } = options;
      let progress = createTrainingProgress(options);
      const withProgress = async <T>(run: (options: TrainClassifierOptions) => Promise<T>) => {
        progress = createTrainingProgress(options);
        try {
          return await run({
            ...rest,
            data: dataset,
            timeMs: time,
            batchSize: batch,
            learningRate: lr,
            augment,
            signal: interrupt.signal,
            onEvent: (event) => progress.onEvent(event),
            ...begun?.settings,
            resume: options.resume && !begun,
            onProblem: (problem) => note(problemLine(problem), options),
          });
        } finally {
          progress.done();
        }
      };
      try {
        const everything = withExamples(dataset, examplesOf(dataset));
        let crossValidation: CrossValidation | undefined;
        if (saved?.fingerprint === everything.fingerprint) {
          crossValidation = JSON.parse(await readFile(join(options.out, CROSS_VALIDATION), "utf8"));
        } else if (folds !== undefined && !saved) {
          crossValidation = await withProgress((given) =>
            crossValidate({
              ...given,
              folds,
              resume: options.resume,
              onFold(fold, count) {
                progress.done();
                progress = createTrainingProgress({ ...options, label: `Fold ${fold} of ${count}` });
              },
            }),
          );
          if (!crossValidation) throw interruptedFolds(command);
        }
        const run = await withProgress((given) =>
          trainClassifier({ ...given, data: crossValidation ? everything : dataset }),
        );
        if (run.ending === "interrupted") throw interruptedRun(command, run.notes);
        report(run, crossValidation, options);
      } finally {
        interrupt.dispose();
      }
    });
  addExamples(command, [
    "fovea classify train leaves/ --out runs/leaves --time 20m",
    "fovea classify train leaves/ --out runs/leaves --resume",
    "fovea classify train ECG200_TRAIN.tsv --out runs/ecg --folds 5",
    "fovea classify train shapes.npz --out runs/shapes",
  ]);
}

/** As other trainings have it, and what it means with --folds. */
function foldsTimeOption(): Option {
  const option = timeOption();
  option.description += "; with --folds for each of them, and for the training on all examples after them";
  return option;
}

/** Says which options mean nothing to a new run. */
function noteIdle(command: Command, data: string, dataset: ClassificationDataset, options: Options): void {
  noteIdleOptions(command, data, dataset, options);
  noteIdleVariation(command, dataset, options);
  if (options.folds === undefined) return;
  const given = givenOf(command, ["valFraction", "patience"]);
  noteWithoutEffect(given, "with --folds, after which all examples are trained on", options);
}

/** What the run in `out` says of its data: the labels' fingerprint, and how the data were read and split. */
async function resumedData(
  out: string,
): Promise<
  Pick<ClassificationDataset, "fingerprint" | "splitSource"> &
    Pick<ClassificationOptions, "seed" | "channels">
> {
  const { readRun, runPaths } = await import("../../train/index.ts");
  const { fingerprint, recipe } = await readRun<Recipe>(out);
  const { data } = JSON.parse(await readFile(runPaths(out).settings, "utf8"));
  const { splitSource }: Pick<ClassificationDataset, "splitSource"> = data;
  const channels = recipe.kind === "sequences" ? recipe.shape[0] : undefined;
  return { fingerprint, splitSource, seed: recipe.seed, channels };
}

/** All that may be learned from, now that the figure is known. */
function examplesOf({ splits }: ClassificationDataset): (ClassifiedPicture | ClassifiedArray)[] {
  return [...splits.train, ...splits.val];
}

function report(
  { ending, best, last, report, evaluation, notes, recipe, dataset }: ClassifierRun,
  crossValidation: CrossValidation | undefined,
  { out, json }: Options,
): void {
  const epochs = notes.records.at(-1)?.epoch ?? 0;
  const bestEpoch = notes.best.epoch;
  if (json) {
    const seconds = notes.elapsedMs / 1_000;
    const { accuracy, top5, balancedAccuracy, majorityBaseline, perClass } = evaluation ?? {};
    const figures = {
      accuracy,
      ...(recipe.classes.length > 5 && { top5 }),
      balancedAccuracy,
      majorityBaseline,
      perClass,
    };
    printJson({
      ending,
      best,
      last,
      report: report ?? (crossValidation && join(out, "report.html")),
      epochs,
      bestEpoch,
      seconds,
      ...figures,
      crossValidation,
      recipe,
    });
    return;
  }
  const early = ending === "early-stop" ? ", stopped early" : "";
  const lines = [`${formatCount(epochs, "epoch")} in ${formatDuration(notes.elapsedMs)}${early}`];
  if (evaluation) {
    const { accuracy, balancedAccuracy, majorityBaseline, majorityClass } = evaluation;
    const chosen = notes.best.fitness >= 0;
    lines.push(
      `${chosen ? "best in" : "the last,"} epoch ${bestEpoch}: accuracy ${accuracy.toFixed(3)}, balanced ${balancedAccuracy.toFixed(3)} (validation)`,
      `always "${majorityClass}" would reach ${majorityBaseline.toFixed(3)}`,
    );
    for (const line of unreadLines(evaluation.perClass, dataset.splits.val, "validation examples")) {
      lines.push(line);
    }
    if (!chosen) {
      const few = formatCount(dataset.splits.val.length, "example");
      lines.push(
        `${few} say little, so none of the epochs was chosen by them; --folds 5 measures by all and then trains on all`,
      );
    }
  } else if (!crossValidation) lines.push(unmeasuredLine(bestEpoch));
  if (crossValidation) {
    const { accuracy, folds, count } = crossValidation;
    const parts = folds.map((fold) => fold.toFixed(3)).join(", ");
    lines.push(
      `cross-validated accuracy ${accuracy.toFixed(3)} on ${formatCount(count, "example")} (${parts})`,
    );
  }
  lines.push(`model:  ${join(out, "best.onnx")}`);
  if (report || crossValidation) lines.push(`report: ${join(out, "report.html")}`);
  print(lines.join("\n"));
}
