import { FoveaError, messageOf, Random } from "../core/index.ts";
import { type DetectionDataset, type DetectionSample, fingerprintDataset } from "../data/index.ts";
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
): Promise<DetectionDataset> {
  if (folders.length === 0) return dataset;
  const problems = [...dataset.problems];
  const samples: DetectionSample[] = [];
  for (const path of await listPictures(folders, { recursive: true })) {
    try {
      const { width, height } = await readPictureSize(path);
      samples.push({ id: `background/${path}`, path, width, height, boxes: [] });
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      problems.push({ kind: "picture-unreadable", file: path, detail: messageOf(error) });
    }
  }
  const drawn = new Random(seed, SPLIT_STREAM).shuffle(samples);
  const count = Math.round(samples.length * VAL_SHARE);
  const splits = {
    ...dataset.splits,
    train: [...dataset.splits.train, ...drawn.slice(count)],
    val: [...dataset.splits.val, ...drawn.slice(0, count)],
  };
  const fingerprint = fingerprintDataset({ classes: dataset.classes, splits });
  // Where files say the splits of the rest, these pictures are still drawn.
  const splitSource =
    dataset.splitSource === "files" ? { seed, valFraction: VAL_SHARE } : dataset.splitSource;
  return { ...dataset, splits, splitSource, problems, fingerprint };
}
