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
import { integer, parsePath } from "../parse.ts";
import { addClassifyEval } from "./classify-eval.ts";
import { addClassifyTrain } from "./classify-train.ts";

/** Options of `fovea classify` itself. */
export interface ClassifyOptions extends GlobalOptions, EngineOptions {
  model?: string;
  top: number;
  json?: boolean;
}

/** `fovea classify …`: say what pictures, sequences and volumes show; train and evaluate classifiers. */
export function addClassifyCommands(program: Command): void {
  const classify = program
    .command("classify")
    .description("say what pictures, sequences or volumes show; train and evaluate classifiers")
    .usage("[options] <files...>\n       fovea classify train|eval …")
    .argument(
      "<files...>",
      "pictures, tables of sequences, or volumes (.npy, .npz, .nii, .nii.gz); folders of them or glob patterns",
    )
    .option(
      "--model <file>",
      "the classifier: a best.onnx made by `fovea classify train` (required)",
      parsePath,
    )
    .option("--top <n>", "classes to name for each file", integer(1, 1000), 3)
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (files: string[], _: unknown, command: Command) => {
      const { model, ...options } = optionsOf<ClassifyOptions>(command);
      const names = command.commands.map((child) => child.name()).join(", ");
      if (model === undefined)
        command.error(
          `error: option '--model <file>' is missing to classify '${files[0]}'; sub-commands are ${names}`,
        );
      const { classifyCommand } = await import("./classify-files.ts");
      await classifyCommand(files, { ...options, model });
    })
    .hook("preSubcommand", refuseEarlyOptions);
  addExamples(classify, [
    "fovea classify leaf.jpg --model runs/leaves/best.onnx",
    "fovea classify --model runs/ecg/best.onnx new-beats.tsv --json",
  ]);
  addClassifyTrain(classify);
  addClassifyEval(classify);
}
