import { type Command, Option } from "commander";
import type { DetectionFormat } from "../data/index.ts";
import { integer, parsePath } from "./parse.ts";

/** Options that every command has. */
export interface GlobalOptions {
  quiet?: boolean;
}

/** A command's options, with those that stand before its name: `fovea --quiet data check`. */
export function optionsOf<T extends GlobalOptions>(command: Command): T {
  let program = command;
  while (program.parent) program = program.parent;
  return { ...program.opts(), ...command.opts() } as T;
}

/** Options of the commands that run the engine. */
export interface EngineOptions {
  threads?: number;
  device: "cpu" | "webgpu" | "cuda";
}

/** Options of the commands that read a data set. */
export interface FormatOptions {
  format?: DetectionFormat;
}

export const FORMATS: readonly DetectionFormat[] = ["voc", "coco", "yolo"];

/** Ends a command's help with lines that can be pasted into a shell. */
export function addExamples(command: Command, lines: readonly string[]): Command {
  const title = lines.length === 1 ? "Example:" : "Examples:";
  return command.addHelpText("after", ["", title, ...lines.map((line) => `  $ ${line}`)].join("\n"));
}

export function quietOption(): Option {
  return new Option("-q, --quiet", "no progress and no notes on stderr, only errors");
}

export function jsonOption(): Option {
  return new Option("--json", "print one JSON value on stdout instead of text");
}

/** How a data set's labels are stored; found out by looking when not given. */
export function formatOption(): Option {
  return new Option("--format <format>", "the data set's format; found out by looking if not given").choices(
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

/** A trained trunk to start from. */
export function backboneOption(): Option {
  return new Option(
    "--backbone <name>",
    "start from a trained trunk: a backbone that `fovea models` lists, coco, or an .onnx file; none learns from nothing (default: the one that ships for the net, such as fovea-nano)",
  ).argParser(parsePath);
}

export function seedOption(): Option {
  return new Option(
    "--seed <n>",
    "seed of all random draws; the same seed, --threads and number of steps give the same result",
  )
    .argParser(integer(0, 2 ** 31 - 1))
    .default(0);
}

/** Of commands that measure a model. */
export function evaluationSeedOption(things = "pictures"): Option {
  return new Option(
    "--seed <n>",
    `draws the ${things} to validate with where the data name none (default: drawn as in the model's training, else 0)`,
  ).argParser(integer(0, 2 ** 31 - 1));
}

/** A hook of commands with sub-commands: `fovea detect --json train …` would lose its --json silently. */
export function refuseEarlyOptions(parent: Command, subcommand: Command): void {
  const early = parent.options.find(
    (option) => parent.getOptionValueSource(option.attributeName()) === "cli",
  );
  if (early === undefined) return;
  const name = subcommand.name();
  parent.error(`error: option '${early.long}' stands before '${name}' and must follow it`);
}

/** `--pixels`: how a net of others takes pictures. */
export function pixelsOption(net: string): Option {
  return new Option(
    "--pixels <range>",
    `numbers that ${net} takes: a range, or the way of ImageNet's or Caffe's nets (default: what its file says, else imagenet)`,
  ).choices(["0-1", "-1-1", "0-255", "imagenet", "caffe"]);
}

/** The options that somebody gave to a command, but for those of some names: what these leave has no effect there. */
export function givenBeside(command: Command, names: ReadonlySet<string>): string[] {
  return command.options.flatMap((option) => {
    const name = option.attributeName();
    return command.getOptionValueSource(name) === "cli" && !names.has(name) ? [option.long!] : [];
  });
}
