import type { Xyxy } from "../geometry/index.ts";

/** One labelled object of a picture. */
export interface LabelledBox {
  /** Index into the data set's `classes`. */
  classIndex: number;
  /** Corners in pixels of the upright picture, clipped to it. */
  box: Xyxy;
  /** Pascal VOC's "difficult": ignored by VOC evaluation, kept for training. */
  difficult?: boolean;
  /** COCO's "iscrowd": a region of many objects; ignored by training, treated as COCO does by evaluation. */
  crowd?: boolean;
  /** COCO's annotated area, where it differs from the box's. */
  area?: number;
}

/** One picture of a detection data set. */
export interface DetectionSample {
  /** Name that is unique in the data set: the file's path relative to its picture folder, without extension. */
  id: string;
  /** Absolute path of the picture. */
  path: string;
  /** Size of the upright picture in pixels. */
  width: number;
  height: number;
  boxes: LabelledBox[];
  /** Regions that are no labels, of a class of their own, which every change of the picture shall move with its boxes. */
  regions?: SampleRegions;
}

/** Many boxes of one class. */
export interface SampleRegions {
  classIndex: number;
  /** Corners in pixels `[N, 4]`. */
  corners: Float32Array;
}

/** Kind of a problem found while reading, stable for programs. */
export type ProblemKind =
  | "folder-missing"
  | "picture-missing"
  | "picture-unreadable"
  | "annotation-unreadable"
  | "annotation-missing"
  | "box-empty"
  | "box-inverted"
  | "box-outside"
  | "box-clipped"
  | "box-not-a-number"
  | "class-unknown"
  | "class-untrained"
  | "class-empty"
  | "class-unreadable"
  | "class-merged"
  | "size-mismatch"
  | "example-unreadable"
  | "example-padded"
  | "example-fitted"
  | "value-far"
  | "points-count"
  | "point-outside"
  | "point-not-a-number"
  | "column-ignored"
  | "duplicate";

/** Something in a data set that was skipped or mended, and where. */
export interface Problem {
  kind: ProblemKind;
  /** The file it stands in. */
  file: string;
  /** One sentence with the offending value. */
  detail: string;
}

/** The parts of a data set: to learn from, to choose by, to report on. */
export type SplitName = "train" | "val" | "test";

/** The formats that data sets of boxes come in: Pascal VOC XML, COCO JSON, YOLO text files. */
export type DetectionFormat = "voc" | "coco" | "yolo";

/** A data set of pictures with boxes, read but not decoded. */
export interface DetectionDataset {
  /** Absolute path of the folder. */
  root: string;
  format: DetectionFormat;
  /** Class names; a class's index is its place. */
  classes: string[];
  /** Pictures by split: `train`, `val` and, where present, `test`. A picture is in one split only. */
  splits: Record<SplitName, DetectionSample[]>;
  /** Where the splits came from: files of the data set, or drawn with a seed. */
  splitSource: "files" | { seed: number; valFraction: number };
  problems: Problem[];
  /** SHA-256 (hex) over classes, splits and boxes: the same for the same labels, whatever the format. */
  fingerprint: string;
}
