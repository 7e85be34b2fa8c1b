import { FoveaError } from "../core/index.ts";
import type { DetectionSample } from "../data/index.ts";

/**
 * Labelled pictures with the class indices of a model instead of their data set's: classes are matched by
 * name, because a part of a data set may lack some of them or list them in another order.
 *
 * @throws FoveaError `classes-differ` if a labelled class is none of the model's
 */
export function alignClasses(
  samples: readonly DetectionSample[],
  dataClasses: readonly string[],
  modelClasses: readonly string[],
): DetectionSample[] {
  const modelIndex = dataClasses.map((name) => modelClasses.indexOf(name));
  return samples.map((sample) => ({
    ...sample,
    boxes: sample.boxes.map((box) => {
      const classIndex = modelIndex[box.classIndex];
      if (classIndex >= 0) return { ...box, classIndex };
      throw new FoveaError(
        "classes-differ",
        `The data set has the class "${dataClasses[box.classIndex]}", but the model knows only ${modelClasses.join(", ")}.`,
      );
    }),
  }));
}
