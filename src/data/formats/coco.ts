import { posix, relative, sep } from "node:path";
import { messageOf } from "../../core/index.ts";
import { xywhToXyxy } from "../../geometry/index.ts";
import type { Problem } from "../dataset.ts";
import { readText } from "../folder.ts";
import type { AnnotatedPicture, Annotations, StatedBox } from "./annotations.ts";
import {
  type CategoryId,
  type CocoAnnotation,
  type CocoFile,
  type CocoImage,
  compareCategoryIds,
  parseCocoFile,
} from "./coco-file.ts";
import { findCocoPicture } from "./coco-pictures.ts";
import type { CocoSource } from "./coco-sources.ts";
import { PictureIndex, withoutPictureExtension } from "./picture-index.ts";

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
  for (const { source, content } of files) reportNamesakes(source.file, content, problems);
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
  const ids = new Map<string, CategoryId>();
  const used = new Set(files.flatMap(({ annotations }) => annotations.map((a) => a.category_id)));
  for (const { categories } of files) {
    const parents = new Set(categories.filter((c) => c.supercategory !== c.name).map((c) => c.supercategory));
    for (const { id, name } of categories) {
      // Roboflow puts a category in front that only names the others' supercategory.
      if (parents.has(name) && !used.has(id)) continue;
      ids.set(name, [id, ids.get(name) ?? id].sort(compareCategoryIds)[0]);
    }
  }
  return [...ids]
    .sort(([a, idA], [b, idB]) => compareCategoryIds(idA, idB) || (a < b ? -1 : 1))
    .map(([name]) => name);
}

/** Reports categories of a file that are in use and have one name: they become one class. */
function reportNamesakes(file: string, { categories, annotations }: CocoFile, problems: Problem[]): void {
  const used = new Set(annotations.map(({ category_id }) => category_id));
  const first = new Map<string, CategoryId>();
  for (const { id, name } of categories) {
    if (!used.has(id)) continue;
    const other = first.get(name);
    if (other === undefined) {
      first.set(name, id);
    } else if (other !== id) {
      const detail = `Categories ${other} and ${id} are both called "${name}": taken as one class.`;
      problems.push({ kind: "duplicate", file, detail });
    }
  }
}

function readPictures(
  root: string,
  index: PictureIndex,
  source: CocoSource,
  content: CocoFile,
  indexById: ReadonlyMap<CategoryId, number | undefined>,
  problems: Problem[],
): AnnotatedPicture[] {
  const report = (kind: Problem["kind"], detail: string) =>
    problems.push({ kind, file: source.file, detail });
  const byImage = new Map<string, CocoAnnotation[]>(content.images.map(({ id }) => [id, []]));
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
        id: idOf(image, relative(root, path).split(sep).join("/")),
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

/**
 * The file's path without extension and without the folder `images/`, unless that lies in another one, or its bare name
 * where it leads elsewhere.
 */
function idOf({ file_name }: CocoImage, found: string): string {
  const path = posix.normalize(file_name.replaceAll("\\", "/"));
  const place = found.endsWith(`/${path}`) ? found.slice(0, -path.length - 1) : "";
  const own = place.split("/").includes("images") ? path : path.replace(/^images\//, "");
  return withoutPictureExtension(/^(\/|\.\.\/|[a-z]:)/i.test(own) ? posix.basename(own) : own);
}
