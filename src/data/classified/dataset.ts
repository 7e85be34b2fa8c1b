import type { Problem, SplitName } from "../dataset.ts";

/** What is classified: pictures (2D), sequences (1D) or volumes (3D). */
export type ExampleKind = "pictures" | "sequences" | "volumes";

/** Where a picture's file lies: on its own, or as a stretch of bytes of a tar file. */
export interface PictureBytes {
  /** Absolute path of the picture, or of the tar file. */
  file: string;
  /** First byte in the tar file. */
  offset?: number;
  /** Number of bytes in the tar file. */
  length?: number;
}

/** One labelled picture, not decoded. */
export interface ClassifiedPicture {
  /** Name that is unique in the data set, for example `cat/001.jpg`. */
  id: string;
  /** Index into the data set's `classes`. */
  classIndex: number;
  bytes: PictureBytes;
}

/** One labelled sequence or volume. */
export interface ClassifiedArray {
  /** Name that is unique in the data set. */
  id: string;
  /** Index into the data set's `classes`. */
  classIndex: number;
  /** As many values as the data set's `shape` says, the last axis running fastest. */
  values: Float32Array | Uint8Array;
}

/** Where sequences stand: each in a line of a table, or each in a file of its own with a row for each time step. */
export type SequenceLayout = "lines" | "files";

export interface ClassifiedSet<Example> {
  /** Absolute path of the folder or file. */
  root: string;
  /** Class names; a class's index is its place. */
  classes: string[];
  /** Examples by split: `train`, `val` and, where present, `test`. */
  splits: Record<SplitName, Example[]>;
  /** Where the splits came from: folders of the data set, or drawn with a seed. */
  splitSource: "files" | { seed: number; valFraction: number };
  problems: Problem[];
  /** SHA-256 (hex) over classes, splits and the examples' names, labels, and values or numbers of bytes. */
  fingerprint: string;
}

/** Pictures with one label each. */
export interface ClassifiedPictures extends ClassifiedSet<ClassifiedPicture> {
  kind: "pictures";
}

/** Sequences or volumes with one label each, in memory. */
export interface ClassifiedArrays extends ClassifiedSet<ClassifiedArray> {
  kind: "sequences" | "volumes";
  /** `[channels, length]` or `[channels, depth, height, width]`. */
  shape: readonly number[];
  /** Of sequences that were read from files. */
  layout?: SequenceLayout;
}

/** A data set for classification. */
export type ClassificationDataset = ClassifiedPictures | ClassifiedArrays;

/** An example as a reader finds it: with its label's name, and the split that its place declares, if any. */
export type ReadExample<Example> = Omit<Example, "classIndex"> & { label: string; split?: SplitName };

/** What a reader of arrays finds. */
export interface ReadArrays {
  kind: "sequences" | "volumes";
  /** `[channels, length]` or `[channels, depth, height, width]`, the same for all. */
  shape: readonly number[];
  /** Of sequences. */
  layout?: SequenceLayout;
  examples: ReadExample<ClassifiedArray>[];
  problems: Problem[];
  /** Class names in the order that the data set itself declares, if it does. */
  classes?: string[];
}
