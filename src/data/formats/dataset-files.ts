import { extname } from "node:path";
import type { DetectionSample } from "../dataset.ts";

/** A data set as files of some format, not yet written; all paths relative to its folder, with `/`. */
export interface DatasetFiles {
  /** Text by path. */
  files: Map<string, string>;
  /** Pictures to copy: from an absolute path to a relative one. */
  pictures: { from: string; to: string }[];
  /** Folders that must be there even if nothing is put in them. */
  folders?: string[];
}

/** How much of a data set a format cannot hold. */
export interface LostLabels {
  /** Crowds that are left out. */
  crowds: number;
  /** Pictures that are left out because they have nothing but crowds. */
  pictures: number;
  /** Difficult objects that become ordinary ones. */
  difficult: number;
}

/** Where a sample's picture goes in a folder of the new data set: its id with its extension. */
export function pictureFile(sample: DetectionSample, folder: string): DatasetFiles["pictures"][number] {
  return { from: sample.path, to: `${folder}/${sample.id}${extname(sample.path)}` };
}

/** A coordinate without the noise of floating-point arithmetic, true to a millionth of a pixel. */
export function tidy(coordinate: number): number {
  return Number(coordinate.toFixed(6));
}
