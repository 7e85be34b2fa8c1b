import { join, posix } from "node:path";
import { messageOf } from "../../core/index.ts";
import { xywhToXyxy } from "../../geometry/index.ts";
import type { Problem, SplitName } from "../dataset.ts";
import { isFolder, listEntries, readText } from "../folder.ts";
import { splitOfName } from "../split-names.ts";
import type { AnnotatedPicture, Annotations, StatedBox } from "./annotations.ts";
import { type CocoAnnotation, type CocoFile, type CocoImage, parseCocoFile } from "./coco-file.ts";
import { findCocoPicture } from "./coco-pictures.ts";
import { PictureIndex, withoutPictureExtension } from "./picture-index.ts";

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
  const split = part
    .split(/[_\W]+/)
    .map(splitOfName)
    .find((found) => found !== undefined);
  return { file: join(root, folder, name), part, split };
}

async function isCocoFile(file: string): Promise<boolean> {
  const text = await readText(file).catch(() => "");
  return text.includes('"images"') && text.includes('"annotations"');
}

/**
 * Reads COCO object annotations (Lin et al. 2014). Categories are numbered in the order of their ids; those
 * of several files are united by name. A picture is searched for beside its annotation file, in the folder,
 * in `images/`, and there in a folder called like the split. Pictures without annotations are background.
 */
export async function readCoco(root: string, sources: readonly CocoSource[]): Promise<Annotations> {
  const problems: Problem[] = [];
  const index = await PictureIndex.read(root);
  const files: { source: CocoSource; content: CocoFile }[] = [];
  for (const source of sources) {
    try {
      files.push({ source, content: parseCocoFile(await readText(source.file)) });
    } catch (error) {
      const detail = `The JSON cannot be read (${messageOf(error)}): skipped.`;
      problems.push({ kind: "annotation-unreadable", file: source.file, detail });
    }
  }
  const classes = uniteCategories(files.map(({ content }) => content));
  const classIndexes = new Map(classes.map((name, i) => [name, i]));
  const pictures = files.flatMap(({ source, content }) => {
    const indexById = new Map(content.categories.map(({ id, name }) => [id, classIndexes.get(name)]));
    return readPictures(root, index, source, content, indexById, problems);
  });
  const declaredSplits = new Set(sources.map(({ split }) => split).filter((split) => split !== undefined));
  return { classes, pictures, declaredSplits, problems };
}

/** Names of all categories, by the smallest id they have. */
function uniteCategories(files: readonly CocoFile[]): string[] {
  const ids = new Map<string, number>();
  const used = new Set(files.flatMap(({ annotations }) => annotations.map((a) => a.category_id)));
  for (const { categories } of files) {
    const parents = new Set(categories.filter((c) => c.supercategory !== c.name).map((c) => c.supercategory));
    for (const { id, name } of categories) {
      // Roboflow puts a category in front that only names the others' supercategory.
      if (parents.has(name) && !used.has(id)) continue;
      ids.set(name, Math.min(id, ids.get(name) ?? Number.POSITIVE_INFINITY));
    }
  }
  return [...ids].sort(([a, idA], [b, idB]) => idA - idB || (a < b ? -1 : 1)).map(([name]) => name);
}

function readPictures(
  root: string,
  index: PictureIndex,
  source: CocoSource,
  content: CocoFile,
  indexById: ReadonlyMap<number, number | undefined>,
  problems: Problem[],
): AnnotatedPicture[] {
  const report = (kind: Problem["kind"], detail: string) =>
    problems.push({ kind, file: source.file, detail });
  const byImage = new Map<number | string, CocoAnnotation[]>(content.images.map(({ id }) => [id, []]));
  for (const annotation of content.annotations) {
    const { id, image_id } = annotation;
    const detail = `Annotation ${id} belongs to image ${image_id}, which \`images\` does not list: skipped.`;
    if (!byImage.get(image_id)?.push(annotation)) report("picture-missing", detail);
  }
  return content.images.flatMap((image): AnnotatedPicture[] => {
    if (image.file_name === "") {
      report("annotation-unreadable", `Image ${image.id} has no \`file_name\`: skipped.`);
      return [];
    }
    const path = findCocoPicture(root, index, source, image.file_name);
    if (path === undefined) {
      report("picture-missing", `Picture \`${image.file_name}\` (image ${image.id}) is not there: skipped.`);
      return [];
    }
    const annotations = byImage.get(image.id)!;
    const boxes = annotations.flatMap((annotation): StatedBox[] => {
      const classIndex = indexById.get(annotation.category_id);
      if (classIndex !== undefined) return [toBox(annotation, classIndex, image)];
      const detail = `Annotation ${annotation.id} has category ${annotation.category_id}, which \`categories\` does not list: skipped.`;
      report("class-unknown", detail);
      return [];
    });
    return [
      {
        id: idOf(image),
        path,
        file: source.file,
        split: source.split,
        statedSize: image.width > 0 && image.height > 0 ? image : undefined,
        unit: "pixel",
        boxes,
        unreadBoxes: annotations.length - boxes.length,
      },
    ];
  });
}

function toBox(annotation: CocoAnnotation, classIndex: number, image: CocoImage): StatedBox {
  const { id, bbox, written, area, iscrowd, difficult } = annotation;
  const differs = area !== undefined && Math.abs(area - bbox[2] * bbox[3]) > 1e-3 * Math.abs(area);
  return {
    classIndex,
    corners: xywhToXyxy(bbox),
    name: `Annotation ${id} of \`${image.file_name}\``,
    ...(written !== undefined && { written }),
    ...(difficult && { difficult }),
    ...(iscrowd && { crowd: true }),
    ...(differs && { area }),
  };
}

/** The file's path without extension and without the folder `images/`, or its bare name where it leads elsewhere. */
function idOf({ file_name }: CocoImage): string {
  const path = posix.normalize(file_name.replaceAll("\\", "/")).replace(/^images\//, "");
  return withoutPictureExtension(/^(\/|\.\.\/|[a-z]:)/i.test(path) ? posix.basename(path) : path);
}
