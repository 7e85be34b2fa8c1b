import { PICTURE_EXTENSIONS } from "../../image/index.ts";
import type { Problem, SplitName } from "../dataset.ts";
import { placeFiles } from "./class-folders.ts";
import { listExampleFiles } from "./example-files.ts";
import { TABLES, VOLUME_ENDS } from "./kind-in-folders.ts";

/** Ends of the names of files with an example each, by kind. */
const EXAMPLE_ENDS: readonly (readonly string[])[] = [PICTURE_EXTENSIONS, TABLES, VOLUME_ENDS];

/**
 * The problems of archives (`train.tar`, `val.npz`) that are not read, because folders beside them divide examples into
 * splits and classes, as where an archive was unpacked and left there; undefined where the archives are what to read:
 * where no such folders are, or where there is an archive for each split that they make and for others besides.
 *
 * @param archives files in the folder, each with the split that its name says
 */
export async function unreadArchives(
  root: string,
  archives: readonly { file: string; split?: SplitName }[],
): Promise<Problem[] | undefined> {
  const packed = new Set(archives.map(({ split }) => split));
  const unpacked = await splitsInFolders(root);
  const isMorePacked = packed.size > unpacked.size && [...unpacked].every((split) => packed.has(split));
  if (unpacked.size === 0 || isMorePacked) return undefined;
  const detail =
    "The file is not read, because folders beside it hold examples in splits and classes: name the file itself to read it, or move it elsewhere.";
  return archives.map(({ file }): Problem => ({ kind: "example-unreadable", file, detail }));
}

/** The splits whose folders hold examples of one kind, if these are of several classes. */
async function splitsInFolders(root: string): Promise<Set<SplitName>> {
  const paths = (await listExampleFiles(root, EXAMPLE_ENDS.flat())).filter((path) => path.includes("/"));
  for (const ends of EXAMPLE_ENDS) {
    const ofKind = paths.filter((path) => ends.some((end) => path.toLowerCase().endsWith(end)));
    const { placed } = placeFiles(root, ofKind);
    const splits = new Set(placed.flatMap(({ split }) => split ?? []));
    if (splits.size > 0 && new Set(placed.map(({ label }) => label)).size > 1) return splits;
  }
  return new Set();
}
