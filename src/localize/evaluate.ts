import { FoveaError } from "../core/index.ts";
import type { DetectionSample } from "../data/index.ts";
import { PictureMemory } from "../image/index.ts";
import {
  evaluateLocalization,
  type LocalizationEvaluation,
  type LocalizedPicture,
} from "../metrics/index.ts";
import type { Localizer } from "./localizer.ts";
import { largestBox } from "./target.ts";

/** What evaluation may be given besides the localizer and the pictures. */
export interface EvaluateOptions {
  /** Pictures decoded before, by path; what is missing is decoded and, if there is room, kept. */
  pictures?: PictureMemory;
  /** The data set's classes where they are not the localizer's in the same order: matched by name. */
  classes?: readonly string[];
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/** A localizer's figures on labelled pictures, and what it said of each. */
export interface LocalizerEvaluation extends LocalizationEvaluation {
  pictures: LocalizedPicture[];
}

/**
 * Measures a localizer on labelled pictures: the largest object of each, or background.
 * @throws FoveaError `classes-differ` for a labelled class that the localizer does not know
 */
export async function evaluateLocalizer(
  localizer: Localizer,
  samples: readonly DetectionSample[],
  { pictures = new PictureMemory(0), classes = localizer.classes, onProgress, signal }: EvaluateOptions = {},
): Promise<LocalizerEvaluation> {
  const places = classes.map((name) => localizer.classes.indexOf(name));
  const answered: LocalizedPicture[] = [];
  for (const { id, path, boxes } of samples) {
    signal?.throwIfAborted();
    const object = largestBox(boxes);
    const classIndex = object && places[object.classIndex];
    if (classIndex === -1) {
      throw new FoveaError(
        "classes-differ",
        `The data set has the class "${classes[object!.classIndex]}", but the model knows only ${localizer.classes.join(", ")}.`,
      );
    }
    const answer = await localizer.localize(await pictures.get(path, () => path));
    const truth = object && { classIndex: classIndex!, box: object.box };
    answered.push({ id, truth, answer });
    onProgress?.(answered.length, samples.length);
  }
  return { ...evaluateLocalization(localizer.classes, answered), pictures: answered };
}
