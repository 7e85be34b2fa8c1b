import { join } from "node:path";
import { FoveaError, messageOf, Random } from "../core/index.ts";
import {
  type DetectionDataset,
  type DetectionSample,
  fingerprintDataset,
  type LabelledBox,
  type SplitName,
} from "../data/index.ts";
import { boxArea, clipBox, intersectionArea, type Xyxy } from "../geometry/index.ts";
import { cropPicture, decodePicture, savePicture } from "../image/index.ts";
import { largestBox } from "./target.ts";

/** A crop's sides relative to its object's. */
const [LEAST_MARGIN, MOST_MARGIN] = [1.2, 3];
/** Smallest side of a crop in pixels. */
const LEAST_SIDE = 16;
/** Windows that are tried for a crop. */
const ATTEMPTS = 12;
/** An object that shows less of itself in a crop is no object of it. */
const LEAST_VISIBLE = 0.25;
/** JPEG quality of the crops. */
const QUALITY = 95;

/** What cropping made. */
export interface CroppedObjects {
  dataset: DetectionDataset;
  /** Objects that nothing could be cut around in which they are the largest. */
  skipped: number;
}

/**
 * One picture for each object, cut out around it with a random margin, and one without any object for every second
 * one where there is room; written to `folder` as JPEG files, so that one can look at them. Pictures keep their split;
 * those that cannot be read are entered in `problems`.
 *
 * @throws FoveaError `output-unwritable`; the signal's reason when it aborts
 */
export async function cropObjects(
  dataset: DetectionDataset,
  folder: string,
  seed: number,
  signal?: AbortSignal,
): Promise<CroppedObjects> {
  const splits: DetectionDataset["splits"] = { train: [], val: [], test: [] };
  const problems = [...dataset.problems];
  let skipped = 0;
  for (const name of Object.keys(splits) as SplitName[]) {
    for (const [index, sample] of dataset.splits[name].entries()) {
      signal?.throwIfAborted();
      const random = new Random(seed, ["train", "val", "test"].indexOf(name), index, 0xc209);
      const crops = drawCrops(random, sample);
      skipped += sample.boxes.length - crops.filter(({ boxes }) => boxes.length > 0).length;
      try {
        splits[name].push(...(await saveCrops(sample, crops, join(folder, name))));
      } catch (error) {
        // A full disk is no fault of the picture.
        if (!(error instanceof FoveaError) || error.code === "output-unwritable") throw error;
        problems.push({ kind: "picture-unreadable", file: sample.path, detail: messageOf(error) });
      }
    }
  }
  const fingerprint = fingerprintDataset({ classes: dataset.classes, splits });
  return { dataset: { ...dataset, splits, problems, fingerprint }, skipped };
}

/** A part of a picture, in whole pixels, and what is in it, in pixels of the part. */
interface Crop {
  window: Xyxy;
  boxes: LabelledBox[];
}

function drawCrops(random: Random, sample: DetectionSample): Crop[] {
  const around = sample.boxes.flatMap((object) => cropAround(random, sample, object) ?? []);
  const sizes = around.length ? around : [{ window: [0, 0, sample.width, sample.height] as const }];
  const empty = sizes.slice(0, Math.ceil(sizes.length / 2)).flatMap(({ window }) => {
    return emptyCrop(random, sample, window[2] - window[0], window[3] - window[1]) ?? [];
  });
  return [...around, ...empty];
}

/** A window that holds the object, in which no other is larger. */
function cropAround(random: Random, sample: DetectionSample, object: LabelledBox): Crop | undefined {
  const [x1, y1, x2, y2] = object.box;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const most = LEAST_MARGIN + (MOST_MARGIN - LEAST_MARGIN) * (1 - attempt / ATTEMPTS);
    const along = (low: number, high: number, limit: number): [number, number] => {
      const side = Math.max(LEAST_SIDE, (high - low) * random.uniform(LEAST_MARGIN, most));
      const start = random.uniform(high - side, low);
      return [Math.max(0, Math.floor(start)), Math.min(limit, Math.ceil(start + side))];
    };
    const [left, right] = along(x1, x2, sample.width);
    const [top, bottom] = along(y1, y2, sample.height);
    const window: Xyxy = [left, top, right, bottom];
    const shown = sample.boxes.filter((other) => other === object || isShown(other, window));
    const parts = shown.map((one) => ({ ...one, box: within(one.box, window) }));
    if (largestBox(parts) === parts[shown.indexOf(object)]) return { window, boxes: parts };
  }
  return undefined;
}

/** A window of about this size without any part of an object. */
function emptyCrop(
  random: Random,
  { width, height, boxes }: DetectionSample,
  w: number,
  h: number,
): Crop | undefined {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const scale = random.uniform(0.5, 1);
    const [side, rise] = [
      Math.max(LEAST_SIDE, Math.floor(w * scale)),
      Math.max(LEAST_SIDE, Math.floor(h * scale)),
    ];
    if (side > width || rise > height) continue;
    const [x, y] = [random.integer(width - side + 1), random.integer(height - rise + 1)];
    const window: Xyxy = [x, y, x + side, y + rise];
    if (boxes.every(({ box }) => intersectionArea(box, window) === 0)) return { window, boxes: [] };
  }
  return undefined;
}

function isShown({ box }: LabelledBox, window: Xyxy): boolean {
  return intersectionArea(box, window) >= LEAST_VISIBLE * boxArea(box);
}

/** A box's part in a window, in pixels of the window. */
function within([x1, y1, x2, y2]: Xyxy, [left, top, right, bottom]: Xyxy): Xyxy {
  return clipBox([x1 - left, y1 - top, x2 - left, y2 - top], right - left, bottom - top);
}

async function saveCrops(
  { id, path }: DetectionSample,
  crops: readonly Crop[],
  folder: string,
): Promise<DetectionSample[]> {
  if (crops.length === 0) return [];
  const picture = await decodePicture(path);
  const samples: DetectionSample[] = [];
  for (const [i, { window, boxes }] of crops.entries()) {
    const name = `${id}-${i + 1}`; // with its folders: a/b and a_b are two pictures
    const part = cropPicture(picture, window);
    const file = join(folder, `${name}.jpg`);
    await savePicture(part, file, { quality: QUALITY });
    samples.push({ id: name, path: file, width: part.width, height: part.height, boxes });
  }
  return samples;
}
