import { constants } from "node:fs";
import { copyFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { FoveaError, makeFolder, unwritable } from "../core/index.ts";
import { readPictureSize } from "../image/index.ts";
import type { DetectionDataset, DetectionFormat } from "./dataset.ts";
import { fingerprintDataset } from "./fingerprint.ts";
import { listEntries } from "./folder.ts";
import { toCocoFiles } from "./formats/coco-write.ts";
import type { DatasetFiles, LostLabels } from "./formats/dataset-files.ts";
import { toVocFiles } from "./formats/voc-write.ts";
import { splitsForYolo, toYoloFiles } from "./formats/yolo-write.ts";
import { mapParallel } from "./parallel.ts";

const FORMATS: Record<DetectionFormat, (dataset: DetectionDataset) => DatasetFiles> = {
  voc: toVocFiles,
  coco: toCocoFiles,
  yolo: toYoloFiles,
};

export interface WriteDatasetOptions {
  /** Whether the pictures are put in, too, as clones where the file system can, else as copies; true by default. */
  copyPictures?: boolean;
  /** Told after each picture that has been copied. */
  onProgress?: (done: number, total: number) => void;
}

/** What was written of a data set. */
export interface WrittenDataset {
  pictures: number;
  boxes: number;
  /** Of what was written; the data set's own where no picture was left out. */
  fingerprint: string;
  /** What the format cannot hold. */
  lost: LostLabels;
}

/**
 * Writes a data set in a format, its splits kept, so that `loadDetectionDataset` reads the same boxes (to a
 * thousandth of a pixel) and the same fingerprint from it. YOLO has no difficult objects and no crowds: the
 * former become ordinary, the latter are left out, and so are pictures that have nothing else, because they are not
 * background. Picture files stay as they are, EXIF included.
 *
 * @param outDir folder to write to, new or empty
 * @throws `output-exists` if the folder has something in it, `output-unwritable`, `dataset-empty` if the format can
 *   hold none of the boxes, `picture-missing` or `picture-unreadable` if a picture is gone since the data set was read
 */
export async function writeDetectionDataset(
  dataset: DetectionDataset,
  outDir: string,
  format: DetectionFormat,
  options: WriteDatasetOptions = {},
): Promise<WrittenDataset> {
  const { copyPictures = true, onProgress } = options;
  const root = resolve(outDir);
  if ((await listEntries(root)).length > 0) {
    throw new FoveaError(
      "output-exists",
      `\`${outDir}\` is not empty: name a new folder, so that nothing is mixed with what is there.`,
    );
  }
  const { splits, lost } =
    format === "yolo"
      ? splitsForYolo(dataset.splits)
      : { splits: dataset.splits, lost: { crowds: 0, pictures: 0, difficult: 0 } };
  const { files, pictures, folders = [] } = FORMATS[format]({ ...dataset, splits });
  const paths = [...files.keys(), ...(copyPictures ? pictures.map(({ to }) => to) : [])];
  try {
    for (const folder of new Set([...folders, ...paths.map((path) => dirname(path))])) {
      await makeFolder(join(root, folder));
    }
    if (copyPictures) {
      let done = 0;
      await mapParallel(pictures, async ({ from, to }) => {
        await copyPicture(from, join(root, to));
        onProgress?.(++done, pictures.length);
      });
    }
    // Annotations last: what is cut short is then not taken for a data set.
    await mapParallel([...files], ([path, text]) => writeFile(join(root, path), text));
  } catch (error) {
    throw error instanceof FoveaError ? error : unwritable(outDir, error);
  }
  const samples = Object.values(splits).flat();
  return {
    pictures: samples.length,
    boxes: samples.reduce((sum, { boxes }) => sum + boxes.length, 0),
    fingerprint: fingerprintDataset({ classes: dataset.classes, splits }),
    lost,
  };
}

/** @throws `picture-missing`, `picture-unreadable`; the system's error where the fault is the target's */
async function copyPicture(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  } catch (error) {
    await readPictureSize(from);
    throw error;
  }
}
