import { classColor, contactSheet, drawDetections, type Picture } from "../../image/index.ts";
import type { DetectionBatch } from "./batch-loader.ts";

/**
 * A batch as one picture: every input with its boxes, labelled with their classes, and the sample it is of.
 * `classes` are the data set's class names.
 */
export async function batchSheet(batch: DetectionBatch, classes: readonly string[]): Promise<Picture> {
  const tiles = batch.boxes.map(async (boxes, slot) => {
    const marks = boxes.map(({ classIndex, box }) => ({
      box,
      label: classes[classIndex] ?? `class ${classIndex}`,
      color: classColor(classIndex),
    }));
    return { picture: await drawDetections(pictureOf(batch, slot), marks), caption: batch.sampleIds[slot] };
  });
  return contactSheet(await Promise.all(tiles), { tileWidth: batch.width, tileHeight: batch.height });
}

/** One input of a batch, interleaved. */
function pictureOf({ images, width, height }: DetectionBatch, slot: number): Picture {
  const plane = width * height;
  const data = new Uint8Array(3 * plane);
  for (let channel = 0; channel < 3; channel++) {
    const from = (3 * slot + channel) * plane;
    for (let pixel = 0; pixel < plane; pixel++) data[3 * pixel + channel] = images[from + pixel];
  }
  return { width, height, data };
}
