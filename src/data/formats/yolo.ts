import { basename, dirname, extname, join, posix, relative, sep } from "node:path";
import type { Problem, SplitName } from "../dataset.ts";
import { isFile, isFolder, listEntries, listFiles, readLines, readText, splitLines } from "../folder.ts";
import { mapParallel } from "../parallel.ts";
import { SPLIT_NAMES } from "../split-names.ts";
import type { AnnotatedPicture, Annotations, StatedBox } from "./annotations.ts";
import { PictureIndex, withoutPictureExtension } from "./picture-index.ts";
import { readYoloDescription, type YoloDescription, type YoloPlace } from "./yolo-description.ts";
import { labelFileOf, labelFilesOf } from "./yolo-label-files.ts";
import { parseYoloLine } from "./yolo-line.ts";
import { isAbsolutePath, partsOf, placesOf } from "./yolo-places.ts";

/** What shows that a set is YOLO's, for messages. */
export const YOLO_EVIDENCE =
  "`data.yaml` (or another YAML file with `names`), or `classes.txt` or `obj.names` with label files";

/** The YAML file that describes a folder's YOLO set; undefined where it has none. */
export async function findYolo(root: string): Promise<string | undefined> {
  const names = (await listEntries(root)).filter((name) => /\.ya?ml$/i.test(name));
  const usual = names.find((name) => /^data(set)?\.ya?ml$/i.test(name));
  if (usual) return join(root, usual);
  for (const name of names) {
    if (/^names\s*:/m.test(await readText(join(root, name)))) return join(root, name);
  }
  return undefined;
}

/**
 * Reads the text annotations of YOLO (Redmon; `data.yaml` as Ultralytics defines it): a line `class cx cy
 * width height` for each box, in fractions of the upright picture's sides. A line with a polygon counts as
 * its bounding box. A picture's labels are where its path says `labels` in place of the last `images` or of one before it,
 * or beside it; one without labels is background.
 */
export async function readYolo(yamlFile: string): Promise<Annotations> {
  const description = await readYoloDescription(yamlFile);
  const problems: Problem[] = [];
  const listed = new Map<SplitName, ListedPicture[]>();
  for (const split of SPLIT_NAMES) {
    const places = description.splits[split];
    const lists = await Promise.all((places ?? []).map((place) => listPlace(place, yamlFile, problems)));
    const found = lists.filter((list) => list !== undefined);
    // An empty folder is a split without pictures; of one that is not there the file says nothing.
    if (found.length > 0) listed.set(split, found.flat());
  }
  for (const { split, like } of dropRepeated(listed)) {
    const detail = `\`${split}\` names the same pictures as \`${like}\`: ignored.`;
    problems.push({ kind: "duplicate", file: yamlFile, detail });
  }
  const all = [...listed].flatMap(([split, pictures]) => pictures.map((picture) => ({ ...picture, split })));
  const pictures = await mapParallel(all, async (picture) => readLabels(picture, description, problems));
  return { classes: description.classes, pictures, declaredSplits: new Set(listed.keys()), problems };
}

interface ListedPicture {
  id: string;
  /** Absolute path of the picture. */
  path: string;
}

/**
 * The pictures of a folder, of a list, or the one picture that an entry of `data.yaml` stands for; undefined where
 * nothing is there of what it names.
 */
async function listPlace(
  place: YoloPlace,
  yamlFile: string,
  problems: Problem[],
): Promise<ListedPicture[] | undefined> {
  const { path } = place;
  if (await isFolder(path)) {
    const index = await PictureIndex.read(path);
    await reportOrphans(index, problems);
    return index.files.map((file) => ({ id: withoutPictureExtension(file), path: index.absolute(file) }));
  }
  if (!(await isFile(path))) {
    problems.push(missingPlace(place, yamlFile));
    return undefined;
  }
  const folder = dirname(path);
  if (extname(path).toLowerCase() !== ".txt") return [{ id: idOf(path, folder), path }];
  const pictures = await mapParallel(await readLines(path), async (line) => {
    for (const file of placesOf(line, [folder, dirname(yamlFile)])) {
      if (await isFile(file)) return { id: idOf(file, folder), path: file };
    }
    const detail = `Picture \`${line}\` is not there: line skipped.`;
    problems.push({ kind: "picture-missing", file: path, detail });
    return undefined;
  });
  const found = pictures.filter((picture) => picture !== undefined);
  return found.length === 0 && pictures.length > 0 ? undefined : found;
}

function missingPlace({ key, written }: YoloPlace, yamlFile: string): Problem {
  const kind = withoutPictureExtension(written) === written ? "folder-missing" : "picture-missing";
  const reason = isAbsolutePath(written)
    ? `on this machine: write where it lies from that file on, such as ${partsOf(written).slice(-2).join("/")}`
    : "there: no pictures taken from it";
  const detail = `\`${key}\` of ${basename(yamlFile)} names \`${written}\`, which is not ${reason}.`;
  return { kind, file: yamlFile, detail };
}

/** The path below the last folder `images`, else relative to `folder`, without extension. */
function idOf(path: string, folder: string): string {
  const parts = path.split(sep);
  const images = parts.lastIndexOf("images");
  const inside = images >= 0 ? parts.slice(images + 1) : relative(folder, path).split(sep);
  return withoutPictureExtension(inside.includes("..") ? posix.basename(inside.at(-1)!) : inside.join("/"));
}

/**
 * Forgets splits that name what an earlier one names: `val` like `train`, as small demonstration sets have it, so that it
 * is drawn; `test` like `val`, as in Ultralytics' `VOC.yaml`, so that pictures to validate with remain.
 */
function dropRepeated(listed: Map<SplitName, ListedPicture[]>): { split: SplitName; like: SplitName }[] {
  const first = new Map<string, SplitName>();
  return [...listed].flatMap(([split, pictures]) => {
    const key = JSON.stringify(pictures.map(({ path }) => path).sort());
    const like = first.get(key);
    if (like === undefined || pictures.length === 0) {
      first.set(key, split);
      return [];
    }
    listed.delete(split);
    return [{ split, like }];
  });
}

async function readLabels(
  { id, path, split }: ListedPicture & { split: SplitName },
  { classes, classOfNumber, keypoints }: YoloDescription,
  problems: Problem[],
): Promise<AnnotatedPicture> {
  const { file, text, error } = await readLabelFile(path);
  const picture = { id, path, split, unit: "fraction", boxes: [], unreadBoxes: 0 } as const;
  if (text === undefined) {
    if (!error) return { ...picture, boxes: [], file }; // a missing label file means: nothing in the picture
    const detail = `The labels cannot be read (${error.message}): skipped.`;
    problems.push({ kind: "annotation-unreadable", file, detail });
    return { ...picture, boxes: [], file, unreadBoxes: 1 };
  }
  const lines = splitLines(text);
  const boxes: StatedBox[] = [];
  lines.forEach((line, i) => {
    const box = parseYoloLine(line, i + 1, classes, classOfNumber, keypoints);
    if ("kind" in box) problems.push({ ...box, file });
    else boxes.push(box);
  });
  return { ...picture, file, boxes, unreadBoxes: lines.length - boxes.length };
}

/** A picture's labels, from the likeliest place that has any; without text or error where there are none. */
async function readLabelFile(
  picture: string,
): Promise<{ file: string; text?: string; error?: NodeJS.ErrnoException }> {
  for (const file of labelFilesOf(picture)) {
    try {
      return { file, text: await readText(file) };
    } catch (thrown) {
      const error = thrown as NodeJS.ErrnoException;
      if (error.code !== "ENOENT" && error.code !== "ENOTDIR") return { file, error };
    }
  }
  return { file: picture };
}

/** Reports label files without a picture, for pictures that were taken from whole folders. */
async function reportOrphans(folder: PictureIndex, problems: Problem[]): Promise<void> {
  const labels = dirname(labelFileOf(join(folder.folder, "any")));
  for (const name of await listFiles(labels, [".txt"])) {
    if (folder.withStem(name.slice(0, -".txt".length)).length > 0 || name === "classes.txt") continue;
    const detail = "The labels have no picture: skipped.";
    problems.push({ kind: "picture-missing", file: join(labels, name), detail });
  }
}
