import { FoveaError, Random } from "../../core/index.ts";
import { type DecodedPicture, decodePicture } from "../../image/index.ts";
import type { DetectionSample, Problem } from "../dataset.ts";
import type { LoadedSample } from "./compose-sample.ts";
import { PictureCache } from "./picture-cache.ts";

/** A sample that could not be used. */
export interface FailedSample {
  index: number;
  problem: Problem;
}

/** What a worker needs to load the samples of a set. */
export interface SampleStoreOptions {
  samples: readonly DetectionSample[];
  seed: number;
  /** Longest side in pixels that decoded pictures are shrunk to. */
  decodeSize: number;
  /** Memory for decoded pictures. */
  cacheBytes: number;
}

/** Loads samples, each with another in its place when it fails, the same one in every run. */
export class SampleStore {
  readonly #samples: readonly DetectionSample[];
  readonly #seed: number;
  readonly #pictures: PictureCache;
  #failed = new Map<number, FailedSample>();

  constructor({ samples, seed, decodeSize, cacheBytes }: SampleStoreOptions) {
    this.#samples = samples;
    this.#seed = seed;
    this.#pictures = new PictureCache(cacheBytes, (index) => decodeSample(samples[index], decodeSize));
  }

  /** The sample, or its substitute. Rejects with `pictures-unreadable` when no sample of the set can be read. */
  async load(index: number): Promise<LoadedSample> {
    for (const candidate of this.#candidates(index)) {
      try {
        const { id, width, height, boxes } = this.#samples[candidate];
        return { id, width, height, boxes, pyramid: await this.#pictures.load(candidate) };
      } catch (error) {
        if (!(error instanceof FoveaError)) throw error;
        const problem = problemOf(this.#samples[candidate], error);
        this.#failed.set(candidate, { index: candidate, problem });
      }
    }
    throw new FoveaError(
      "pictures-unreadable",
      `None of the ${this.#samples.length} pictures to train with can be read, for example \`${this.#samples[index].path}\`.`,
    );
  }

  /** The samples that failed so far. */
  get failed(): FailedSample[] {
    return [...this.#failed.values()];
  }

  /** The sample itself, then all from a place drawn for it. */
  *#candidates(index: number): Generator<number> {
    yield index;
    const count = this.#samples.length;
    const start = new Random(this.#seed, index).integer(count);
    for (let i = 0; i < count; i++) yield (start + i) % count;
  }
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

function problemOf({ path }: DetectionSample, { code, message }: FoveaError): Problem {
  const kinds: Partial<Record<string, Problem["kind"]>> = {
    "picture-missing": "picture-missing",
    "picture-changed": "size-mismatch",
  };
  return { kind: kinds[code] ?? "picture-unreadable", file: path, detail: message };
}
