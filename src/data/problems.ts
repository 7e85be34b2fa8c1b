import { dirname, relative, sep } from "node:path";
import type { Problem, ProblemKind } from "./dataset.ts";

/** How many files are named of each kind. */
const NAMED_FILES = 3;

/** What each kind is called in a report, and its plural. */
const TITLES: Record<ProblemKind, [one: string, many: string]> = {
  "folder-missing": ["folder or list is missing", "folders or lists are missing"],
  "picture-missing": ["picture is missing", "pictures are missing"],
  "picture-unreadable": ["picture cannot be read", "pictures cannot be read"],
  "annotation-unreadable": ["annotation is unusable", "annotations are unusable"],
  "annotation-missing": ["picture has no annotation", "pictures have no annotation"],
  "box-empty": ["box has no area", "boxes have no area"],
  "box-inverted": ["box has swapped corners (put right)", "boxes have swapped corners (put right)"],
  "box-outside": ["box lies outside its picture", "boxes lie outside their pictures"],
  "box-clipped": ["box stands out of its picture (cut off)", "boxes stand out of their pictures (cut off)"],
  "box-not-a-number": ["box is not made of numbers", "boxes are not made of numbers"],
  "class-unknown": ["object is of an unknown class", "objects are of an unknown class"],
  "class-untrained": ["class has nothing to learn from", "classes have nothing to learn from"],
  "class-empty": ["folder of a class is empty", "folders of classes are empty"],
  "class-unreadable": ["class has nothing that can be read", "classes have nothing that can be read"],
  "class-merged": ["class comes from several folders", "classes come from several folders"],
  "size-mismatch": [
    "annotation disagrees about its picture's size",
    "annotations disagree about their pictures' size",
  ],
  "example-unreadable": ["example cannot be read", "examples cannot be read"],
  "example-padded": [
    "example is shorter than the others (padded with its last value)",
    "examples are shorter than the others (padded with their last values)",
  ],
  "value-far": [
    "example has a value far beyond all others (taken as the nearest)",
    "examples have values far beyond all others (taken as the nearest)",
  ],
  "example-fitted": [
    "example is of another size than the others (cut or filled up)",
    "examples are of other sizes than the others (cut or filled up)",
  ],
  "points-count": ["example has another number of points", "examples have another number of points"],
  "point-outside": [
    "point lies outside its picture (left out)",
    "points lie outside their pictures (left out)",
  ],
  "point-not-a-number": ["example has a point that is no number", "examples have points that are no numbers"],
  "column-ignored": ["column is ignored", "columns are ignored"],
  duplicate: ["duplicate", "duplicates"],
};

/** The number of problems of each kind that occurs. */
export function countProblems(problems: readonly Problem[]): Partial<Record<ProblemKind, number>> {
  const counts: Partial<Record<ProblemKind, number>> = {};
  for (const { kind } of problems) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/**
 * A line for each kind of problem, the most frequent first, with the number of its cases and up to three
 * files; nothing for no problems. Files are named from the innermost folder that holds all of them.
 *
 * `2 boxes have no area: annotations/a.xml, annotations/b.xml`
 */
export function formatProblems(problems: readonly Problem[]): string {
  const folder = commonFolder(problems.map(({ file }) => file));
  const counts = Object.entries(countProblems(problems)) as [ProblemKind, number][];
  return counts
    .sort(([, a], [, b]) => b - a)
    .map(([kind, count]) => {
      const ofKind = problems.filter((problem) => problem.kind === kind);
      const files = [...new Set(ofKind.map(({ file }) => relative(folder, file)))];
      const more = files.length > NAMED_FILES ? ` and ${files.length - NAMED_FILES} more` : "";
      return `${count} ${TITLES[kind][count === 1 ? 0 : 1]}: ${files.slice(0, NAMED_FILES).join(", ")}${more}`;
    })
    .join("\n");
}

function commonFolder(files: readonly string[]): string {
  const paths = files.map((file) => dirname(file).split(sep));
  const [first = [], ...others] = paths;
  const differs = first.findIndex((part, i) => others.some((path) => path[i] !== part));
  return (differs < 0 ? first : first.slice(0, differs)).join(sep) || sep;
}
