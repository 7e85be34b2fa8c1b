import { type Command, Option } from "commander";
import { type ClassificationOptions, channelsOption } from "../load-examples.ts";
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
import { integer, number, parseInputSize, type Size } from "../parse.ts";
import { patienceOption, resumeOption, runFolderOption, timeOption } from "../training-options.ts";
import { noFlipOption, turnOption, type VariationOptions } from "../variation-options.ts";

export interface ClassifyTrainOptions
  extends GlobalOptions,
    EngineOptions,
    ClassificationOptions,
    VariationOptions {
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
      const { classifyTrainCommand } = await import("./classify-train-run.ts");
      await classifyTrainCommand(data, optionsOf<ClassifyTrainOptions>(command), command);
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
