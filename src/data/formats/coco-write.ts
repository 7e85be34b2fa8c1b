import { posix } from "node:path";
import { boxArea, xyxyToXywh } from "../../geometry/index.ts";
import type { DetectionDataset, DetectionSample } from "../dataset.ts";
import { SPLIT_NAMES } from "../split-names.ts";
import { type DatasetFiles, pictureFile, tidy } from "./dataset-files.ts";

/** A data set as COCO JSON: `annotations/instances_<split>.json` and `images/<split>/`; ids count from 1. */
export function toCocoFiles(dataset: DetectionDataset): DatasetFiles {
  const files: DatasetFiles["files"] = new Map();
  const pictures: DatasetFiles["pictures"] = [];
  for (const split of SPLIT_NAMES) {
    const samples = dataset.splits[split];
    // A file without images still says that the split is meant to be empty.
    if (samples.length === 0 && split === "test") continue;
    const folder = `images/${split}`;
    const copies = samples.map((sample) => pictureFile(sample, folder));
    for (const copy of copies) pictures.push(copy);
    const names = copies.map(({ to }) => posix.relative(folder, to));
    files.set(`annotations/instances_${split}.json`, JSON.stringify(toCoco(samples, names, dataset.classes)));
  }
  return { files, pictures };
}

function toCoco(samples: readonly DetectionSample[], names: readonly string[], classes: readonly string[]) {
  const boxes = samples.flatMap((sample, i) => sample.boxes.map((box) => ({ ...box, imageId: i + 1 })));
  return {
    images: samples.map(({ width, height }, i) => ({ id: i + 1, width, height, file_name: names[i] })),
    annotations: boxes.map(({ classIndex, box, area, crowd, difficult, imageId }, i) => ({
      id: i + 1,
      image_id: imageId,
      category_id: classIndex + 1,
      bbox: xyxyToXywh(box).map(tidy),
      area: tidy(area ?? boxArea(box)),
      iscrowd: crowd ? 1 : 0,
      segmentation: [],
      // Not COCO's: keeps Pascal VOC's mark for whoever reads the file back.
      ...(difficult && { difficult: 1 }),
    })),
    categories: classes.map((name, i) => ({ id: i + 1, name, supercategory: "" })),
  };
}
