import { join, posix } from "node:path";
import type { SplitName } from "../dataset.ts";
import { isFolder, listEntries, readText } from "../folder.ts";
import { splitOfName, splitOfWords } from "../split-names.ts";

/** What {@link findCoco} looks for, for messages. */
export const COCO_EVIDENCE =
  "`instances_*.json` in it or in `annotations/`, `_annotations.coco.json` in it or in `train/`, `valid/`, `test/`, or one JSON file beside `images/`";

/** An annotation file of a COCO set. */
export interface CocoSource {
  /** Absolute path. */
  file: string;
  /** The part of the name that tells whose annotations they are: `train2017` of `instances_train2017.json`. */
  part: string;
  split?: SplitName;
}

/** The COCO annotation files of a folder; none where it has none. */
export async function findCoco(root: string): Promise<CocoSource[]> {
  const entries = await listEntries(root);
  const jsonIn = async (folder: string) =>
    (await listEntries(join(root, folder))).filter((name) => name.toLowerCase().endsWith(".json"));
  const sources = (folder: string, names: readonly string[]) =>
    names.map((name) => toSource(root, folder, name));

  const isInstances = (name: string) => /^instances/i.test(name);
  const annotations = entries.find((name) => name.toLowerCase() === "annotations") ?? "annotations";
  const besides = await jsonIn(annotations);
  const own = await jsonIn(".");
  const perFolder: CocoSource[] = [];
  for (const folder of entries.filter((name) => splitOfName(name) !== undefined)) {
    const names = (await jsonIn(folder)).filter((name) => name === "_annotations.coco.json");
    perFolder.push(...sources(folder, names));
  }
  const finds = [
    sources(annotations, besides.filter(isInstances)),
    sources(".", own.filter(isInstances)),
    perFolder,
    sources(
      ".",
      own.filter((name) => name === "_annotations.coco.json"),
    ),
    sources(
      annotations,
      besides.filter((name) => splitOfName(posix.parse(name).name) !== undefined),
    ),
    (await isFolder(join(root, "images"))) && own.length === 1 && (await isCocoFile(join(root, own[0])))
      ? sources(".", own)
      : [],
  ];
  const found = finds.find((files) => files.length > 0) ?? [];
  // Beside files of splits, one without a split is usually all of them together.
  const split = found.filter((source) => source.split !== undefined);
  return split.length > 0 ? split : found;
}

function toSource(root: string, folder: string, name: string): CocoSource {
  const own = name.replace(/\.json$/i, "").replace(/^instances[_-]?/i, "");
  const part = name === "_annotations.coco.json" ? folder : own;
  return { file: join(root, folder, name), part, split: splitOfWords(part) };
}

async function isCocoFile(file: string): Promise<boolean> {
  const text = await readText(file).catch(() => "");
  return text.includes('"images"') && text.includes('"annotations"');
}
