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
import { type Method, methodOption } from "../windows-options.ts";
import { addWindowsBench } from "./windows-bench.ts";
import { addWindowsEval } from "./windows-eval.ts";
import { addWindowsTrain } from "./windows-train.ts";

/** Options of `fovea windows` itself. */
export interface WindowsOptions extends GlobalOptions, EngineOptions {
  model: string;
  method: Method;
  out?: string;
  score?: number;
  iou?: number;
  json?: boolean;
}

/** `fovea windows …`: find objects by looking at every window of a picture. */
export function addWindowsCommands(program: Command): void {
  const windows = program
    .command("windows")
    .description("find objects by classifying every window of a picture; train, measure and time that")
    .usage("[options] <files...>\n       fovea windows train|eval|bench …")
    .argument(
      "<files...>",
      "pictures, folders of pictures, or glob patterns (a file called train is ./train)",
    )
    .option("--model <file>", "the detector: a best.onnx made by `fovea windows train` (required)", parsePath)
    .addOption(methodOption())
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
      const { model, ...options } = optionsOf<WindowsOptions & { model?: string }>(command);
      if (model === undefined) {
        const names = command.commands.map((child) => child.name()).join(", ");
        command.error(
          `error: option '--model <file>' is missing to look at '${files[0]}'; sub-commands are ${names}`,
        );
      }
      const { windowsCommand } = await import("./windows-files.ts");
      await windowsCommand(files, { ...options, model });
    })
    .hook("preSubcommand", refuseEarlyOptions);
  addExamples(windows, ["fovea windows street.jpg --model runs/cars/best.onnx --out out/"]);
  addWindowsTrain(windows);
  addWindowsEval(windows);
  addWindowsBench(windows);
}
