import { FoveaError } from "../core/index.ts";
import type { DetectionSample } from "../data/index.ts";

/** One thing that data sets call differently: Pascal VOC's names beside COCO's. */
const SYNONYMS: readonly (readonly string[])[] = [
  ["aeroplane", "airplane"],
  ["motorbike", "motorcycle"],
  ["diningtable", "table"],
  ["pottedplant", "plant"],
  ["sofa", "couch"],
  ["tvmonitor", "tv", "television"],
  ["cellphone", "mobilephone"],
];

/** A name without case, spaces, hyphens and underscores, and the same for all synonyms. */
function canonical(name: string): string {
  const plain = name.toLowerCase().replace(/[\s_-]+/g, "");
  return SYNONYMS.find((group) => group.includes(plain))?.[0] ?? plain;
}

/**
 * For each class of a data set the model's class: the one of the same name, else one that is the same but for case, spaces
 * and known synonyms ("aeroplane", "airplane"); −1 where there is none.
 */
export function matchClasses(dataClasses: readonly string[], modelClasses: readonly string[]): number[] {
  const loosely = modelClasses.map(canonical);
  return dataClasses.map((name) => {
    const exact = modelClasses.indexOf(name);
    return exact >= 0 ? exact : loosely.indexOf(canonical(name));
  });
}

/** Classes that a data set and a model share, in the model's order. */
export interface CommonClasses {
  /** As the data set calls them; where several of its classes are one of the model's, all their names: "Car / car". */
  names: string[];
  /** For each class of the data set, and for each of the model's, its index among `names`; −1 for those that are not shared. */
  data: number[];
  model: number[];
}

/**
 * The classes by which a model can be measured on a data set. Those that the model does not tell apart count as one.
 * @throws `classes-differ` for a class that boxes are of, but that the model does not know
 */
export function classesInCommon(
  samples: readonly DetectionSample[],
  dataClasses: readonly string[],
  modelClasses: readonly string[],
): CommonClasses {
  const matches = matchClasses(dataClasses, modelClasses);
  const used = new Set(samples.flatMap(({ boxes }) => boxes.map(({ classIndex }) => classIndex)));
  const unknown = dataClasses.find((_, i) => used.has(i) && matches[i] < 0);
  if (unknown !== undefined) {
    throw new FoveaError(
      "classes-differ",
      `The data set has the class "${unknown}", but the model knows only ${modelClasses.join(", ")}.`,
    );
  }
  const shared = modelClasses.map((_, i) => i).filter((i) => matches.includes(i));
  return {
    names: shared.map((match) => dataClasses.filter((_, i) => matches[i] === match).join(" / ")),
    data: matches.map((match) => shared.indexOf(match)),
    model: modelClasses.map((_, i) => shared.indexOf(i)),
  };
}
