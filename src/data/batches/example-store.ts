import { decodePicture } from "../../image/index.ts";
import type { ClassifiedArray, ClassifiedPicture } from "../classified/index.ts";
import { placeOf, readPictureBytes } from "../picture-bytes.ts";
import { type FailedSample, pictureProblem, SubstitutingLoader } from "./failed-samples.ts";
import { PictureCache } from "./picture-cache.ts";
import type { PicturePyramid } from "./picture-pyramid.ts";

/** What a worker needs to load the examples of a set. */
export interface ExampleStoreOptions {
  examples: readonly (ClassifiedPicture | ClassifiedArray)[];
  seed: number;
  /** Longest side in pixels that decoded pictures are shrunk to. */
  decodeSize: number;
  /** Memory for decoded pictures. */
  cacheBytes: number;
}

/** An example that is ready to be drawn. */
export interface LoadedExample {
  id: string;
  classIndex: number;
  /** The decoded picture. */
  pyramid?: PicturePyramid;
  /** The sequence's or volume's values. */
  values?: Float32Array | Uint8Array;
}

/** Loads the examples of a classification data set, with substitutes for those that fail. */
export class ExampleStore {
  readonly #examples: SubstitutingLoader<LoadedExample>;

  constructor({ examples, seed, decodeSize, cacheBytes }: ExampleStoreOptions) {
    const pictures = new PictureCache(cacheBytes, async (index) => {
      const { bytes } = examples[index] as ClassifiedPicture;
      return decodePicture(await readPictureBytes(bytes), { fitWithin: decodeSize });
    });
    this.#examples = new SubstitutingLoader<LoadedExample>({
      count: examples.length,
      seed,
      async load(index) {
        const { id, classIndex, ...content } = examples[index];
        if ("values" in content) return { id, classIndex, values: content.values };
        return { id, classIndex, pyramid: await pictures.load(index) };
      },
      problemOf(index, error) {
        const example = examples[index];
        return pictureProblem("bytes" in example ? placeOf(example) : example.id, error);
      },
    });
  }

  load(index: number): Promise<LoadedExample> {
    return this.#examples.load(index);
  }

  /** The examples that failed so far. */
  get failed(): FailedSample[] {
    return this.#examples.failed;
  }
}
