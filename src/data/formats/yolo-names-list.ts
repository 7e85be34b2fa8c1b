import { basename, dirname, extname, join } from "node:path";
import type { SplitName } from "../dataset.ts";
import { isFile, isFolder, listEntries, listFiles, readLines } from "../folder.ts";
import { NAMED_EXTENSIONS } from "../picture-names.ts";
import { SPLIT_ALIASES, SPLIT_NAMES } from "../split-names.ts";
import { withoutPictureExtension } from "./picture-index.ts";
import type { YoloPlace } from "./yolo-description.ts";

/** Where classes are listed, one a line, if not in a YAML file: by LabelImg and Label Studio, by darknet and CVAT. */
const NAMES_LISTS: readonly string[] = ["classes.txt", "labels/classes.txt", "obj.names"];

/** Where such a set's pictures may be; else they lie in its folder itself. */
const PICTURE_FOLDERS: readonly string[] = ["images", "obj_train_data"];

/** A folder's list of YOLO's classes; undefined where there is none, or where no label file of YOLO's is. */
export async function findNamesList(root: string): Promise<string | undefined> {
  for (const name of NAMES_LISTS) {
    const file = join(root, name);
    if ((await isFile(file)) && (await hasLabels(root))) return file;
  }
  return undefined;
}

/** Whether a folder has text files in `labels/`, or such that bear the names of pictures beside them. */
async function hasLabels(root: string): Promise<boolean> {
  const labels = await listFiles(join(root, "labels"), [".txt"]);
  if (labels.some((name) => basename(name) !== "classes.txt")) return true;
  for (const folder of [root, ...PICTURE_FOLDERS.map((name) => join(root, name))]) {
    const names = (await isFolder(folder)) ? await listEntries(folder) : [];
    const pictures = names.filter((name) => NAMED_EXTENSIONS.includes(extname(name).toLowerCase()));
    const stems = new Set(pictures.map(withoutPictureExtension));
    if (names.some((name) => name.endsWith(".txt") && stems.has(name.slice(0, -".txt".length)))) return true;
  }
  return false;
}

/** The classes that a list names, and where the pictures beside it are, by split where folders say so. */
export async function readNamesList(
  file: string,
): Promise<{ classes: string[]; splits: Partial<Record<SplitName, YoloPlace[]>> }> {
  const folder = dirname(file);
  const root = basename(folder) === "labels" ? dirname(folder) : folder;
  const classes = await readLines(file);
  let pictures = root;
  for (const name of PICTURE_FOLDERS) if (await isFolder(join(root, name))) pictures = join(root, name);
  const splits: Partial<Record<SplitName, YoloPlace[]>> = {};
  for (const split of SPLIT_NAMES) {
    for (const alias of SPLIT_ALIASES[split]) {
      const path = join(pictures, alias);
      if (!splits[split] && (await isFolder(path))) splits[split] = [{ path, key: alias, written: alias }];
    }
  }
  if (splits.train) return { classes, splits };
  return { classes, splits: { train: [{ path: pictures, key: "train", written: basename(pictures) }] } };
}
