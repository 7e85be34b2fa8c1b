import type { ClassificationDataset, SplitName } from "../data/index.ts";
import type { SplitChoice } from "./data-split.ts";
import type { GlobalOptions } from "./options.ts";
import { note } from "./output.ts";
import { drawnAsTrained, noteOtherSplit, type TrainedData } from "./trained-split.ts";

type Parts = Pick<ClassificationDataset, "splitSource" | "fingerprint"> & {
  splits: Readonly<Record<SplitName, readonly unknown[]>>;
};

/**
 * How to read data that a classifier is measured on: split as in its training, so that it shows whether they are the
 * same. A training that drew nothing found its parts in files, or held nothing back: neither draws here, unless a part
 * to validate with is asked for.
 */
export function readAsTrained<T extends { seed?: number; split?: SplitChoice }>(
  options: T,
  trained: TrainedData,
): T & { seed: number; valFraction?: number } {
  const drewNothing = trained.split === "files" && options.split !== "val";
  return drawnAsTrained({ ...options, valFraction: drewNothing ? 0 : undefined }, trained);
}

/**
 * The part that a classifier is measured on where none is asked for: what the data name to measure with; of the data of
 * its training what was drawn for that; all of other data.
 */
export function usualPart(
  { splits, splitSource, fingerprint }: Parts,
  { trainedOn }: TrainedData,
): SplitChoice {
  if (splits.val.length > 0 && splitSource === "files") return "val";
  if (splits.test.length > 0) return "test";
  return splits.val.length > 0 && fingerprint === trainedOn ? "val" : "all";
}

/**
 * Says on stderr that a classifier was trained on the very examples that it is measured on, or may have been: then the
 * figures say how well it remembers, not how well it will do.
 */
export function noteTrainedExamples(
  { model, data, part, asked }: { model: string; data: string; part: SplitChoice; asked?: SplitChoice },
  trained: TrainedData,
  dataset: Parts & Pick<ClassificationDataset, "kind">,
  options: GlobalOptions,
): void {
  const { trainedOn, split } = trained;
  const { fingerprint, splitSource, splits, kind } = dataset;
  if (trainedOn === undefined || part === "test") return;
  // A training on all examples, or on all but a part, says so behind the fingerprint.
  const isOfFolds = trainedOn.startsWith(`${fingerprint}, `);
  if (isOfFolds || (trainedOn === fingerprint && splits.val.length === 0)) {
    const found = isOfFolds
      ? "; cross-validation.json in its run's folder has what was found on held-out ones"
      : "";
    note(
      `${data}: ${model} was trained on these ${kind}, and none was kept back: the figures say how well it remembers them, not how well it knows others${found}.`,
      options,
    );
    return;
  }
  noteOtherSplit({ model, data, split: part, things: kind }, trained, dataset, [fingerprint], options);
  const drawnAlike = JSON.stringify(splitSource) === JSON.stringify(split);
  if (asked !== undefined || part !== "all" || drawnAlike || trainedOn === fingerprint) return;
  const remedy = split === undefined ? "give the --seed of that training" : "leave out --seed";
  note(
    `${data}: measured on all of it; should it be the data of ${model}'s training, most was trained on: ${remedy}, and what was kept back is measured.`,
    options,
  );
}
