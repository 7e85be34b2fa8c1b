import { type DetectionDataset, loadDetectionDataset } from "../data/index.ts";
import { withBackground } from "./background.ts";
import { cropObjects } from "./crops.ts";
import { singleObjects } from "./single-objects.ts";

/** What is made of a data set of boxes. */
export interface LocalizationSource {
  /** One picture around each object, instead of the largest object of each picture; default false. */
  crops?: boolean;
  /** Folders of pictures without any object. */
  background?: readonly string[];
}

/** What `prepareData` is told besides. */
export interface PrepareOptions extends LocalizationSource {
  /** Refuses pictures with several objects; default: the largest counts. */
  strict?: boolean;
  seed?: number;
  /** Where crops are written. */
  cropFolder: string;
  /** Hears one sentence of what is not as expected. */
  onRemark?: (sentence: string) => void;
  /** Ends the cutting of crops after a picture. */
  signal?: AbortSignal;
}

/**
 * A data set for localization: at most one object a picture.
 * @param data a folder in one of the detection formats, or a data set that was read before
 * @throws FoveaError `objects-several` if strict; `output-unwritable` where a crop cannot be written; what reading throws; the
 *   signal's reason when it aborts
 */
export async function prepareData(
  data: string | DetectionDataset,
  { crops = false, background = [], strict, seed = 0, cropFolder, onRemark, signal }: PrepareOptions,
): Promise<DetectionDataset> {
  const read = typeof data === "string" ? await loadDetectionDataset(data, { seed }) : data;
  const { dataset, several } = singleObjects(read, strict && !crops);
  if (!crops) {
    if (several > 0) {
      onRemark?.(
        `${several} of ${countPictures(dataset)} pictures have several objects: the largest counts (--crops makes a picture of each, --strict refuses them).`,
      );
    }
    return withBackground(dataset, background, seed, onRemark);
  }
  const cropped = await cropObjects(dataset, cropFolder, seed, signal);
  const unreadable = cropped.dataset.problems.length - dataset.problems.length;
  if (unreadable > 0) onRemark?.(`Pictures that cannot be read and are left out: ${unreadable}.`);
  if (cropped.skipped > 0) {
    onRemark?.(`${cropped.skipped} objects are left out: larger ones cover what is around them.`);
  }
  return withBackground(cropped.dataset, background, seed, onRemark);
}

function countPictures({ splits }: DetectionDataset): number {
  return splits.train.length + splits.val.length + splits.test.length;
}
