import { basename, extname, join } from "node:path";
import { FoveaError, messageOf } from "../../core/index.ts";
import { PICTURE_EXTENSIONS, readPictureSize } from "../../image/index.ts";
import type { Problem } from "../dataset.ts";
import { readText } from "../folder.ts";
import { mapParallel } from "../parallel.ts";
import { readPictureBytes } from "../picture-bytes.ts";
import { NAMED_EXTENSIONS } from "../picture-names.ts";
import { placeFiles } from "./class-folders.ts";
import type { ClassifiedPicture, PictureBytes, ReadExample } from "./dataset.ts";
import { empty } from "./dataset-errors.ts";
import { findEmptyFolders, listExampleFiles } from "./example-files.ts";
import { LABEL_LIST, readLabelList } from "./label-list.ts";
import { indexTar } from "./tar-index.ts";

/** Labelled pictures as they were found. */
export interface FoundPictures {
  examples: ReadExample<ClassifiedPicture>[];
  problems: Problem[];
}

/** Labelled pictures of a tar file. */
export interface TarPictures extends FoundPictures {
  /** Files in it of any kind. */
  fileCount: number;
}

/**
 * Pictures in folders: `class/name.jpg`, under `train`, `val` and `test` where the set has splits.
 *
 * @throws FoveaError `dataset-empty`
 */
export async function readPictureFolder(root: string): Promise<FoundPictures> {
  const found = await findPictures(root);
  if (found.examples.length > 0) return found;
  throw empty(root, "pictures must lie in folders named after their classes, as cat/1.jpg.", found.problems);
}

/** As {@link readPictureFolder}, but there may be none. */
export async function findPictures(root: string): Promise<FoundPictures> {
  const paths = await listExampleFiles(root, [...NAMED_EXTENSIONS, extname(LABEL_LIST)]);
  const files = paths.filter(isOfUse).map((path) => [path, { file: join(root, path) }] as const);
  const { examples, problems } = await label(root, new Map(files));
  return {
    examples,
    problems: [...problems, ...(await findEmptyFolders(root, examples, problems, "pictures"))],
  };
}

/**
 * Pictures in a tar file, laid out as in folders; in whatever order they were packed, they come sorted by path. There may
 * be none (see {@link emptyTar}).
 */
export async function readPictureTar(path: string): Promise<TarPictures> {
  const problems: Problem[] = [];
  const entries = await indexTar(path, (entry) => {
    const inside = pathInside(entry.path);
    if (!isPicture(inside) || isHidden(inside)) return;
    const detail = `It is ${entry.what}: skipped. Pack the picture itself.`;
    problems.push({ kind: "picture-unreadable", file: join(path, inside), detail });
  });
  const files = entries
    .map(({ path: inside, ...place }) => ({ inside: pathInside(inside), ...place }))
    .filter(({ inside }) => isOfUse(inside) && !isHidden(inside))
    .sort((a, b) => (a.inside < b.inside ? -1 : 1));
  const bytes = files.map(({ inside, ...place }) => [inside, { file: path, ...place }] as const);
  const found = await label(path, new Map(bytes));
  return { ...found, problems: [...problems, ...found.problems], fileCount: entries.length };
}

/** An error `dataset-empty` for an archive that has no labelled picture. */
export function emptyTar(path: string, { fileCount, problems: [first] }: TarPictures): FoveaError {
  const reason = first ? ` First problem, in ${first.file}: ${first.detail}` : "";
  return new FoveaError(
    "dataset-empty",
    `Archive \`${path}\` has ${fileCount} files and no labelled picture among them: it must hold class/name.jpg.${reason}`,
  );
}

function pathInside(path: string): string {
  return path.replace(/^(\.?\/)+/, "");
}

function isPicture(path: string): boolean {
  return NAMED_EXTENSIONS.includes(extname(path).toLowerCase());
}

function isOfUse(path: string): boolean {
  return isPicture(path) || basename(path) === LABEL_LIST;
}

/** Hidden files are left out of folders too; macOS packs one with a picture's attributes beside each picture. */
function isHidden(path: string): boolean {
  return path.split("/").some((part) => part.startsWith("."));
}

/** A picture is of the class that its folder is named after; what lies in no folder has no label. */
async function label(root: string, files: ReadonlyMap<string, PictureBytes>): Promise<FoundPictures> {
  const names = [...files.keys()];
  const problems: Problem[] = [];
  const faults = await mapParallel(names, (id) => faultOf(id, files.get(id)!));
  const pictures = names.filter((id, i) => isPicture(id) && faults[i] === undefined);
  for (const [i, detail] of faults.entries()) {
    if (detail !== undefined)
      problems.push({ kind: "picture-unreadable", file: join(root, names[i]), detail });
  }
  const lists = names.filter((id) => !isPicture(id));
  const labels = await Promise.all(
    lists.map(async (id) => {
      const source = await readPictureBytes(files.get(id)!);
      const text = typeof source === "string" ? await readText(source) : new TextDecoder().decode(source);
      return readLabelList(id, text);
    }),
  );
  const found = placeFiles(root, pictures, new Map(labels.flat()));
  for (const problem of found.problems) problems.push(problem);
  return { examples: found.placed.map((place) => ({ ...place, bytes: files.get(place.id)! })), problems };
}

/** Why a picture of a kind that may be unreadable cannot be read; undefined for those of the usual kinds, which are not looked at. */
async function faultOf(id: string, bytes: PictureBytes): Promise<string | undefined> {
  const extension = extname(id).toLowerCase();
  if (!NAMED_EXTENSIONS.includes(extension) || PICTURE_EXTENSIONS.includes(extension)) return undefined;
  try {
    await readPictureSize(await readPictureBytes(bytes));
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
