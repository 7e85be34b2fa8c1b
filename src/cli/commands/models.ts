import type { Command } from "commander";
import { FoveaError } from "../../core/index.ts";
import { addExamples, type GlobalOptions, jsonOption, optionsOf } from "../options.ts";
import { print, printJson } from "../output.ts";

interface Options extends GlobalOptions {
  json?: boolean;
}

/** `fovea models`: what ships with the package. */
export function addModelsCommand(program: Command): void {
  const command = program
    .command("models")
    .description("list the trained models that ship with Fovea, with their figures and limits")
    .argument("[name]", "one of them, to see all that is known of it")
    .addOption(jsonOption())
    .action(async (name: string | undefined, _: unknown, command: Command) => {
      const { json } = optionsOf<Options>(command);
      const { Backbone, shippedBackbones } = await import("../../models/index.ts");
      const names = name === undefined ? await shippedBackbones() : [name];
      const backbones = await Promise.all(names.map((each) => Backbone.load(each)));
      const cards = backbones.flatMap(({ card }) => (card ? [card] : []));
      if (name !== undefined && cards.length === 0) {
        throw new FoveaError(
          "not-a-backbone",
          `${name} is no backbone but a classifier to start from; \`fovea model info ${name}\` shows it.`,
        );
      }
      if (json) {
        printJson(name === undefined ? cards : cards[0]);
        return;
      }
      if (name !== undefined) {
        const { classes, ...rest } = cards[0];
        const rows = Object.entries(rest).map(([key, value]) => `${key}: ${asText(value)}`);
        print([...rows, `classes: ${classes.length}`].join("\n"));
        return;
      }
      if (cards.length === 0) {
        print("No trained models ship with this version.");
        return;
      }
      const { textTable } = await import("../../report/index.ts");
      const rows = cards.map(({ name, accuracy, classes, intendedUse }) => [
        name,
        accuracy.top1,
        accuracy.top5,
        classes.length,
        intendedUse,
      ]);
      print(textTable(["name", "top-1", "top-5", "classes", "use"], rows));
    });
  addExamples(command, ["fovea models", "fovea models fovea-nano --json"]);
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
