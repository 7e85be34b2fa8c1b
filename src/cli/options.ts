import { type Command, Option } from "commander";
import { integer } from "./parse.ts";

/** Options of the program itself, which every command may read by `optsWithGlobals()`. */
export interface GlobalOptions {
  quiet?: boolean;
}

/** Options of the commands that run the engine. */
export interface EngineOptions {
  threads?: number;
  device: "cpu" | "webgpu" | "cuda";
}

export const FORMATS = ["voc", "coco", "yolo"] as const;

/** Ends a command's help with lines that can be pasted into a shell. */
export function addExamples(command: Command, lines: readonly string[]): Command {
  const title = lines.length === 1 ? "Example:" : "Examples:";
  return command.addHelpText("after", ["", title, ...lines.map((line) => `  $ ${line}`)].join("\n"));
}

export function jsonOption(): Option {
  return new Option("--json", "print one JSON value on stdout instead of text");
}

/** How a data set's labels are stored; found out by looking when not given. */
export function formatOption(): Option {
  return new Option("--format <format>", "the data set's format (default: found out by looking)").choices(
    FORMATS,
  );
}

export function threadsOption(): Option {
  return new Option("--threads <n>", "threads of the engine (default: one per core)").argParser(
    integer(1, 1024),
  );
}

export function deviceOption(): Option {
  return new Option("--device <device>", "where the engine computes")
    .choices(["cpu", "webgpu", "cuda"])
    .default("cpu");
}
