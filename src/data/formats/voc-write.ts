import { posix } from "node:path";
import type { DetectionDataset, DetectionSample } from "../dataset.ts";
import { SPLIT_NAMES } from "../split-names.ts";
import { type DatasetFiles, pictureFile, tidy } from "./dataset-files.ts";
import { buildVocXml } from "./voc-xml.ts";

/** A data set as Pascal VOC: `images/`, `annotations/`, a list for each split, and the order of the classes. */
export function toVocFiles(dataset: DetectionDataset): DatasetFiles {
  const files: DatasetFiles["files"] = new Map([["classes.txt", lines(dataset.classes)]]);
  const pictures: DatasetFiles["pictures"] = [];
  for (const split of SPLIT_NAMES) {
    const samples = dataset.splits[split];
    // An empty list still says that the split is meant to be empty.
    if (samples.length > 0 || split !== "test") files.set(`${split}.txt`, lines(samples.map(({ id }) => id)));
    for (const sample of samples) {
      const picture = pictureFile(sample, "images");
      pictures.push(picture);
      files.set(`annotations/${sample.id}.xml`, toXml(sample, dataset.classes, posix.basename(picture.to)));
    }
  }
  return { files, pictures };
}

function toXml(sample: DetectionSample, classes: readonly string[], filename: string): string {
  return buildVocXml({
    filename,
    size: { width: sample.width, height: sample.height },
    objects: sample.boxes.map(({ classIndex, box, ...rest }) => ({
      ...rest,
      name: classes[classIndex],
      corners: [tidy(box[0]), tidy(box[1]), tidy(box[2]), tidy(box[3])],
    })),
  });
}

function lines(items: readonly string[]): string {
  return items.map((item) => `${item}\n`).join("");
}
