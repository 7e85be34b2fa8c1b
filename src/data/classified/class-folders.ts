import { join } from "node:path";
import type { Problem, SplitName } from "../dataset.ts";
import { findEmptyFolders, listExampleFiles } from "./example-files.ts";
import { type InSplit, SplitFolders } from "./split-folders.ts";

/** What a file's place says of it. */
export interface PlacedFile {
  /** Path relative to the data set's folder, with `/`: unique in it. */
  id: string;
  /** Name of the class. */
  label: string;
  /** The split whose folder it lies in, where such folders have classes; `train` also for what lies beside them. */
  split?: SplitName;
}

/** A file that says by its place which class it is of. */
export interface ClassFile extends PlacedFile {
  /** Absolute path. */
  file: string;
}

/** A folder that some sets have below each class, or instead of classes. */
const IMAGES = "images";

/**
 * The classes and splits of files: `class/name.ext` or, where any lies so, `train/class/name.ext` (see
 * {@link SplitFolders}). Files in a split's folder but in no class's have no label then, and those in no split's folder
 * belong to none: both become problems. Where none lies in `train`, though, and some in no split's folder are of a class
 * that others are measured by (`class/name.ext` beside `test/class/name.ext`), these are what to train with. A class may
 * be called `train` where no split has classes; but where all are called so, these folders are splits without classes.
 *
 * @param root what problems name before the path
 * @param paths relative paths with `/`
 * @param labels classes that the data set names file by file; they count before folders
 */
export function placeFiles(
  root: string,
  paths: readonly string[],
  labels: ReadonlyMap<string, string> = new Map(),
): { placed: PlacedFile[]; problems: Problem[] } {
  const folders = new SplitFolders(paths);
  const files = paths.map((id) => {
    const parts = id.split("/");
    const found = folders.find(parts, hasClass);
    const isInClass = found ? hasClass(found.within) : parts.length > 1;
    const label = labels.get(id) ?? (parts.length > 1 ? className(found, parts) : undefined);
    return { id, found, label, isLabelled: isInClass || labels.has(id) };
  });
  const haveSplits = files.some(({ found, isLabelled }) => found && isLabelled);
  const haveClasses = files.some(({ isLabelled }) => isLabelled);
  const measured = new Set(
    files.flatMap(({ found, label, isLabelled }) => (found && isLabelled ? label : [])),
  );
  const areRestTrain =
    !files.some(({ found, isLabelled }) => found?.split === "train" && isLabelled) &&
    files.some(({ found, label, isLabelled }) => !found && isLabelled && measured.has(label));
  const placed: PlacedFile[] = [];
  const problems: Problem[] = [];
  for (const { id, found, label, isLabelled } of files) {
    const isLost = haveSplits ? !isLabelled : !haveClasses;
    if (label === undefined || isLost) problems.push(withoutClass(join(root, id), found));
    else if (!haveSplits) placed.push({ id, label });
    else if (found) placed.push({ id, label, split: found.split });
    else if (areRestTrain) placed.push({ id, label, split: "train" });
    else problems.push(withoutSplit(join(root, id)));
  }
  const foldersOf = new Map<string, Set<string>>();
  const foundOf = new Map(files.map(({ id, found }) => [id, found]));
  for (const { id, label } of placed) {
    if (labels.has(id)) continue;
    const folder = classFolder(foundOf.get(id), id.split("/"));
    foldersOf.set(label, (foldersOf.get(label) ?? new Set()).add(folder));
  }
  for (const [label, folders] of foldersOf) {
    if (folders.size > 1) problems.push(severalFolders(root, label, [...folders].sort()));
  }
  return { placed, problems };
}

/** What is said of a class that folders in different places have the name of. */
function severalFolders(root: string, label: string, folders: readonly string[]): Problem {
  const [first, second] = folders.map((folder) => `\`${folder}\``);
  const named = folders.length > 2 ? `${first}, ${second}, …` : `${first}, ${second}`;
  const detail = `Class \`${label}\` comes from ${folders.length} folders (${named}), because the innermost one names the class: rename them if they are several classes.`;
  return { kind: "class-merged", file: root, detail };
}

/** Whether a path that begins in a split's folder leads through a class's. */
function hasClass(within: readonly string[]): boolean {
  return within.length > 2 || (within.length === 2 && within[0] !== IMAGES);
}

/** The folder of a file's class, within its split's; file systems take letters with marks apart, here they are one (NFC). */
function classFolder(found: InSplit | undefined, parts: readonly string[]): string {
  const within = found && hasClass(found.within) ? found.within : parts;
  const end = within.length > 2 && within.at(-2) === IMAGES ? -2 : -1;
  return within.slice(0, end).join("/").normalize("NFC");
}

function className(found: InSplit | undefined, parts: readonly string[]): string {
  return classFolder(found, parts).split("/").at(-1)!;
}

/** What is said of a file outside of all classes; a folder above that of its split may have been meant for one. */
function withoutClass(file: string, found: InSplit | undefined): Problem {
  const detail =
    found && found.depth > 0
      ? "The file lies in no class's folder within its split's: skipped. Folders of splits must lie above those of classes: train/cat/1.jpg."
      : "The file lies in no class's folder and so has no label: skipped.";
  return { kind: "example-unreadable", file, detail };
}

/** What is said of a file outside of the splits, where others lie in such. */
function withoutSplit(file: string): Problem {
  const detail = "The file lies in no folder of a split such as train, as others do: skipped.";
  return { kind: "example-unreadable", file, detail };
}

/**
 * The files `class/name.ext` or `train/class/name.ext` below a folder, sorted by path. A file that lies in no
 * folder has no class and becomes a problem, and so does an empty folder beside those of classes.
 *
 * @param suffixes ends of the wanted names in lower case, for example `.nii.gz`
 * @param things what an example is, in a sentence
 */
export async function listClassFiles(
  root: string,
  suffixes: readonly string[],
  things: string,
): Promise<{ files: ClassFile[]; problems: Problem[] }> {
  const { placed, problems } = placeFiles(root, await listExampleFiles(root, suffixes));
  const empty = await findEmptyFolders(root, placed, problems, things);
  const files = placed.map((place) => ({ ...place, file: join(root, place.id) }));
  return { files, problems: [...problems, ...empty] };
}
