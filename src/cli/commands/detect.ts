import type { Command } from "commander";
import {
  addExamples,
  deviceOption,
  type EngineOptions,
  type GlobalOptions,
  jsonOption,
  optionsOf,
  refuseEarlyOptions,
  threadsOption,
} from "../options.ts";
import { number, parsePath } from "../parse.ts";
import { addDetectAnchors } from "./detect-anchors.ts";
import { addDetectEval } from "./detect-eval.ts";
import { addDetectProposals } from "./detect-proposals.ts";
import { addDetectTrain } from "./detect-train.ts";

/** Options of `fovea detect` itself. */
export interface DetectOptions extends GlobalOptions, EngineOptions {
  model: string;
  out?: string;
  score?: number;
  iou?: number;
  json?: boolean;
}

/** `fovea detect …`: find objects in pictures; train and evaluate detectors. */
export function addDetectCommands(program: Command): void {
  const detect = program
    .command("detect")
    .description("find objects in pictures; train and evaluate detectors")
    .usage("[options] <files...>\n       fovea detect train|eval|anchors|proposals …")
    .argument(
      "<files...>",
      "pictures, folders of pictures, or glob patterns (a file called train is ./train)",
    )
    .option(
      "--model <file>",
      "the detector: a best.onnx made by `fovea detect train`, or coco (80 everyday things), faces, faces-tiny",
      parsePath,
      "coco",
    )
    .option("--out <dir>", "write the pictures with their boxes, and detections.json", parsePath)
    .option("--score <threshold>", "least score of a detection (default: the model's own)", number(0, 1))
    .option(
      "--iou <threshold>",
      "overlap from which boxes of a class are one object (default: the model's own)",
      number(0, 1),
    )
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (files: string[], _: unknown, command: Command) => {
      const { detectCommand } = await import("./detect-files.ts");
      await detectCommand(files, optionsOf<DetectOptions>(command));
    })
    .hook("preSubcommand", refuseEarlyOptions);
  addExamples(detect, [
    "fovea detect street.jpg --out out/",
    "fovea detect street.jpg --model runs/cells/best.onnx --out out/",
    "fovea detect --model best.onnx a.jpg shots/ 'more/*.png' --score 0.4 --json",
  ]);
  addDetectTrain(detect);
  addDetectEval(detect);
  addDetectAnchors(detect);
  addDetectProposals(detect);
}
