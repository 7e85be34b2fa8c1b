import { type Command, Option } from "commander";
import { FoveaError } from "../core/index.ts";
import type { ClassificationDataset, Problem } from "../data/index.ts";
import { quoted } from "./command-line.ts";
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
  /** That volumes in folders are brought to; by default the usual one of them. */
  shape?: readonly number[];
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
  const { seed, valFraction, channels, shape } = options;
  const dataset = await withProgress({ seed, valFraction, quiet: options.quiet }, (given) =>
    loadClassificationDataset(path, { ...given, channels, shape }),
  );
  const [first] = dataset.problems;
  if (first) {
    const count = formatCount(dataset.problems.length, "problem");
    const check = `fovea data check ${quoted(path)}${channels === undefined ? "" : ` --channels ${channels}`}`;
    note(`${path}: ${count}, for example ${problemLine(first)} (listed by: ${check})`, options);
  }
  return dataset;
}

/** The options that read and split a data set as it was read and split before. */
export function readAsBefore({
  seed,
  splitSource,
  channels,
}: Pick<ClassificationOptions, "seed" | "channels"> &
  Pick<ClassificationDataset, "splitSource">): Partial<ClassificationOptions> {
  return {
    seed,
    valFraction: splitSource === "files" ? 0 : splitSource.valFraction,
    ...(channels !== undefined && { channels }),
  };
}

/** Where a problem is and what; a sentence that begins with its file names it once. */
export function problemLine({ file, detail }: Problem): string {
  const named = /^\w+ `(.*?)`/.exec(detail);
  return `${file}: ${named?.[1] === file ? `It${detail.slice(named[0].length)}` : detail}`;
}

/**
 * Refuses to learn a class of whose pictures none can be read, and says on stderr of which classes that is so where they
 * are validated.
 *
 * @throws FoveaError `dataset-unreadable`
 */
export async function requireReadableClasses(
  dataset: ClassificationDataset,
  data: string,
  options: GlobalOptions,
): Promise<void> {
  const { findUnreadableClasses } = await import("../data/index.ts");
  const [unlearnt] = await findUnreadableClasses(dataset, "train");
  if (unlearnt) throw new FoveaError("dataset-unreadable", `${data}: ${unlearnt.detail}`);
  for (const { detail } of await findUnreadableClasses(dataset, "val")) note(`${data}: ${detail}`, options);
}

/**
 * Which examples figures leave out because they could not be read; nothing where all could.
 *
 * @param measured the classes with their numbers of examples that were measured
 * @param examples that were to be measured, by the indices of the same classes
 */
export function unreadLines(
  measured: readonly { name: string; count: number }[],
  examples: readonly { classIndex: number }[],
  things: string,
): string[] {
  const unread = examples.length - measured.reduce((sum, { count }) => sum + count, 0);
  if (unread === 0) return [];
  const wanted = new Set(examples.map(({ classIndex }) => classIndex));
  const missing = measured.flatMap(({ name, count }, i) => (count === 0 && wanted.has(i) ? `"${name}"` : []));
  const left = `${unread} of ${examples.length} ${things} could not be read and are left out`;
  return [missing.length === 0 ? left : `${left}; the figures say nothing of ${missing.join(", ")}`];
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
