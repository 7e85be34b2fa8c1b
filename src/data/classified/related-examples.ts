import { groupBy } from "../../core/index.ts";
import type { Problem } from "../dataset.ts";
import { type CopyWords, findCopies } from "../duplicates.ts";
import { leadersOf } from "../splits.ts";
import { findVersions } from "../versions.ts";
import type { ClassifiedArray, ClassifiedPicture } from "./dataset.ts";
import { contentsOf } from "./example-contents.ts";

export type Example = ClassifiedPicture | ClassifiedArray;

/** Examples that tell nothing new of each other, in groups of two or more. */
export interface RelatedExamples {
  /** Pictures that are the same byte for byte; sequences and volumes of the same values. */
  copies: Example[][];
  /** The same, but each group of one class. */
  copiesOfOneClass: Example[][];
  /** What must not be torn apart by chance: copies of one class, and versions of one picture. */
  together: Example[][];
}

/**
 * @param examples of one kind
 * @param contents of the examples (see {@link contentsOf})
 * @param onProgress told how far pictures are compared with each other, counted in pictures
 */
export async function findRelatedExamples(
  examples: readonly Example[],
  contents: readonly (string | number)[],
  onProgress?: (done: number, total: number) => void,
): Promise<RelatedExamples> {
  const known = examples.map((example, i) => ({ example, content: contents[i] }));
  const pictures = known.flatMap(({ example, content }) =>
    "bytes" in example ? [{ example, bytes: { ...example.bytes, length: Number(content) } }] : [],
  );
  const ofPictures = await findCopies(pictures, ({ bytes }) => bytes, onProgress);
  const arrays = known.filter(({ example }) => "values" in example);
  const ofArrays = groupBy(arrays, ({ content }) => content).filter(({ length }) => length > 1);
  const copies = [...ofPictures, ...ofArrays].map((group) => group.map(({ example }): Example => example));
  const copiesOfOneClass = copies
    .flatMap((group) => groupBy(group, ({ classIndex }) => classIndex))
    .filter(({ length }) => length > 1);
  return { copies, copiesOfOneClass, together: [...copiesOfOneClass, ...findVersions(examples)] };
}

/**
 * For each example the name of its group: those of a class that share one are copies of each other, or versions of one
 * picture, and belong into one part where examples are divided to learn from and to measure on.
 */
export async function groupRelatedExamples(examples: readonly Example[]): Promise<string[]> {
  const related = await findRelatedExamples(examples, await contentsOf(examples));
  const leaders = leadersOf(related.together);
  return examples.map(({ id }) => leaders.get(id) ?? id);
}

/**
 * A problem for every example that has a copy in a class before its own.
 *
 * @param fileOf the file that problems name
 */
export function reportLabels(
  copies: readonly (readonly Example[])[],
  classes: readonly string[],
  words: CopyWords,
  fileOf: (example: Example) => string,
): Problem[] {
  return copies.flatMap((group) => {
    const [[first], ...others] = groupBy(group, ({ classIndex }) => classIndex);
    return others.flat().map((copy): Problem => {
      const detail = `${words.thing} \`${copy.id}\` of class \`${classes[copy.classIndex]}\` is, ${words.exactly}, \`${first.id}\` of class \`${classes[first.classIndex]}\`: kept, but both labels cannot be right.`;
      return { kind: "duplicate", file: fileOf(copy), detail };
    });
  });
}
