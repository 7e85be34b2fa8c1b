import { type DecodedPicture, decodePicture } from "../../image/index.ts";
import type { LoadedPoints, PointExample } from "./compose-points.ts";
import { type FailedSample, pictureProblem, SubstitutingLoader } from "./failed-samples.ts";
import { PictureCache } from "./picture-cache.ts";

/** What a worker needs to load the examples of a set. */
export interface PointStoreOptions {
  examples: readonly PointExample[];
  seed: number;
  /** Pixels that a region's side is decoded to at most. */
  regionSide: number;
  /** Memory for decoded pictures. */
  cacheBytes: number;
}

/** Loads pictures with points, with substitutes for those that fail. */
export class PointStore {
  readonly #examples: SubstitutingLoader<LoadedPoints>;

  constructor({ examples, seed, regionSide, cacheBytes }: PointStoreOptions) {
    const pictures = new PictureCache(cacheBytes, (index) => decode(examples[index], regionSide));
    this.#examples = new SubstitutingLoader({
      count: examples.length,
      seed,
      load: async (index) => ({ ...examples[index], pyramid: await pictures.load(index) }),
      problemOf: (index, error) => pictureProblem(examples[index].path, error),
    });
  }

  load(index: number): Promise<LoadedPoints> {
    return this.#examples.load(index);
  }

  /** The examples that failed so far. */
  get failed(): FailedSample[] {
    return this.#examples.failed;
  }
}

function decode({ path, width, height, region }: PointExample, regionSide: number): Promise<DecodedPicture> {
  const share = Math.min(1, regionSide / (region[2] - region[0]));
  return decodePicture(path, { fitWithin: Math.max(1, Math.ceil(share * Math.max(width, height))) });
}
