import type { Problem } from "../dataset.ts";
import { findCopies } from "../duplicates.ts";
import { groupBy } from "../group-by.ts";
import { placeOf } from "../picture-bytes.ts";
import type { ClassifiedPicture } from "./dataset.ts";

/** Pictures that are the same byte for byte. */
export interface PictureCopies {
  /** Groups of two or more, each of one class. */
  ofOneClass: ClassifiedPicture[][];
  /** A problem for every picture that has a copy in a class before its own. */
  problems: Problem[];
}

/** Finds pictures that are the same byte for byte. */
export async function findPictureCopies(
  pictures: readonly ClassifiedPicture[],
  classes: readonly string[],
): Promise<PictureCopies> {
  const copies = await findCopies(pictures, ({ bytes }) => bytes);
  const groups = copies.map((group) => groupBy(group, ({ classIndex }) => classIndex));
  const problems = groups.flatMap(([[first], ...others]) =>
    others.flat().map((copy): Problem => {
      const detail = `Picture \`${copy.id}\` of class \`${classes[copy.classIndex]}\` is, byte for byte, \`${first.id}\` of class \`${classes[first.classIndex]}\`: kept, but both labels cannot be right.`;
      return { kind: "duplicate", file: placeOf(copy), detail };
    }),
  );
  return { ofOneClass: groups.flat().filter(({ length }) => length > 1), problems };
}
