import { afterEach, beforeEach } from "vitest";
import {
  type ExampleBatch,
  ExampleLoader,
  type ExampleLoaderOptions,
  type ExamplePlan,
} from "../../../src/data/batches/index.ts";
import type { ClassificationDataset, ClassifiedPicture } from "../../../src/data/index.ts";
import { createPictureSet, type PictureSet } from "./picture-set.ts";

export const CLASSES = ["cat", "dog", "owl"];
export const size = { width: 48, height: 32 };

/** What data sets have besides examples. */
export const common = {
  root: "/nowhere",
  classes: CLASSES,
  splitSource: "files" as const,
  problems: [],
  fingerprint: "",
};

/** Pictures as they are, letterboxed. */
export const plain = (): ExamplePlan => ({ size, augment: null });

export function datasetOf(train: ClassifiedPicture[]): ClassificationDataset {
  const splits = { train, val: [], test: [] };
  return { ...common, kind: "pictures", splits };
}

/** Seven pictures of three classes for each test of a file, and loaders that are closed after it. */
export function labelledPictures(): {
  /** Where the pictures are. */
  folder(): string;
  pictures(): ClassifiedPicture[];
  open(options?: Partial<ExampleLoaderOptions>): ExampleLoader;
} {
  let set: PictureSet;
  let pictures: ClassifiedPicture[];
  const loaders: ExampleLoader[] = [];

  beforeEach(async () => {
    set = await createPictureSet(7);
    pictures = set.samples.map(({ id, path }, i) => ({ id, classIndex: i % 3, bytes: { file: path } }));
  });

  afterEach(async () => {
    for (const loader of loaders.splice(0)) await loader.close();
    await set.remove();
  });

  return {
    folder: () => set.folder,
    pictures: () => pictures,
    open(options = {}) {
      const dataset = options.dataset ?? datasetOf(pictures);
      const loader = new ExampleLoader({ batchSize: 3, seed: 11, plan: plain, ...options, dataset });
      loaders.push(loader);
      return loader;
    },
  };
}

/** A matrix's rows, `[…][CLASSES.length]`. */
export function rowsOf(data: ExampleBatch["targets"]["data"]): number[][] {
  const values = Array.from(data as Float32Array);
  return Array.from({ length: values.length / CLASSES.length }, (_, i) =>
    values.slice(i * CLASSES.length, (i + 1) * CLASSES.length),
  );
}

/** The target of an example of a class. */
export function oneHot(classIndex: number): number[] {
  return CLASSES.map((_, k) => Number(k === classIndex));
}
