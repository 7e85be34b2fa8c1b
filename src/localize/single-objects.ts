import { FoveaError } from "../core/index.ts";
import type { DetectionDataset, DetectionSample } from "../data/index.ts";

/** Pictures of which one object is asked, and how many of them have more. */
export interface SingleObjects {
  dataset: DetectionDataset;
  /** Pictures with several objects, of which the largest counts. */
  several: number;
}

/**
 * A data set of boxes as one for localization: at most one object a picture, the largest where there are several.
 * Crowds are no objects.
 *
 * @param strict refuses pictures with several objects instead
 * @throws FoveaError `objects-several`
 */
export function singleObjects(dataset: DetectionDataset, strict: boolean = false): SingleObjects {
  const withoutCrowds = (samples: readonly DetectionSample[]) =>
    samples.map((sample) => ({ ...sample, boxes: sample.boxes.filter(({ crowd }) => !crowd) }));
  const { train, val, test } = dataset.splits;
  const splits = { train: withoutCrowds(train), val: withoutCrowds(val), test: withoutCrowds(test) };
  const several = Object.values(splits)
    .flat()
    .filter(({ boxes }) => boxes.length > 1);
  if (strict && several.length > 0) {
    const [{ path, boxes }] = several;
    const others = several.length > 1 ? `, and so have ${several.length - 1} others` : "";
    throw new FoveaError(
      "objects-several",
      `Picture \`${path}\` has ${boxes.length} objects where one is expected${others}: train on --crops around the objects, or leave out --strict, so that the largest counts.`,
    );
  }
  return { dataset: { ...dataset, splits }, several: several.length };
}
