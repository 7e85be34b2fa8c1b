import { join } from "node:path";
import type { Problem, SplitName } from "../dataset.ts";
import { listFiles } from "../folder.ts";
import { splitOfName } from "../split-names.ts";

/** A file that says by its place which class it is of. */
export interface ClassFile {
  /** Path relative to the data set's folder, with `/`: unique in it. */
  id: string;
  /** Absolute path. */
  file: string;
  /** Name of the folder that the file lies in. */
  label: string;
  /** The split whose folder it lies in, if it lies in one called `train`, `val` or `test`. */
  split?: SplitName;
}

/**
 * The level of the folders that may be called `train`, `val` and `test`: the first, or the second where one folder
 * holds the whole set, as in many archives.
 */
export function splitLevel(paths: readonly string[]): number {
  const tops = new Set(paths.map((path) => path.split("/", 1)[0]));
  return tops.size === 1 && splitOfName([...tops][0]) === undefined ? 1 : 0;
}

/** The split whose folder a file lies in; `parts` are its folders and its name. */
export function splitOfParts(parts: readonly string[], level: number): SplitName | undefined {
  // A class may itself be called `train`: then there is no folder between it and its files.
  return parts.length > level + 2 ? splitOfName(parts[level]) : undefined;
}

/** What is said of a file outside of all classes. */
export function withoutClass(file: string): Problem {
  const detail = "The file lies in no class's folder and so has no label: skipped.";
  return { kind: "example-unreadable", file, detail };
}

/**
 * The files `class/name.ext` or `train/class/name.ext` below a folder, sorted by path. A file that lies in no
 * folder has no class and becomes a problem.
 *
 * @param suffixes ends of the wanted names in lower case, for example `.nii.gz`
 */
export async function listClassFiles(
  root: string,
  suffixes: readonly string[],
): Promise<{ files: ClassFile[]; problems: Problem[] }> {
  const lastParts = suffixes.map((suffix) => suffix.slice(suffix.lastIndexOf(".")));
  const paths = (await listFiles(root, lastParts)).filter((path) =>
    suffixes.some((suffix) => path.toLowerCase().endsWith(suffix)),
  );
  const files: ClassFile[] = [];
  const problems: Problem[] = [];
  const level = splitLevel(paths);
  for (const id of paths) {
    const parts = id.split("/");
    const file = join(root, id);
    const label = parts.at(-2);
    const split = splitOfParts(parts, level);
    if (label === undefined) problems.push(withoutClass(file));
    else files.push({ id, file, label, ...(split && { split }) });
  }
  return { files, problems };
}
