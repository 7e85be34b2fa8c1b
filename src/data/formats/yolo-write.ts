import { posix } from "node:path";
import { stringify } from "yaml";
import { FoveaError } from "../../core/index.ts";
import { xyxyToCxcywh } from "../../geometry/index.ts";
import type { DetectionDataset, DetectionSample } from "../dataset.ts";
import { SPLIT_NAMES } from "../split-names.ts";
import { type DatasetFiles, type LostLabels, pictureFile } from "./dataset-files.ts";
import { labelFileOf } from "./yolo-label-files.ts";

/** Digits behind the point: with ten, a picture of 100,000 pixels is off by less than a ten-thousandth. */
const DIGITS = 10;

/**
 * A data set as YOLO text files: `data.yaml`, `images/<split>/`, `labels/<split>/`. Labels of a picture that lies in
 * a folder `images` of its own (`images/train/a/images/b.jpg`) are beside that one, where YOLO's tools look for them.
 *
 * @param dataset without crowds, see {@link splitsForYolo}
 */
export function toYoloFiles(dataset: DetectionDataset): DatasetFiles {
  const files: DatasetFiles["files"] = new Map();
  const pictures: DatasetFiles["pictures"] = [];
  const splits = SPLIT_NAMES.filter((split) => split !== "test" || dataset.splits.test.length > 0);
  files.set(
    "data.yaml",
    stringify({
      ...Object.fromEntries(splits.map((split) => [split, `images/${split}`])),
      names: Object.fromEntries(dataset.classes.entries()),
    }),
  );
  for (const split of splits) {
    for (const sample of dataset.splits[split]) {
      const picture = pictureFile(sample, `images/${split}`);
      pictures.push(picture);
      files.set(labelFileOf(picture.to, posix.sep), toLines(sample));
    }
  }
  return { files, pictures, folders: splits.map((split) => `images/${split}`) };
}

/**
 * What YOLO can hold of splits: no crowds, and no pictures with nothing but crowds, which would be taken for background;
 * difficult objects become ordinary ones.
 *
 * @throws FoveaError `dataset-empty` where all boxes are crowds
 */
export function splitsForYolo(splits: DetectionDataset["splits"]): {
  splits: DetectionDataset["splits"];
  lost: LostLabels;
} {
  const lost: LostLabels = { crowds: 0, pictures: 0, difficult: 0 };
  let kept = 0;
  const reduce = (samples: readonly DetectionSample[]): DetectionSample[] =>
    samples.flatMap((sample) => {
      const boxes = sample.boxes.filter(({ crowd }) => !crowd);
      lost.crowds += sample.boxes.length - boxes.length;
      lost.difficult += boxes.filter(({ difficult }) => difficult).length;
      kept += boxes.length;
      if (boxes.length > 0 || sample.boxes.length === 0) return [{ ...sample, boxes }];
      lost.pictures++;
      return [];
    });
  const reduced = { train: reduce(splits.train), val: reduce(splits.val), test: reduce(splits.test) };
  if (kept > 0 || lost.crowds === 0) return { splits: reduced, lost };
  throw new FoveaError(
    "dataset-empty",
    `Nothing is left to write: YOLO has no crowds, and all ${lost.crowds} boxes are such; write voc or coco.`,
  );
}

function toLines({ boxes, width, height }: DetectionSample): string {
  return boxes
    .map(({ classIndex, box }) => {
      const [cx, cy, w, h] = xyxyToCxcywh(box);
      const fractions = [cx / width, cy / height, w / width, h / height];
      return `${classIndex} ${fractions.map(toDecimal).join(" ")}\n`;
    })
    .join("");
}

/** Never in exponential notation, which simple readers do not know. */
function toDecimal(fraction: number): string {
  return fraction.toFixed(DIGITS).replace(/\.?0+$/, "");
}
