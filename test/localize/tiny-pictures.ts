import { join } from "node:path";
import { Random } from "../../src/core/index.ts";
import type { DetectionDataset, DetectionSample } from "../../src/data/index.ts";
import { type Picture, savePicture } from "../../src/image/index.ts";

const SIDE = 64;

/** A data set of pictures with a red or a blue rectangle each, and every fifth with none. */
export async function writeRectangles(folder: string, train: number, val: number): Promise<DetectionDataset> {
  const samples: DetectionSample[] = [];
  for (let i = 0; i < train + val; i++) {
    const random = new Random(17, i);
    const picture = noise(random);
    const boxes = i % 5 === 4 ? [] : [drawRectangle(random, picture)];
    const path = join(folder, `${i}.png`);
    await savePicture(picture, path);
    samples.push({ id: `${i}`, path, width: SIDE, height: SIDE, boxes });
  }
  return {
    root: folder,
    format: "yolo",
    classes: ["red", "blue"],
    splits: { train: samples.slice(0, train), val: samples.slice(train), test: [] },
    splitSource: "files",
    problems: [],
    fingerprint: `${train} ${val}`,
  };
}

function noise(random: Random): Picture {
  const data = Uint8Array.from({ length: 3 * SIDE * SIDE }, () => 90 + random.integer(60));
  return { width: SIDE, height: SIDE, data };
}

function drawRectangle(random: Random, { data }: Picture): DetectionSample["boxes"][number] {
  const classIndex = random.integer(2);
  const [width, height] = [14 + random.integer(20), 14 + random.integer(20)];
  const [left, top] = [random.integer(SIDE - width + 1), random.integer(SIDE - height + 1)];
  const colour = classIndex === 0 ? [230, 40, 40] : [40, 40, 230];
  for (let y = top; y < top + height; y++) {
    for (let x = left; x < left + width; x++) data.set(colour, 3 * (y * SIDE + x));
  }
  return { classIndex, box: [left, top, left + width, top + height] };
}
