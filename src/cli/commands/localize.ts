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
import { addLocalizeEval } from "./localize-eval.ts";
import { addLocalizeTrain } from "./localize-train.ts";

/** Options of `fovea localize` itself. */
export interface LocalizeOptions extends GlobalOptions, EngineOptions {
  model: string;
  out?: string;
  presence?: number;
  json?: boolean;
}

/** `fovea localize …`: say where the one object of a picture is; train and evaluate localizers. */
export function addLocalizeCommands(program: Command): void {
  const localize = program
    .command("localize")
    .description("find the one object of each picture, or say that there is none; train and evaluate that")
    .usage("[options] <files...>\n       fovea localize train|eval …")
    .argument(
      "<files...>",
      "pictures, folders of pictures, or glob patterns (a file called train is ./train)",
    )
    .option(
      "--model <file>",
      "the localizer: a best.onnx made by `fovea localize train` (required)",
      parsePath,
    )
    .option("--out <dir>", "write the pictures with their boxes, and localizations.json", parsePath)
    .option(
      "--presence <threshold>",
      "least probability that there is an object (default: the model's own)",
      number(0, 1),
    )
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (files: string[], _: unknown, command: Command) => {
      const { model, ...options } = optionsOf<Partial<LocalizeOptions> & EngineOptions>(command);
      if (model === undefined) {
        const names = command.commands.map((child) => child.name()).join(", ");
        command.error(
          `error: option '--model <file>' is missing to localize '${files[0]}'; sub-commands are ${names}`,
        );
      }
      const { localizeCommand } = await import("./localize-files.ts");
      await localizeCommand(files, { ...options, model });
    })
    .hook("preSubcommand", refuseEarlyOptions);
  addExamples(localize, ["fovea localize shot.jpg --model runs/raccoon/best.onnx --out out/"]);
  addLocalizeTrain(localize);
  addLocalizeEval(localize);
}
