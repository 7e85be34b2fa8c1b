import { FoveaError, messageOf } from "../core/index.ts";
import { type PictureSize, readPictureSize } from "../image/index.ts";
import type { ClassificationDataset, ClassifiedPicture, ExampleKind } from "./classified/index.ts";
import type { Problem, ProblemKind, SplitName } from "./dataset.ts";
import { bySplit } from "./describe.ts";
import { mapParallel } from "./parallel.ts";
import { placeOf, readPictureBytes } from "./picture-bytes.ts";
import { countProblems } from "./problems.ts";
import { type Quantiles, quantiles } from "./quantiles.ts";
import { SPLIT_NAMES } from "./split-names.ts";
import { findUnreadableClasses } from "./unreadable-classes.ts";

/** A data set to classify in numbers. */
export interface ExamplesSummary {
  root: string;
  kind: ExampleKind;
  fingerprint: string;
  splitSource: ClassificationDataset["splitSource"];
  /** Number of examples by split. */
  splits: Record<SplitName, number>;
  /** In the order of the data set's classes. */
  classes: { name: string; examples: number; splits: Record<SplitName, number> }[];
  /** Of sequences and volumes: `[channels, length]` or `[channels, depth, height, width]` of each. */
  shape?: readonly number[];
  /** Sizes of the pictures in pixels; undefined where there is none. */
  pictures?: { width: Quantiles; height: Quantiles; aspectRatio: Quantiles };
  /** Number of problems by kind. */
  problems: Partial<Record<ProblemKind, number>>;
}

/**
 * Counts a data set to classify: splits, classes, sizes, problems. Headers of pictures are read, which shows those that
 * are no pictures.
 *
 * @param onProgress told after each picture whose header has been read
 * @returns the numbers, and all problems: the data set's and those of pictures
 */
export async function describeExamples(
  dataset: ClassificationDataset,
  onProgress?: (done: number, total: number) => void,
): Promise<{ summary: ExamplesSummary; problems: Problem[] }> {
  const { root, kind, fingerprint, splitSource, splits } = dataset;
  const problems = [...dataset.problems];
  const sizes = dataset.kind === "pictures" ? await readSizes(dataset.splits, problems, onProgress) : [];
  for (const split of SPLIT_NAMES) {
    for (const problem of await findUnreadableClasses(dataset, split)) problems.push(problem);
  }
  const summary: ExamplesSummary = {
    root,
    kind,
    fingerprint,
    splitSource,
    splits: bySplit((split) => splits[split].length),
    classes: countClasses(dataset),
    ...("shape" in dataset && { shape: dataset.shape }),
    ...(sizes.length > 0 && {
      pictures: {
        width: quantiles(sizes.map(({ width }) => width)),
        height: quantiles(sizes.map(({ height }) => height)),
        aspectRatio: quantiles(sizes.map(({ width, height }) => width / height)),
      },
    }),
    problems: countProblems(problems),
  };
  return { summary, problems };
}

function countClasses({ classes, splits }: ClassificationDataset): ExamplesSummary["classes"] {
  const counted = classes.map((name) => ({ name, examples: 0, splits: bySplit(() => 0) }));
  for (const split of SPLIT_NAMES) {
    for (const { classIndex } of splits[split]) {
      counted[classIndex].examples++;
      counted[classIndex].splits[split]++;
    }
  }
  return counted;
}

/** The sizes of the pictures that can be read; of the others a problem each. */
async function readSizes(
  splits: Record<SplitName, ClassifiedPicture[]>,
  problems: Problem[],
  onProgress?: (done: number, total: number) => void,
): Promise<PictureSize[]> {
  const pictures = SPLIT_NAMES.flatMap((split) => splits[split]);
  let done = 0;
  const read = await mapParallel(pictures, async (picture) => {
    const size = await readPictureBytes(picture.bytes)
      .then(readPictureSize)
      .catch((error: unknown) => problemOf(picture, error));
    onProgress?.(++done, pictures.length);
    return size;
  });
  const sizes: PictureSize[] = [];
  for (const result of read) {
    if ("detail" in result) problems.push(result);
    else sizes.push(result);
  }
  return sizes;
}

function problemOf(picture: ClassifiedPicture, error: unknown): Problem {
  const missing = error instanceof FoveaError && error.code === "picture-missing";
  const kind = missing ? "picture-missing" : "picture-unreadable";
  return { kind, file: placeOf(picture), detail: messageOf(error) };
}
