import type { Xyxy } from "../../geometry/index.ts";
import type { Problem, SplitName } from "../dataset.ts";

/** A box as an annotation file states it, unchecked. */
export interface StatedBox {
  /** Index into the annotations' `classes`. */
  classIndex: number;
  /** Corners in the picture's `unit`; NaN where the file has no number. */
  corners: Xyxy;
  /** The coordinates as the file has them, where they are not all numbers. */
  written?: string;
  /** What messages call it, for example `Object 3 (RBC)`. */
  name: string;
  difficult?: boolean;
  crowd?: boolean;
  /** Area in the square of the picture's `unit`. */
  area?: number;
}

/** A picture with what its annotation states; the picture itself has not been opened. */
export interface AnnotatedPicture {
  /** See `DetectionSample.id`; not yet unique. */
  id: string;
  /** Absolute path of the picture. */
  path: string;
  /** Absolute path of the annotation file. */
  file: string;
  /** The split that files or folders put it in. */
  split?: SplitName;
  /** The picture's size by its annotation. */
  statedSize?: { width: number; height: number };
  /** What the corners are measured in: pixels of the stated size, or fractions of the picture's sides. */
  unit: "pixel" | "fraction";
  boxes: StatedBox[];
  /** How many more boxes the file has which could not be read. */
  unreadBoxes: number;
}

/** All that a format's reader takes from a data set's annotation files. */
export interface Annotations {
  classes: string[];
  pictures: AnnotatedPicture[];
  /** Splits that the data set's files define, even where they put no picture in. */
  declaredSplits: ReadonlySet<SplitName>;
  problems: Problem[];
}
