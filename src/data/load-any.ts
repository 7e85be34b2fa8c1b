import { resolve } from "node:path";
import { FoveaError } from "../core/index.ts";
import {
  type ClassificationDataset,
  type LoadClassificationOptions,
  loadClassificationDataset,
} from "./classified/index.ts";
import type { DetectionDataset } from "./dataset.ts";
import { isFolder } from "./folder.ts";
import { findFormats, formatsOf } from "./formats/find-formats.ts";
import { type LoadDatasetOptions, loadDetectionDataset } from "./load.ts";

/** A data set, whatever it is for. Those of boxes have a `format`, those to classify a `kind`. */
export type AnyDataset = DetectionDataset | ClassificationDataset;

/**
 * Reads a data set of which it is not known whether it has boxes or is to be classified: a folder that has boxes in one
 * of the formats is read as such, another folder or a file as labelled examples. The options are those of either.
 *
 * @throws what `loadDetectionDataset` and `loadClassificationDataset` throw; `dataset-format` of what is neither
 */
export async function loadAnyDataset(
  path: string,
  options: LoadDatasetOptions & LoadClassificationOptions = {},
): Promise<AnyDataset> {
  const root = resolve(path);
  if (options.format !== undefined) return loadDetectionDataset(path, options);
  if (!(await isFolder(root))) return loadClassificationDataset(path, options);
  const [format, other] = formatsOf(await findFormats(root));
  if (other) return loadDetectionDataset(path, options); // which says that there are several
  if (format) return loadDetectionDataset(path, { ...options, format });
  const read = await labelledExamples(path, options).catch((error: unknown) => {
    if (!(error instanceof FoveaError)) throw error;
    return error;
  });
  if (!(read instanceof FoveaError)) return read;
  return loadDetectionDataset(path, options).catch((error: unknown) => {
    if (!(error instanceof FoveaError)) throw error;
    throw new FoveaError(error.code, `${error.message} Nor are there examples to classify: ${read.message}`);
  });
}

/** A folder's examples; pictures of boxes whose labels are missing lie in a folder, too, but in one. */
async function labelledExamples(
  path: string,
  options: LoadClassificationOptions,
): Promise<ClassificationDataset> {
  const dataset = await loadClassificationDataset(path, options);
  if (dataset.classes.length > 1) return dataset;
  throw new FoveaError(
    "dataset-classes",
    `\`${path}\` has pictures, sequences or volumes in one folder only, "${dataset.classes[0]}": put them into folders named after two classes or more.`,
  );
}
