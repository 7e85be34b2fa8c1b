import { resolve } from "node:path";
import type { LabelledBox } from "../../data/index.ts";
import { samplesOf } from "../data-split.ts";
import { loadData, noteProblems } from "../load-data.ts";
import type { ProposalsOptions } from "./detect-proposals.ts";

/** An object, and the name of its class. */
export interface NamedBox extends LabelledBox {
  label: string;
}

/** The labels that proposals are measured by. */
export interface LabelledFiles {
  classes: string[];
  /** Objects of each picture, by its absolute path. */
  objects: Map<string, NamedBox[]>;
}

/** Reads a data set's objects. Crowds are no objects, and difficult ones do not count, as in Pascal VOC. */
export async function loadLabels(data: string, options: ProposalsOptions): Promise<LabelledFiles> {
  const { classes, ...dataset } = await loadData(data, options);
  noteProblems({ classes, ...dataset }, data, options);
  const objects = samplesOf(dataset, options.split, data).map(({ path, boxes }): [string, NamedBox[]] => [
    resolve(path),
    boxes
      .filter(({ crowd, difficult }) => !crowd && !difficult)
      .map((box) => ({ ...box, label: classes[box.classIndex] })),
  ]);
  return { classes, objects: new Map(objects) };
}
