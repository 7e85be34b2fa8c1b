import { Option } from "commander";
import type { PointDataset } from "../data/index.ts";
import { formatCount } from "./format.ts";
import { note } from "./output.ts";
import { number } from "./parse.ts";
import { createProgress } from "./progress.ts";

export interface LoadPointsOptions {
  /** Draws the splits that the data set does not define itself. */
  seed?: number;
  valFraction?: number;
  /** Coordinate of the centre of the first pixel. */
  origin?: number;
  quiet?: boolean;
}

export function originOption(): Option {
  return new Option(
    "--origin <n>",
    "coordinate of the centre of the first pixel: 0.5 where coordinates are distances from the corner, 0 or 1 where they count pixels from there (default: tables 0.5, COCO 0, .pts 1)",
  ).argParser(number(0, 2));
}

/** How many problems are told one by one. */
const TOLD = 3;

/** Reads a data set of points with progress on stderr, and says what was skipped and how it is split. */
export async function loadPoints(path: string, options: LoadPointsOptions): Promise<PointDataset> {
  const { seed, valFraction, origin, quiet } = options;
  const { loadPointDataset } = await import("../data/index.ts");
  const progress = createProgress({ label: "Reading", total: 1, quiet });
  const dataset = await loadPointDataset(path, {
    seed,
    valFraction,
    origin,
    onProgress: (done, total) => progress.update(done / total, `${done} of ${total} pictures`),
  }).finally(progress.done);
  const { problems, splits, groups, splitSource } = dataset;
  for (const { file, detail } of problems.slice(0, TOLD)) note(`${file}: ${detail}`, options);
  if (problems.length > TOLD) {
    const { formatProblems } = await import("../data/index.ts");
    note(
      `${path}: ${formatCount(problems.length, "problem")} in all: ${formatProblems(problems).replaceAll("\n", "; ")}`,
      options,
    );
  }
  const total = Object.values(splits).reduce((sum, samples) => sum + samples.length, 0);
  if (splitSource !== "files" && groups < total) {
    note(
      `${path}: ${formatCount(total, "picture")} of ${groups} groups, split so that no group is in two parts: ${splits.train.length} to train, ${splits.val.length} to validate with`,
      options,
    );
  }
  return dataset;
}
