import { FoveaError } from "../core/index.ts";
import { type DetectionSample, type Problem, readablePicture } from "../data/index.ts";
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
  /** Hears of each picture that cannot be read: it is left out. */
  onProblem?: (problem: Problem) => void;
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/** A localizer's figures on labelled pictures, and what it said of each. */
export interface LocalizerEvaluation extends LocalizationEvaluation {
  pictures: LocalizedPicture[];
}

/**
 * Measures a localizer on labelled pictures: the largest object of each, or background.
 * @throws FoveaError `classes-differ` for a labelled class that the localizer does not know; `split-empty` where no
 *   picture can be read
 */
export async function evaluateLocalizer(
  localizer: Localizer,
  samples: readonly DetectionSample[],
  {
    pictures = new PictureMemory(0),
    classes = localizer.classes,
    onProblem,
    onProgress,
    signal,
  }: EvaluateOptions = {},
): Promise<LocalizerEvaluation> {
  const places = classes.map((name) => localizer.classes.indexOf(name));
  const answered: LocalizedPicture[] = [];
  for (const [i, { id, path, boxes }] of samples.entries()) {
    signal?.throwIfAborted();
    const object = largestBox(boxes);
    const classIndex = object && places[object.classIndex];
    if (classIndex === -1) {
      throw new FoveaError(
        "classes-differ",
        `The data set has the class "${classes[object!.classIndex]}", but the model knows only ${localizer.classes.join(", ")}.`,
      );
    }
    const picture = await readablePicture(path, pictures, onProblem);
    onProgress?.(i + 1, samples.length);
    if (!picture) continue;
    const answer = await localizer.localize(picture);
    const truth = object && { classIndex: classIndex!, box: object.box };
    answered.push({ id, truth, answer });
  }
  if (answered.length === 0 && samples.length > 0) {
    throw new FoveaError(
      "split-empty",
      `None of ${samples.length} pictures to measure on can be read; the first is \`${samples[0].path}\`.`,
    );
  }
  return { ...evaluateLocalization(localizer.classes, answered), pictures: answered };
}
