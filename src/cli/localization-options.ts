import { Option } from "commander";
import type { GlobalOptions } from "./options.ts";
import { parsePath } from "./parse.ts";
import { noteWithoutEffect } from "./without-effect.ts";

/** Options that say what pictures with one object are made of. */
export interface LocalizationDataOptions {
  crops?: boolean;
  background?: string[];
  strict?: boolean;
}

export function cropsOption(): Option {
  return new Option(
    "--crops",
    "cut a picture out around each object, and some without any, instead of taking each picture's largest object",
  );
}

export function backgroundOption(): Option {
  return new Option("--background <dir...>", "folders of pictures without any object").argParser(
    (folder: string, before: string[] | undefined) => [...(before ?? []), parsePath(folder)],
  );
}

export function strictOption(): Option {
  return new Option("--strict", "refuse pictures with several objects (default: the largest counts)");
}

/** Says that `--strict` has no effect where each object has a picture of its own. */
export function noteStrictCrops(options: LocalizationDataOptions & GlobalOptions): void {
  if (options.crops && options.strict) {
    noteWithoutEffect(["--strict"], "with --crops, which make a picture of each object", options);
  }
}
