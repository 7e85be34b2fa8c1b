import type { Command } from "commander";
import {
  addExamples,
  deviceOption,
  type EngineOptions,
  type GlobalOptions,
  jsonOption,
  optionsOf,
  threadsOption,
} from "../options.ts";
import { number, parsePath } from "../parse.ts";

/** Options of `fovea landmarks`. */
export interface LandmarksOptions extends GlobalOptions, EngineOptions {
  model: string;
  faces: string;
  score?: number;
  out?: string;
  json?: boolean;
}

/** `fovea landmarks`: find named points in pictures. */
export function addLandmarksCommand(program: Command): void {
  const landmarks = program
    .command("landmarks")
    .description("find the 68 points of faces, or the 17 joints of a body")
    .argument("<files...>", "pictures, folders of pictures, or glob patterns")
    .option(
      "--model <file>",
      "face-points (68 points of each face), body (joints of one person), or an .onnx file",
      parsePath,
      "face-points",
    )
    .option("--faces <file>", "the detector that finds the faces", parsePath, "faces")
    .option("--score <threshold>", "least score of a face (default: the detector's own)", number(0, 1))
    .option("--out <dir>", "write the pictures with their points, and landmarks.json", parsePath)
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (files: string[], _: unknown, command: Command) => {
      const { landmarksCommand } = await import("./landmarks-files.ts");
      await landmarksCommand(files, optionsOf<LandmarksOptions>(command));
    });
  addExamples(landmarks, [
    "fovea landmarks face.jpg --out out/",
    "fovea landmarks dancer.jpg --model body --json",
  ]);
}
