import { type Command, Option } from "commander";
import { detectClassOption } from "../detected-boxes.ts";
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
import { addLandmarksEval } from "./landmarks-eval.ts";
import { addLandmarksTrain } from "./landmarks-train.ts";

/** Options of `fovea landmarks`. */
export interface LandmarksOptions extends GlobalOptions, EngineOptions {
  model: string;
  detector?: string;
  detectClass?: string[];
  /** What `--detector` is also called. */
  faces?: string;
  whole?: boolean;
  score?: number;
  out?: string;
  json?: boolean;
}

/** `fovea landmarks …`: find named points in pictures; train and evaluate nets of one's own. */
export function addLandmarksCommand(program: Command): void {
  const landmarks = program
    .command("landmarks")
    .description(
      "find the 68 points of faces, the 17 joints of a body, or points of one's own; train and evaluate that",
    )
    .usage("[options] <files...>\n       fovea landmarks train|eval …")
    .argument(
      "<files...>",
      "pictures, folders of pictures, or glob patterns (a file called train is ./train)",
    )
    .option(
      "--model <file>",
      "face-points (68 points of each face), body (joints of one person), or a best.onnx of `fovea landmarks train`",
      parsePath,
      "face-points",
    )
    .option(
      "--detector <file>",
      "the detector that finds what has the points (default: faces for face-points; the one that the net was trained with, else none: the whole picture)",
      parsePath,
    )
    .addOption(detectClassOption())
    .addOption(new Option("--faces <file>").argParser(parsePath).hideHelp())
    .addOption(
      new Option("--whole", "let a net of one's own look at the whole picture").conflicts([
        "detector",
        "faces",
      ]),
    )
    .option("--score <threshold>", "least score of a detection (default: the detector's own)", number(0, 1))
    .option("--out <dir>", "write the pictures with their points, and landmarks.json", parsePath)
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (files: string[], _: unknown, command: Command) => {
      const { landmarksCommand } = await import("./landmarks-files.ts");
      await landmarksCommand(files, optionsOf<LandmarksOptions>(command));
    })
    .hook("preSubcommand", refuseEarlyOptions);
  addExamples(landmarks, [
    "fovea landmarks face.jpg --out out/",
    "fovea landmarks dancer.jpg --model body --json",
    "fovea landmarks group.jpg --model runs/points/best.onnx --detector faces",
  ]);
  addLandmarksTrain(landmarks);
  addLandmarksEval(landmarks);
}
