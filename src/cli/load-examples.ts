import { Option } from "commander";
import type { ClassificationDataset } from "../data/index.ts";
import { formatCount } from "./format.ts";
import { note } from "./output.ts";
import { integer } from "./parse.ts";

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

/** Reads a classification data set and says on stderr what was wrong with it. */
export async function loadExamples(
  path: string,
  options: ClassificationOptions,
): Promise<ClassificationDataset> {
  const { loadClassificationDataset } = await import("../data/index.ts");
  const { seed, valFraction, channels } = options;
  const dataset = await loadClassificationDataset(path, { seed, valFraction, channels });
  const [first] = dataset.problems;
  if (first) {
    const count = formatCount(dataset.problems.length, "problem");
    note(`${path}: ${count} skipped or mended, for example ${first.file}: ${first.detail}`, options);
  }
  return dataset;
}
