import type { AnyDataset, DetectionDataset, DetectionFormat, LoadDatasetOptions } from "../data/index.ts";
import { formatCount } from "./format.ts";
import { note } from "./output.ts";
import { createProgress } from "./progress.ts";

export interface LoadDataOptions {
  format?: DetectionFormat;
  /** Draws the splits that the data set does not define itself. */
  seed?: number;
  /** Share of the drawn pictures that goes to validation. */
  valFraction?: number;
  quiet?: boolean;
}

/** Reads a data set with progress on stderr. */
export async function loadData(dir: string, options: LoadDataOptions): Promise<DetectionDataset> {
  const { loadDetectionDataset } = await import("../data/index.ts");
  return withProgress(options, (given) => loadDetectionDataset(dir, given));
}

/** Reads a data set of boxes, or data to classify, with progress on stderr. */
export async function loadAnyData(
  path: string,
  options: LoadDataOptions & { channels?: number },
): Promise<AnyDataset> {
  const { loadAnyDataset } = await import("../data/index.ts");
  const { channels } = options;
  return withProgress(options, (given) => loadAnyDataset(path, { ...given, channels }));
}

/** What a function reads that tells of its progress; that goes to stderr. */
export async function withProgress<T>(
  { format, seed, valFraction, quiet }: LoadDataOptions,
  load: (options: LoadDatasetOptions) => Promise<T>,
): Promise<T> {
  const progress = createProgress({ label: "Reading", total: 1, quiet });
  const onProgress = (done: number, total: number) =>
    progress.update(done / total, `${done} of ${total} pictures`);
  return load({ format, seed, valFraction, onProgress }).finally(progress.done);
}

/** Reads the data of a training with progress on stderr; those of a run that is resumed are split as they were. */
export async function loadTrainingData(
  dir: string,
  options: LoadDataOptions & { out: string; resume?: boolean },
): Promise<DetectionDataset> {
  if (!options.resume) return loadData(dir, options);
  const { readRun } = await import("../train/index.ts");
  const { recipe } = await readRun<{ seed: number }>(options.out);
  return loadData(dir, { ...options, seed: recipe.seed });
}

/** Says on stderr that there are problems, for commands that do not list them. */
export function noteProblems(dataset: DetectionDataset, dir: string, options: { quiet?: boolean }): void {
  if (dataset.problems.length === 0) return;
  const count = formatCount(dataset.problems.length, "problem");
  note(`${dir}: ${count} (listed by: fovea data check ${dir})`, options);
}
