import { basename, relative, resolve, sep } from "node:path";
import { FoveaError, messageOf, Random } from "../core/index.ts";
import {
  type DetectionDataset,
  type DetectionSample,
  fingerprintDataset,
  type Problem,
  type SplitName,
} from "../data/index.ts";
import { listPictures, readPictureSize } from "../image/index.ts";

/** Share of the background pictures that is kept for validation. */
const VAL_SHARE = 0.2;

/** Keeps the draw of the background's split apart from other draws. */
const SPLIT_STREAM = 0xbac4;

/**
 * The data set with pictures without any object besides, from folders and those below them: four fifths to train
 * with, one fifth, drawn with the seed, to validate with. Pictures that cannot be read are entered in `problems`.
 *
 * @throws FoveaError `folder-missing`, `folder-empty`
 */
export async function withBackground(
  dataset: DetectionDataset,
  folders: readonly string[],
  seed: number,
  onRemark?: (sentence: string) => void,
): Promise<DetectionDataset> {
  if (folders.length === 0) return dataset;
  return joined(dataset, await drawBackground(folders, seed, onRemark), seed);
}

/** What is measured on: a part of a data set, with pictures without any object besides. */
export interface MeasuredBackground {
  /** The data set with the pictures in the part that is measured; of all parts, in one of them. */
  dataset: DetectionDataset;
  /** The data set as a training with the same folders and seed has it. */
  asTrained: DetectionDataset;
}

/**
 * The data set with pictures without any object besides, in the part that a model is measured on: all of them, unless it was
 * trained with them (its fingerprint says so): then those that were kept from the part that it learned from.
 *
 * @param trainedOn fingerprint of what the model was trained on
 * @throws as {@link withBackground}
 */
export async function withMeasuredBackground(
  dataset: DetectionDataset,
  folders: readonly string[],
  {
    split,
    seed,
    trainedOn,
    onRemark,
  }: { split: SplitName | "all"; seed: number; trainedOn?: string; onRemark?: (sentence: string) => void },
): Promise<MeasuredBackground> {
  if (folders.length === 0) return { dataset, asTrained: dataset };
  const background = await drawBackground(folders, seed, onRemark);
  const { train, val } = background;
  const asTrained = joined(dataset, background, seed);
  const isDivided = split !== "all" && asTrained.fingerprint === trainedOn;
  const measured = !isDivided ? [...train, ...val] : split === "train" ? train : val;
  const into = split === "all" ? "val" : split;
  const splits = { ...dataset.splits, [into]: [...dataset.splits[into], ...measured] };
  return { dataset: { ...dataset, splits, problems: asTrained.problems }, asTrained };
}

/** Pictures without any object, divided by a draw. */
interface Background {
  train: DetectionSample[];
  val: DetectionSample[];
  problems: Problem[];
}

function joined(
  dataset: DetectionDataset,
  { train, val, problems }: Background,
  seed: number,
): DetectionDataset {
  const splits = {
    ...dataset.splits,
    train: [...dataset.splits.train, ...train],
    val: [...dataset.splits.val, ...val],
  };
  return {
    ...dataset,
    splits,
    // Where files say the splits of the rest, these pictures are still drawn.
    splitSource: dataset.splitSource === "files" ? { seed, valFraction: VAL_SHARE } : dataset.splitSource,
    problems: [...dataset.problems, ...problems],
    fingerprint: fingerprintDataset({ classes: dataset.classes, splits }),
  };
}

async function drawBackground(
  folders: readonly string[],
  seed: number,
  onRemark?: (sentence: string) => void,
): Promise<Background> {
  const problems: Problem[] = [];
  const samples: DetectionSample[] = [];
  for (const [path, id] of await listBackground(folders)) {
    try {
      const { width, height } = await readPictureSize(path);
      samples.push({ id, path, width, height, boxes: [] });
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      problems.push({ kind: "picture-unreadable", file: path, detail: messageOf(error) });
    }
  }
  if (problems.length > 0) {
    onRemark?.(`Background pictures that cannot be read and are left out: ${problems.length}.`);
  }
  const drawn = new Random(seed, SPLIT_STREAM).shuffle(samples);
  const count = Math.round(samples.length * VAL_SHARE);
  return { train: drawn.slice(count), val: drawn.slice(0, count), problems };
}

/**
 * The pictures in folders and those below them, each once: their ids by whole path. An id tells the folder by its number and the
 * place within it, so that it is the same however the folder is called, and wherever it is moved to.
 */
async function listBackground(folders: readonly string[]): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const [i, given] of folders.entries()) {
    const folder = resolve(given);
    for (const path of await listPictures([folder], { recursive: true })) {
      const place = relative(folder, path).split(sep).join("/") || basename(path); // a file may be given by itself
      if (!ids.has(path)) ids.set(path, `background/${i + 1}/${place}`);
    }
  }
  return ids;
}
