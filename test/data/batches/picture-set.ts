import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DetectionSample } from "../../../src/data/index.ts";
import { savePicture } from "../../../src/image/index.ts";
import { noisePicture } from "./plain-pictures.ts";

/** A set of small pictures in a folder of its own, with a box each. */
export interface PictureSet {
  folder: string;
  samples: DetectionSample[];
  remove(): Promise<void>;
}

export async function createPictureSet(count: number): Promise<PictureSet> {
  const folder = await mkdtemp(join(tmpdir(), "fovea-batches-"));
  const samples = Array.from({ length: count }, async (_, i): Promise<DetectionSample> => {
    const path = join(folder, `${i}.${i % 2 ? "jpg" : "png"}`);
    const picture = noisePicture(40 + 5 * i, 70 - 3 * i, i);
    await savePicture(picture, path);
    const boxes = [{ classIndex: i, box: [5, 6, 35, 30] as const }];
    return { id: `sample-${i}`, path, width: picture.width, height: picture.height, boxes };
  });
  return {
    folder,
    samples: await Promise.all(samples),
    remove: () => rm(folder, { recursive: true }),
  };
}
