import { groupBy } from "../../core/index.ts";
import { findCopies } from "../duplicates.ts";
import type { PointSample } from "./dataset.ts";

/** Groups of two or more samples of the same picture: things in one file, and in files that are equal byte for byte. */
export async function findSamePictures(samples: readonly PointSample[]): Promise<PointSample[][]> {
  const ofFiles = groupBy(samples, ({ path }) => path);
  const copies = await findCopies(ofFiles, ([{ path }]) => ({ file: path }));
  const copied = new Set(copies.flat());
  const others = ofFiles.filter((ofFile) => ofFile.length > 1 && !copied.has(ofFile));
  return [...copies.map((files) => files.flat()), ...others];
}
