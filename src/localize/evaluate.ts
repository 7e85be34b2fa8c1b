import { FoveaError } from "../core/index.ts";
import { type DetectionSample, type ReadableOptions, readableSamples } from "../data/index.ts";
import {
  evaluateLocalization,
  type LocalizationEvaluation,
  type LocalizedPicture,
} from "../metrics/index.ts";
import type { Localizer } from "./localizer.ts";
import { largestBox } from "./target.ts";

/** What evaluation may be given besides the localizer and the pictures. */
export interface EvaluateOptions extends ReadableOptions {
  /** The data set's classes where they are not the localizer's in the same order: matched by name. */
  classes?: readonly string[];
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
  { classes = localizer.classes, ...going }: EvaluateOptions = {},
): Promise<LocalizerEvaluation> {
  const places = classes.map((name) => localizer.classes.indexOf(name));
  const answered: LocalizedPicture[] = [];
  for await (const { sample, picture } of readableSamples(samples, going)) {
    const { id, boxes } = sample;
    const object = largestBox(boxes);
    const classIndex = object && places[object.classIndex];
    if (classIndex === -1) {
      throw new FoveaError(
        "classes-differ",
        `The data set has the class "${classes[object!.classIndex]}", but the model knows only ${localizer.classes.join(", ")}.`,
      );
    }
    const answer = await localizer.localize(picture);
    const truth = object && { classIndex: classIndex!, box: object.box };
    answered.push({ id, truth, answer });
  }
  return { ...evaluateLocalization(localizer.classes, answered), pictures: answered };
}
