import { type ClassificationDataset, readPictureBytes } from "../data/index.ts";
import { readPictureSize } from "../image/index.ts";

/** Pictures that are looked at. */
const LOOKED_AT = 50;

/** The median of the longer sides of a data set's pictures in pixels, from some of them; 0 for other data. */
export async function usualPictureSide(dataset: ClassificationDataset): Promise<number> {
  if (dataset.kind !== "pictures") return 0;
  const { train } = dataset.splits;
  const every = Math.max(1, Math.floor(train.length / LOOKED_AT));
  const sides: number[] = [];
  for (let i = 0; i < train.length; i += every) {
    try {
      const { width, height } = await readPictureSize(await readPictureBytes(train[i].bytes));
      sides.push(Math.max(width, height));
    } catch {
      // Training says what is wrong with it.
    }
  }
  return sides.sort((a, b) => a - b)[sides.length >> 1] ?? 0;
}
