import { join, posix } from "node:path";
import { FoveaError } from "../../core/index.ts";
import type { Problem } from "../dataset.ts";
import { isFile, listEntries, listFiles, readLines } from "../folder.ts";
import { mapParallel } from "../parallel.ts";
import type { AnnotatedPicture, Annotations, StatedBox } from "./annotations.ts";
import { PictureIndex, withoutPictureExtension } from "./picture-index.ts";
import { readSplitLists } from "./split-lists.ts";
import { annotationStem, chooseEntries, type VocEntry } from "./voc-selection.ts";
import { parseVocXml, type VocObject, type VocXml } from "./voc-xml.ts";

/** What {@link findVoc} looks for, for messages. */
export const VOC_EVIDENCE =
  "`annotations/` or `Annotations/` with XML files, or XML files beside pictures of the same name";

/** The folders of a Pascal VOC set and its annotation files. */
export interface VocLayout {
  /** Folder of the annotations, absolute. */
  annotations: string;
  /** Folder of the pictures, absolute. */
  pictures: string;
  /** XML files relative to `annotations`. */
  files: string[];
}

/** Where a folder's Pascal VOC annotations are; undefined where it has none. */
export async function findVoc(root: string): Promise<VocLayout | undefined> {
  const entries = await listEntries(root);
  for (const name of entries.filter((entry) => entry.toLowerCase() === "annotations")) {
    const annotations = join(root, name);
    const files = await listFiles(annotations, [".xml"]);
    if (files.length === 0) continue;
    const folder = ["images", "jpegimages"]
      .map((wanted) => entries.find((entry) => entry.toLowerCase() === wanted))
      .find((entry) => entry !== undefined);
    return { annotations, pictures: folder ? join(root, folder) : root, files };
  }
  const files = await listFiles(root, [".xml"]);
  if (files.length === 0) return undefined;
  const pictures = await PictureIndex.read(root);
  const beside = files.some((file) => picturesOf(pictures, annotationStem(file)).length > 0);
  return beside ? { annotations: root, pictures: root, files } : undefined;
}

/**
 * Reads Pascal VOC annotations (Everingham et al. 2010). An annotation belongs to the picture of its own
 * relative path, else to the one its `<filename>` names. Corners are taken as written, as labelling tools
 * mean them: `xmax − xmin` is the width. (The challenge's own files count pixels from 1, inclusive; read
 * this way, their boxes come out one pixel smaller.)
 *
 * Classes are those of `classes.txt`, one a line, or the names in use in alphabetical order. Splits come
 * from `train.txt`, `val.txt`, `test.txt` in the folder or in `ImageSets/Main/`, else from folders called
 * so; where `train.txt` or `trainval.txt` is given, pictures in no list are left out.
 */
export async function readVoc(root: string, layout: VocLayout): Promise<Annotations> {
  const problems: Problem[] = [];
  const [index, lists, classList, annotated] = await Promise.all([
    PictureIndex.read(layout.pictures),
    readSplitLists(root),
    readClassList(root),
    mapParallel(layout.files, async (file) => ({
      file,
      content: await parseVocXml(join(layout.annotations, file)),
    })),
  ]);
  const entries = pairPictures(layout, index, annotated);
  const { chosen, declaredSplits } = chooseEntries(entries, lists, problems);
  for (const { entry } of chosen) if (entry.problem) problems.push(entry.problem);

  const usable = chosen.filter(({ entry }) => entry.path !== undefined && entry.content !== undefined);
  const objects = usable.flatMap(({ entry }) => entry.content!.objects);
  const classes = classList ?? [...new Set(objects.map(({ name }) => name).filter(Boolean))].sort();
  const classIndexes = new Map(classes.map((name, i) => [name, i]));
  const pictures = usable.map(({ entry, id, split }): AnnotatedPicture => {
    const boxes = entry
      .content!.objects.map((object, i) => toBox(object, i, classIndexes, entry.file, problems))
      .filter((box) => box !== undefined);
    return {
      id,
      path: entry.path!,
      file: entry.file,
      split,
      statedSize: entry.content!.size,
      unit: "pixel",
      boxes,
      unreadBoxes: entry.content!.objects.length - boxes.length,
    };
  });
  return { classes, pictures, declaredSplits, problems };
}

function pairPictures(
  layout: VocLayout,
  index: PictureIndex,
  annotated: readonly { file: string; content: VocXml | Problem }[],
): VocEntry[] {
  const taken = new Map<string, string>();
  const entries = annotated.map(({ file, content }): VocEntry => {
    const absolute = join(layout.annotations, file);
    const stem = annotationStem(file);
    const named = "kind" in content ? undefined : content.filename;
    const picture = choosePicture(index, stem, named);
    const entry: VocEntry = { stems: [stem], file: absolute };
    if (picture !== undefined && taken.has(picture)) {
      const detail = `Its picture \`${picture}\` already has the annotation \`${taken.get(picture)}\`: skipped.`;
      return { ...entry, problem: { kind: "duplicate", file: absolute, detail } };
    }
    if (picture !== undefined) taken.set(picture, file);
    if ("kind" in content) return { ...entry, problem: content };
    if (picture === undefined) {
      const tried =
        named && named !== stem && withoutPictureExtension(named) !== stem
          ? `\`${stem}\` or \`${named}\``
          : `\`${named || stem}\``;
      const detail = `No picture ${tried} in \`${layout.pictures}\`: annotation skipped.`;
      return { ...entry, problem: { kind: "picture-missing", file: absolute, detail } };
    }
    const stems = [...new Set([withoutPictureExtension(picture), stem])];
    return { stems, file: absolute, path: index.absolute(picture), content };
  });
  const bare = index.files.filter((file) => !taken.has(file));
  return [
    ...entries,
    ...bare.map((file): VocEntry => {
      const path = index.absolute(file);
      const detail = "The picture has no XML file: skipped (a picture without objects needs one, too).";
      return {
        stems: [withoutPictureExtension(file)],
        file: path,
        problem: { kind: "annotation-missing", file: path, detail },
      };
    }),
  ];
}

/** The pictures of an annotation's name: those that are called so without their extension, else with it (`a.jpg.xml`). */
function picturesOf(index: PictureIndex, stem: string): readonly string[] {
  const called = index.withStem(stem);
  if (called.length > 0) return called;
  return index.has(stem) ? [stem] : index.withStem(withoutPictureExtension(stem));
}

function choosePicture(index: PictureIndex, stem: string, named: string | undefined): string | undefined {
  const candidates = picturesOf(index, stem);
  const name = named && posix.basename(named.replaceAll("\\", "/"));
  if (candidates.length > 0) {
    return candidates.find((file) => posix.basename(file) === name) ?? candidates[0];
  }
  if (!name) return undefined;
  const namesakes = index.has(name) ? [name] : index.withName(name);
  return namesakes.length === 1 ? namesakes[0] : undefined;
}

function toBox(
  object: VocObject,
  position: number,
  classIndexes: ReadonlyMap<string, number>,
  file: string,
  problems: Problem[],
): StatedBox | undefined {
  const { name, ...rest } = object;
  const classIndex = classIndexes.get(name);
  if (classIndex !== undefined) return { ...rest, classIndex, name: `Object ${position + 1} (${name})` };
  const detail = name
    ? `Object ${position + 1} is of class "${name}", which \`classes.txt\` does not list: skipped.`
    : `Object ${position + 1} has no <name>: skipped.`;
  problems.push({ kind: "class-unknown", file, detail });
  return undefined;
}

async function readClassList(root: string): Promise<string[] | undefined> {
  const path = join(root, "classes.txt");
  if (!(await isFile(path))) return undefined;
  const classes = await readLines(path);
  const repeated = classes.find((name, i) => classes.indexOf(name) < i);
  if (repeated === undefined) return classes;
  throw new FoveaError(
    "dataset-classes",
    `\`${path}\` lists the class "${repeated}" twice: remove one of the lines.`,
  );
}
