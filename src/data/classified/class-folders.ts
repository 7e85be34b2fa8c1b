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
  /** The split whose folder it lies in, if the first level of folders is `train`, `val` or `test`. */
  split?: SplitName;
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
  for (const id of paths) {
    const parts = id.split("/");
    const file = join(root, id);
    const label = parts.at(-2);
    // A class may itself be called `train`: then there is no folder between it and its files.
    const split = parts.length > 2 ? splitOfName(parts[0]) : undefined;
    if (label === undefined) {
      const detail = "The file lies in no class's folder and so has no label: skipped.";
      problems.push({ kind: "example-unreadable", file, detail });
    } else {
      files.push({ id, file, label, ...(split && { split }) });
    }
  }
  return { files, problems };
}
