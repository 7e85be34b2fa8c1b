import type { DetectionDataset, SplitName } from "../data/index.ts";
import type { SplitChoice } from "./data-split.ts";
import type { GlobalOptions } from "./options.ts";
import { note } from "./output.ts";

/** What a model's file says of the data that it was trained on; files of older versions and of others say less. */
export interface TrainedData {
  /** Fingerprint of the labels. */
  trainedOn?: string;
  /** Where the splits came from. */
  split?: DetectionDataset["splitSource"];
}

/** What a model says of its data; nothing where it is no file, which is told where it is opened. */
export async function trainedData(model: string): Promise<TrainedData> {
  const { openModelFile, readCard } = await import("../models/index.ts");
  const file = await openModelFile(model).catch(() => undefined);
  return file ? readCard(file.model) : {};
}

/**
 * How to draw the splits of data that a model is measured on: as is asked for, else as in the model's training. Drawn
 * otherwise, most pictures to validate with would be such as the model was trained on.
 */
export function drawnAsTrained<T extends { seed?: number; valFraction?: number }>(
  options: T,
  { split }: TrainedData,
): T & { seed: number } {
  const draw = split === undefined || split === "files" ? undefined : split;
  return {
    ...options,
    seed: options.seed ?? draw?.seed ?? 0,
    valFraction: options.valFraction ?? draw?.valFraction,
  };
}

/**
 * Says on stderr that a model may have been trained on the very pictures that it is measured on: those to validate with
 * were drawn, and not as in its training.
 *
 * @param things what is measured on, if not pictures
 * @param fingerprints of the data set, as it was read and as it is measured on
 */
export function noteOtherSplit(
  {
    model,
    data,
    split,
    things = "pictures",
  }: { model: string; data: string; split: SplitChoice; things?: string },
  { trainedOn }: TrainedData,
  {
    splitSource,
    splits,
  }: Pick<DetectionDataset, "splitSource"> & { splits: Record<SplitName, readonly unknown[]> },
  fingerprints: readonly string[],
  options: GlobalOptions,
): void {
  if (!trainedOn || split !== "val" || splitSource === "files" || splits.val.length === 0) return;
  if (fingerprints.includes(trainedOn)) return;
  note(
    `${data}: its ${things} to validate with are drawn (seed ${splitSource.seed}), and ${model} was trained on other data, or on these drawn otherwise: it may have been trained on ${things} that it is measured on. If the data are those of its training, give the --seed of that.`,
    options,
  );
}
