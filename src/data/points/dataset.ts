import type { Xyxy } from "../../geometry/index.ts";
import type { Problem, SplitName } from "../dataset.ts";

/** A point in pixels of the upright picture: (0, 0) is the outer corner of the first pixel, whose centre is (½, ½). */
export type PicturePoint = readonly [x: number, y: number];

/** The named points of one thing in a picture, or a picture without that thing. */
export interface PointSample {
  /** Name that is unique in the data set. */
  id: string;
  /** Absolute path of the picture. */
  path: string;
  /** Size of the upright picture in pixels. */
  width: number;
  height: number;
  /** In the order of the data set's names; undefined where a point is not labelled. Without any, the thing is not there. */
  points: readonly (PicturePoint | undefined)[];
  /** Corners of the thing in pixels, where they are labelled. */
  box?: Xyxy;
  /** Whose picture it is: those of a group are never torn apart by a drawn split. */
  group: string;
}

/** The formats that points come in: a table, COCO's keypoints, 300-W's `.pts` files. */
export type PointFormat = "csv" | "coco" | "pts";

/** What data say of their points besides where they are. */
export interface PointDescription {
  /** Names of the points, in their order. */
  points?: string[];
  /** Points that change places in a mirrored picture; none of them where the list is empty. */
  pairs?: [string, string][];
  /** Points that a drawing joins. */
  lines?: [string, string][];
  /** The two points whose distance errors are measured by, for example the outer corners of the eyes. */
  interocular?: [string, string];
  /** Pattern with one group in brackets: what it finds in a picture's name says whose picture it is. */
  group?: string;
  /**
   * Coordinate of the centre of the first pixel: 0.5 where coordinates are distances from the picture's corner, 0 or 1
   * where they count pixels from 0 or 1. Default: as the format says.
   */
  origin?: number;
}

/** A data set of pictures with named points, read but not decoded. */
export interface PointDataset {
  /** Absolute path of the folder or file. */
  root: string;
  format: PointFormat;
  /** Names of the points; numbers from 0 where the data have none. */
  names: string[];
  /** Coordinate of the centre of the first pixel, as the data were read. */
  origin: number;
  /** Whether the names are the data's own. */
  named: boolean;
  /** What the description beside the data, or the format, says of the points. */
  description: PointDescription;
  splits: Record<SplitName, PointSample[]>;
  /** Where the splits came from: files of the data set, or drawn with a seed. */
  splitSource: "files" | { seed: number; valFraction: number };
  /** How many groups the pictures fall into; as many as pictures where each is on its own. */
  groups: number;
  problems: Problem[];
  /** SHA-256 (hex) over names, splits and points. */
  fingerprint: string;
}

/** A picture's points as a reader finds them, in the format's own coordinates. */
export interface StatedPoints {
  id: string;
  /** Absolute path of the picture. */
  path: string;
  /** The file that says so. */
  file: string;
  points: (PicturePoint | undefined)[];
  box?: Xyxy;
  /** The picture's name, where `id` names one of several things in it. */
  picture?: string;
  /** Whose picture it is, where the data say so. */
  group?: string;
  split?: SplitName;
}

/** What a reader finds. */
export interface ReadPoints {
  /** Undefined where the data have none. */
  names?: string[];
  /** Number of points. */
  count: number;
  lines?: [string, string][];
  /** Coordinate of the centre of the first pixel. */
  origin: number;
  samples: StatedPoints[];
  declaredSplits: ReadonlySet<SplitName>;
  problems: Problem[];
}
