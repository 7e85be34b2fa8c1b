import type { DetectionDataset, DetectionFormat, ProblemKind, SplitName } from "./dataset.ts";
import { countProblems } from "./problems.ts";
import { type Quantiles, quantiles } from "./quantiles.ts";
import { SPLIT_NAMES } from "./split-names.ts";

/** A data set in numbers. */
export interface DatasetSummary {
  root: string;
  format: DetectionFormat;
  fingerprint: string;
  splitSource: DetectionDataset["splitSource"];
  splits: Record<SplitName, SplitSummary>;
  /** In the order of the data set's classes. */
  classes: ClassSummary[];
  /** Sizes of the boxes; undefined where there is none. */
  boxes?: {
    /** Box width ÷ picture width, in (0, 1]. */
    relativeWidth: Quantiles;
    /** Box height ÷ picture height, in (0, 1]. */
    relativeHeight: Quantiles;
    /** Box width ÷ box height. */
    aspectRatio: Quantiles;
  };
  /** Sizes of the pictures in pixels; undefined where there is none. */
  pictures?: {
    width: Quantiles;
    height: Quantiles;
    /** Picture width ÷ picture height. */
    aspectRatio: Quantiles;
  };
  /** How many pictures have how many boxes, by rising number of boxes. */
  objectsPerPicture: { objects: number; pictures: number }[];
  /** Number of problems by kind. */
  problems: Partial<Record<ProblemKind, number>>;
}

/** A split in numbers. */
export interface SplitSummary {
  pictures: number;
  boxes: number;
  /** Pictures without a box. */
  background: number;
}

/** A class in numbers. */
export interface ClassSummary {
  name: string;
  /** Boxes in all splits. */
  boxes: number;
  /** Pictures with at least one of them. */
  pictures: number;
  /** Boxes by split. */
  splits: Record<SplitName, number>;
}

/** Counts a data set: splits, classes, sizes, problems. */
export function describeDataset(dataset: DetectionDataset): DatasetSummary {
  const { root, format, fingerprint, splitSource, splits, problems } = dataset;
  const samples = SPLIT_NAMES.flatMap((split) => splits[split]);
  const boxes = samples.flatMap(({ width, height, boxes }) =>
    boxes.map(({ box: [x1, y1, x2, y2] }) => ({ w: x2 - x1, h: y2 - y1, width, height })),
  );
  return {
    root,
    format,
    fingerprint,
    splitSource,
    splits: bySplit((split) => ({
      pictures: splits[split].length,
      boxes: splits[split].reduce((sum, sample) => sum + sample.boxes.length, 0),
      background: splits[split].filter((sample) => sample.boxes.length === 0).length,
    })),
    classes: describeClasses(dataset),
    ...(boxes.length > 0 && {
      boxes: {
        relativeWidth: quantiles(boxes.map(({ w, width }) => w / width)),
        relativeHeight: quantiles(boxes.map(({ h, height }) => h / height)),
        aspectRatio: quantiles(boxes.map(({ w, h }) => w / h)),
      },
    }),
    ...(samples.length > 0 && {
      pictures: {
        width: quantiles(samples.map(({ width }) => width)),
        height: quantiles(samples.map(({ height }) => height)),
        aspectRatio: quantiles(samples.map(({ width, height }) => width / height)),
      },
    }),
    objectsPerPicture: countObjects(samples.map((sample) => sample.boxes.length)),
    problems: countProblems(problems),
  };
}

function describeClasses({ classes, splits }: DetectionDataset): ClassSummary[] {
  const summaries = classes.map(
    (name): ClassSummary => ({ name, boxes: 0, pictures: 0, splits: bySplit(() => 0) }),
  );
  for (const split of SPLIT_NAMES) {
    for (const { boxes } of splits[split]) {
      for (const { classIndex } of boxes) {
        summaries[classIndex].boxes++;
        summaries[classIndex].splits[split]++;
      }
      for (const classIndex of new Set(boxes.map((box) => box.classIndex))) summaries[classIndex].pictures++;
    }
  }
  return summaries;
}

function countObjects(counts: readonly number[]): DatasetSummary["objectsPerPicture"] {
  const pictures = new Map<number, number>();
  for (const count of counts) pictures.set(count, (pictures.get(count) ?? 0) + 1);
  return [...pictures]
    .map(([objects, pictures]) => ({ objects, pictures }))
    .sort((a, b) => a.objects - b.objects);
}

/** A value for each split. */
export function bySplit<T>(value: (split: SplitName) => T): Record<SplitName, T> {
  return { train: value("train"), val: value("val"), test: value("test") };
}
