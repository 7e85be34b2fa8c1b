import type { Command } from "commander";
import { addExamples, type GlobalOptions, jsonOption, optionsOf, refuseEarlyOptions } from "../options.ts";
import { print, printJson } from "../output.ts";
import { addModelInfo } from "./model-info.ts";
import { addModelsConvert } from "./models-convert.ts";
import { addModelsExport } from "./models-export.ts";
import { addModelsPath } from "./models-path.ts";
import { addModelsPull } from "./models-pull.ts";

interface Options extends GlobalOptions {
  json?: boolean;
}

/** `fovea models …`: what ships, what can be used at once, and what is fetched. */
export function addModelsCommand(program: Command): void {
  const command = program
    .command("models")
    .description("list the trained models that can be used at once; fetch and convert others")
    .usage("[options] [name]\n       fovea models pull|path|info|convert|export …")
    .argument("[name]", "one of them, to see all that is known of it")
    .addOption(jsonOption())
    .action(async (name: string | undefined, _: unknown, command: Command) => {
      const { json } = optionsOf<Options>(command);
      const { listModels, modelDetails } = await import("../list-models.ts");
      if (name !== undefined) {
        const details = await modelDetails(name);
        if (json) printJson(details);
        else print(Object.entries(details).map(toLine).join("\n"));
        return;
      }
      const models = await listModels();
      if (json) {
        printJson(models);
        return;
      }
      const { textTable } = await import("../../report/index.ts");
      const rows = models.map(({ name, task, size, license, source, cached, summary }) => [
        name,
        task,
        `${(size / 1e6).toFixed(1)} MB`,
        license,
        source,
        cached ? "yes" : "no",
        summary,
      ]);
      print(textTable(["name", "task", "weights", "licence", "source", "cached", "what it is"], rows));
    })
    .hook("preSubcommand", refuseEarlyOptions);
  addExamples(command, ["fovea models", "fovea models fovea-nano --json", "fovea models pull coco"]);
  addModelsPull(command);
  addModelsPath(command);
  addModelInfo(command);
  addModelsConvert(command);
  addModelsExport(command);
}

/** Long lists, such as a thousand classes, by their length. */
function toLine([key, value]: [string, unknown]): string {
  if (Array.isArray(value) && value.length > 20) return `${key}: ${value.length}`;
  return `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`;
}
