import { readdir, stat } from "node:fs/promises";
import { isAbsolute, join, resolve, sep } from "node:path";
import { escapePath, glob, isDynamicPattern } from "tinyglobby";
import { FoveaError, messageOf } from "../../core/index.ts";

/** Ends of the names of files that hold what a classifier takes, in small letters. */
const SUFFIXES = {
  sequences: [".csv", ".tsv", ".txt"],
  volumes: [".npy", ".npz", ".nii", ".nii.gz"],
} as const;

/**
 * The files of sequences or volumes that a command line names: files, folders and glob patterns. What comes of a folder or
 * a pattern is in natural order (`2.csv` before `10.csv`). A file named by itself is listed whatever it is called, and if
 * there is none.
 *
 * @throws FoveaError `folder-empty`, `folder-unreadable`, `dataset-missing` where nothing matches a pattern
 */
export async function listArrayFiles(pattern: string, kind: "sequences" | "volumes"): Promise<string[]> {
  const entry = await stat(pattern).catch(() => undefined);
  const isWanted = (name: string) => SUFFIXES[kind].some((suffix) => name.toLowerCase().endsWith(suffix));
  if (entry?.isDirectory()) {
    const names = await readdir(pattern).catch((cause: unknown) => {
      const reason = `cannot be read: ${messageOf(cause)}`;
      throw new FoveaError("folder-unreadable", `Folder \`${pattern}\` ${reason}.`, { cause });
    });
    const files = names.filter((name) => isWanted(name) && !name.startsWith("."));
    if (files.length > 0) return files.sort(naturalOrder).map((name) => join(pattern, name));
    const below = `${escapePath(pattern.replace(/[\\/]+$/, ""))}/**`;
    throw new FoveaError(
      "folder-empty",
      `Folder \`${pattern}\` has no ${kind} (${SUFFIXES[kind].join(", ")}): name another folder, or give the pattern '${below}' for those below it.`,
    );
  }
  const globPattern = sep === "\\" ? pattern.replaceAll("\\", "/") : pattern;
  if (entry || !isDynamicPattern(globPattern)) return [pattern];
  const options = { absolute: isAbsolute(pattern), expandDirectories: false };
  const files = (await glob(globPattern, options)).filter(isWanted);
  if (files.length > 0) return files.sort(naturalOrder);
  throw new FoveaError(
    "dataset-missing",
    `No file of ${kind} (${SUFFIXES[kind].join(", ")}) matches \`${resolve(pattern)}\`: check the pattern and the folder.`,
  );
}

/** Numbers by value, the rest by the alphabet, the same in every locale. */
const naturalOrder: (a: string, b: string) => number = new Intl.Collator("en", { numeric: true }).compare;
