import { FoveaError, Random } from "../core/index.ts";
import { classColor, contactSheet, decodePicture, drawDetections, type Picture } from "../image/index.ts";
import type { DetectionDataset, DetectionSample, SplitName } from "./dataset.ts";
import { SPLIT_NAMES } from "./split-names.ts";

/** Pixels of a tile's sides. */
const TILE = 320;

export interface DatasetSheetOptions {
  /** Number of pictures at most; 24 by default. */
  count?: number;
  /** Which of them is up to the seed; 0 by default. */
  seed?: number;
  /** The split to choose from; by default all. */
  split?: SplitName;
}

/**
 * A contact sheet of pictures chosen by chance, with their boxes. Crowds are dashed. Pictures that cannot be
 * decoded are passed over.
 *
 * @throws `dataset-empty` if no picture can be shown
 */
export async function datasetSheet(
  dataset: DetectionDataset,
  options: DatasetSheetOptions = {},
): Promise<Picture> {
  const { count = 24, seed = 0, split } = options;
  const names = split ? [split] : SPLIT_NAMES;
  const candidates = names.flatMap((name) => dataset.splits[name].map((sample) => ({ sample, split: name })));
  const shuffled = new Random(seed).shuffle(candidates);
  const tiles: { picture: Picture; caption: string }[] = [];
  for (const candidate of shuffled) {
    if (tiles.length === count) break;
    const { sample } = candidate;
    const plain = await decodePicture(sample.path, { fitWithin: TILE }).catch(() => undefined);
    if (!plain) continue;
    const picture = await drawBoxes(plain, sample, dataset.classes);
    tiles.push({ picture, caption: `${sample.id} (${candidate.split})` });
  }
  if (tiles.length === 0) {
    const where = split ? `The split \`${split}\`` : "The data set";
    throw new FoveaError("dataset-empty", `${where} has no picture to show: choose another one.`);
  }
  const title = `${tiles.length} of ${candidates.length} pictures`;
  return contactSheet(tiles, { tileWidth: TILE, tileHeight: TILE, title });
}

async function drawBoxes(
  picture: Picture,
  sample: DetectionSample,
  classes: readonly string[],
): Promise<Picture> {
  const [scaleX, scaleY] = [picture.width / sample.width, picture.height / sample.height];
  const marks = sample.boxes.map(({ classIndex, box: [x1, y1, x2, y2], crowd }) => ({
    box: [x1 * scaleX, y1 * scaleY, x2 * scaleX, y2 * scaleY] as const,
    label: classes[classIndex],
    color: classColor(classIndex),
    dashed: crowd,
  }));
  return drawDetections(picture, marks);
}
