import { stringify } from "yaml";
import { xyxyToCxcywh } from "../../geometry/index.ts";
import type { DetectionDataset, DetectionSample } from "../dataset.ts";
import { SPLIT_NAMES } from "../split-names.ts";
import { type DatasetFiles, pictureFile } from "./dataset-files.ts";

/** Digits behind the point: with ten, a picture of 100,000 pixels is off by less than a ten-thousandth. */
const DIGITS = 10;

/**
 * A data set as YOLO text files: `data.yaml`, `images/<split>/`, `labels/<split>/`. The format knows neither
 * difficult objects, which become ordinary ones, nor crowds, which are left out.
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
      pictures.push(pictureFile(sample, `images/${split}`));
      files.set(`labels/${split}/${sample.id}.txt`, toLines(sample));
    }
  }
  return { files, pictures, folders: splits.map((split) => `images/${split}`) };
}

function toLines({ boxes, width, height }: DetectionSample): string {
  return boxes
    .filter(({ crowd }) => !crowd)
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
