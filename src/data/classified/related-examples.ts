import { groupBy } from "../../core/index.ts";
import type { Problem } from "../dataset.ts";
import { findCopies } from "../duplicates.ts";
import { placeOf } from "../picture-bytes.ts";
import { leadersOf } from "../splits.ts";
import { findVersions } from "../versions.ts";
import type { ClassifiedArray, ClassifiedPicture } from "./dataset.ts";

type Example = ClassifiedPicture | ClassifiedArray;

/** Examples that tell nothing new of each other, in groups of two or more. */
export interface RelatedExamples {
  /** Pictures that are the same byte for byte. */
  copies: ClassifiedPicture[][];
  /** The same, but each group of one class. */
  copiesOfOneClass: ClassifiedPicture[][];
  /** What must not be torn apart by chance: copies of one class, and versions of one picture. */
  together: Example[][];
}

/** @param onProgress told how far pictures are compared with each other, counted in pictures */
export async function findRelatedExamples(
  examples: readonly Example[],
  onProgress?: (done: number, total: number) => void,
): Promise<RelatedExamples> {
  const pictures = examples.filter((example): example is ClassifiedPicture => "bytes" in example);
  const copies = await findCopies(pictures, ({ bytes }) => bytes, onProgress);
  const copiesOfOneClass = copies
    .flatMap((group) => groupBy(group, ({ classIndex }) => classIndex))
    .filter(({ length }) => length > 1);
  return { copies, copiesOfOneClass, together: [...copiesOfOneClass, ...findVersions(examples)] };
}

/**
 * For each example the name of its group: those of a class that share one are copies of each other, byte for byte, or
 * versions of one picture, and belong into one part where examples are divided to learn from and to measure on.
 */
export async function groupRelatedExamples(examples: readonly Example[]): Promise<string[]> {
  const leaders = leadersOf((await findRelatedExamples(examples)).together);
  return examples.map(({ id }) => leaders.get(id) ?? id);
}

/** A problem for every picture that has a copy in a class before its own. */
export function reportLabels(
  copies: readonly (readonly ClassifiedPicture[])[],
  classes: readonly string[],
): Problem[] {
  return copies.flatMap((group) => {
    const [[first], ...others] = groupBy(group, ({ classIndex }) => classIndex);
    return others.flat().map((copy): Problem => {
      const detail = `Picture \`${copy.id}\` of class \`${classes[copy.classIndex]}\` is, byte for byte, \`${first.id}\` of class \`${classes[first.classIndex]}\`: kept, but both labels cannot be right.`;
      return { kind: "duplicate", file: placeOf(copy), detail };
    });
  });
}
