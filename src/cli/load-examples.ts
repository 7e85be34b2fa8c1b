import { type Command, Option } from "commander";
import type { ClassificationDataset } from "../data/index.ts";
import { formatCount } from "./format.ts";
import { withProgress } from "./load-data.ts";
import type { GlobalOptions } from "./options.ts";
import { note } from "./output.ts";
import { integer } from "./parse.ts";
import { givenOf, noteWithoutEffect } from "./without-effect.ts";

/** Options of the commands that read a classification data set. */
export interface ClassificationOptions {
  seed: number;
  valFraction?: number;
  channels?: number;
  quiet?: boolean;
}

export function channelsOption(): Option {
  return new Option(
    "--channels <n>",
    "channels of the sequences in a table, one after the other in each line (default: 1)",
  ).argParser(integer(1, 10_000));
}

/** Reads a classification data set with progress on stderr, and says there that something was wrong with it. */
export async function loadExamples(
  path: string,
  options: ClassificationOptions,
): Promise<ClassificationDataset> {
  const { loadClassificationDataset } = await import("../data/index.ts");
  const { seed, valFraction, channels } = options;
  const dataset = await withProgress({ seed, valFraction, quiet: options.quiet }, (given) =>
    loadClassificationDataset(path, { ...given, channels }),
  );
  const [first] = dataset.problems;
  if (first) {
    const count = formatCount(dataset.problems.length, "problem");
    const check = `fovea data check ${path}${channels === undefined ? "" : ` --channels ${channels}`}`;
    note(`${path}: ${count}, for example ${first.file}: ${first.detail} (listed by: ${check})`, options);
  }
  return dataset;
}

/** Says on stderr which options that somebody gave mean nothing to the data set that was read. */
export function noteIdleOptions(
  command: Command,
  data: string,
  dataset: ClassificationDataset,
  options: GlobalOptions,
): void {
  const { kind, splits, splitSource } = dataset;
  const isTable = "layout" in dataset && dataset.layout === "lines";
  const namesVal = splitSource === "files" && splits.val.length > 0;
  const idle: [isIdle: boolean, option: string, why: string][] = [
    [!isTable, "channels", `on ${data}, which holds no table of sequences`],
    [kind !== "pictures", "size", `on ${kind}, which have the size that ${data} gives them`],
    [namesVal, "valFraction", `on ${data}, which names its part to validate with`],
  ];
  for (const [isIdle, option, why] of idle)
    if (isIdle) noteWithoutEffect(givenOf(command, [option]), why, options);
}
