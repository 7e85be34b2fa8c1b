import type { Command } from "commander";
import {
  addExamples,
  deviceOption,
  type EngineOptions,
  type GlobalOptions,
  jsonOption,
  optionsOf,
  seedOption,
  threadsOption,
} from "../options.ts";
import { parsePath } from "../parse.ts";

export interface DemoOptions extends GlobalOptions, EngineOptions {
  out: string;
  seed: number;
  json?: boolean;
}

/** `fovea demo`: all of detection in a few minutes, with nothing but this package. */
export function addDemoCommand(program: Command): void {
  const command = program
    .command("demo")
    .description(
      "draw scenes, train a detector on them for two and a half minutes, measure it on new ones, show what it finds",
    )
    .option("--out <dir>", "new folder for scenes, model and report", parsePath, "fovea-demo")
    .addOption(seedOption())
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (_: unknown, command: Command) => {
      const { runDemo } = await import("./demo-run.ts");
      await runDemo(optionsOf<DemoOptions>(command));
    });
  addExamples(command, ["fovea demo --out fovea-demo --seed 1"]);
}
