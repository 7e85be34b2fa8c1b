import { type Command, InvalidArgumentError, Option } from "commander";
import {
  addExamples,
  type EngineOptions,
  type GlobalOptions,
  jsonOption,
  optionsOf,
  refuseEarlyOptions,
  seedOption,
} from "../options.ts";
import { integer, parsePath, type Size } from "../parse.ts";
import { addInspectExplain } from "./inspect-explain.ts";
import { netOptions } from "./inspect-net-options.ts";

/** Options that say how a net is opened. */
export interface NetOptions extends GlobalOptions, EngineOptions {
  size?: Size;
  pixels?: string;
  fit: "crop" | "pad" | "stretch";
}

/** Options of `fovea inspect` itself. */
export interface InspectOptions extends NetOptions {
  out: string;
  layers?: "all" | string[];
  units: number | number[] | "all";
  limit?: number;
  seed: number;
  steps: number;
  resume?: boolean;
  json?: boolean;
}

/** `fovea inspect …`: look inside a net, and into its answers. */
export function addInspectCommands(program: Command): void {
  const inspect = program
    .command("inspect")
    .description("show what each layer and unit of a net looks for, as a report to browse")
    .usage("[options] <model> <data>\n       fovea inspect explain <model> <picture>")
    .argument("<model>", "any convolutional .onnx file, or a name that `fovea models` lists")
    .argument("<data>", "pictures: a folder with all below it, a .tar, a data set of any layout")
    .addOption(
      new Option("--out <dir>", "folder for report.html, inspect.json and layers/").argParser(parsePath),
    )
    .addOption(
      new Option("--layers <names>", "layers, separated by commas, or all (default: ten of them)").argParser(
        parseNames,
      ),
    )
    .addOption(
      new Option("--units <n|list>", "how many units of each layer, or which: 24, 0,5,17 (one: 7,) or all")
        .argParser(parseUnits)
        .default(24),
    )
    .option("--limit <n>", "look through so many of the pictures, drawn by the seed", integer(1))
    .option(
      "--steps <n>",
      "steps of gradient ascent for each unit's picture; 0 makes none",
      integer(0, 10_000),
      160,
    )
    .addOption(seedOption())
    .option("--resume", "go on with the inspection in --out that was stopped")
    .addOption(jsonOption());
  for (const option of netOptions()) inspect.addOption(option);
  inspect
    .action(async (model: string, data: string, _: unknown, command: Command) => {
      const options = optionsOf<InspectOptions>(command);
      if (options.out === undefined)
        command.error("error: option '--out <dir>' is missing: it says where the report goes");
      const { inspectCommand } = await import("./inspect-units.ts");
      await inspectCommand(model, data, options);
    })
    .hook("preSubcommand", refuseEarlyOptions);
  addExamples(inspect, [
    "fovea inspect runs/cells/best.onnx cells/ --out out/cells",
    "fovea inspect fovea-plain photos/ --layers stage1.0,stage3.1 --units 40 --out out/plain",
    "fovea inspect explain runs/leaves/best.onnx leaf.jpg --out out/leaf",
  ]);
  addInspectExplain(inspect);
}

function parseNames(text: string): "all" | string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.some((name) => name === ""))
    throw new InvalidArgumentError("Expected names separated by commas.");
  return text === "all" ? "all" : names;
}

/** `24` is a number of units; `24,` and `0,5` are lists. */
function parseUnits(text: string): number | number[] | "all" {
  if (text === "all") return "all";
  const parts = text.split(",").filter((part, i, all) => part !== "" || i < all.length - 1);
  if (!parts.every((part) => /^\d+$/.test(part))) {
    throw new InvalidArgumentError("Expected a number of units, a list such as 0,5,17, or all.");
  }
  if (text.includes(",")) return parts.map(Number);
  if (Number(text) < 1) throw new InvalidArgumentError("Expected at least one unit.");
  return Number(text);
}
