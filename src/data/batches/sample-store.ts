import { FoveaError } from "../../core/index.ts";
import { type DecodedPicture, decodePicture } from "../../image/index.ts";
import type { DetectionSample, LabelledBox, SampleRegions } from "../dataset.ts";
import type { LoadedSample } from "./compose-sample.ts";
import { type FailedSample, pictureProblem, SubstitutingLoader } from "./failed-samples.ts";
import { PictureCache } from "./picture-cache.ts";

/** What a worker needs to load the samples of a set. */
export interface SampleStoreOptions {
  samples: readonly DetectionSample[];
  seed: number;
  /** Longest side in pixels that decoded pictures are shrunk to. */
  decodeSize: number;
  /** Memory for decoded pictures. */
  cacheBytes: number;
}

/** Loads the samples of a detection data set, with substitutes for those that fail. */
export class SampleStore {
  readonly #samples: SubstitutingLoader<LoadedSample>;

  constructor({ samples, seed, decodeSize, cacheBytes }: SampleStoreOptions) {
    const pictures = new PictureCache(cacheBytes, (index) => decodeSample(samples[index], decodeSize));
    this.#samples = new SubstitutingLoader({
      count: samples.length,
      seed,
      async load(index) {
        const { id, width, height, boxes, regions } = samples[index];
        const all = regions ? [...boxes, ...boxesOf(regions)] : boxes;
        return { id, width, height, boxes: all, pyramid: await pictures.load(index) };
      },
      problemOf: (index, error) => pictureProblem(samples[index].path, error),
    });
  }

  /** The sample, or its substitute. Rejects with `pictures-unreadable` when no sample of the set can be read. */
  load(index: number): Promise<LoadedSample> {
    return this.#samples.load(index);
  }

  /** The samples that failed so far. */
  get failed(): FailedSample[] {
    return this.#samples.failed;
  }
}

function boxesOf({ classIndex, corners }: SampleRegions): LabelledBox[] {
  return Array.from({ length: corners.length / 4 }, (_, i) => {
    const [x1, y1, x2, y2] = corners.subarray(4 * i, 4 * i + 4);
    return { classIndex, box: [x1, y1, x2, y2] };
  });
}

async function decodeSample(sample: DetectionSample, decodeSize: number): Promise<DecodedPicture> {
  const picture = await decodePicture(sample.path, { fitWithin: decodeSize });
  const { originalWidth, originalHeight } = picture;
  if (originalWidth === sample.width && originalHeight === sample.height) return picture;
  throw new FoveaError(
    "picture-changed",
    `Picture \`${sample.path}\` is ${originalWidth}×${originalHeight}, but was ${sample.width}×${sample.height} when its boxes were read: read the data set again.`,
  );
}
