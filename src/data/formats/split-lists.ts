import { join } from "node:path";
import type { SplitName } from "../dataset.ts";
import { isFile, readLines } from "../folder.ts";
import { SPLIT_ALIASES, SPLIT_PRECEDENCE } from "../split-names.ts";

/** A text file that lists the pictures of a split. */
export interface SplitList {
  /** Undefined for `trainval.txt`, whose pictures are still to be divided. */
  split?: SplitName;
  /** Absolute path. */
  file: string;
  lines: string[];
}

/**
 * The split lists of a Pascal VOC folder, `train.txt` and the like in it or in `ImageSets/Main/`, in the
 * order of precedence; `trainval.txt` counts where neither `train.txt` nor `val.txt` is there.
 */
export async function readSplitLists(root: string): Promise<SplitList[]> {
  for (const folder of [root, join(root, "ImageSets", "Main")]) {
    const lists: SplitList[] = [];
    for (const split of SPLIT_PRECEDENCE) {
      const list = await readFirst(
        folder,
        SPLIT_ALIASES[split].map((alias) => `${alias}.txt`),
      );
      if (list) lists.push({ split, ...list });
    }
    if (!lists.some(({ split }) => split !== "test")) {
      const list = await readFirst(folder, ["trainval.txt"]);
      if (list) lists.push(list);
    }
    if (lists.length > 0) return lists;
  }
  return [];
}

async function readFirst(folder: string, names: readonly string[]): Promise<SplitList | undefined> {
  for (const name of names) {
    const file = join(folder, name);
    if (await isFile(file)) return { file, lines: await readLines(file) };
  }
  return undefined;
}
