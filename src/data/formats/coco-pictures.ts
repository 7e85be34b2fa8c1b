import { existsSync } from "node:fs";
import { dirname, isAbsolute, posix, relative, sep } from "node:path";
import type { CocoSource } from "./coco-sources.ts";
import type { PictureIndex } from "./picture-index.ts";

/**
 * The absolute path of the picture that a COCO file calls `file_name`, searched for in the usual places and
 * then, by its bare name, anywhere in the data set's folder; undefined where it is not there, or where
 * several pictures of that name are.
 */
export function findCocoPicture(
  root: string,
  index: PictureIndex,
  source: CocoSource,
  fileName: string,
): string | undefined {
  if (isAbsolute(fileName) && existsSync(fileName)) return fileName;
  const name = posix.normalize(fileName.replaceAll("\\", "/"));
  const beside = relative(root, dirname(source.file)).split(sep).join("/");
  const folders = new Set([
    beside,
    ...[source.part, source.split ?? ""].flatMap((part) => [`images/${part}`, part, `${part}/images`]),
    "images",
    "",
  ]);
  for (const folder of folders) {
    const path = posix.join(folder, name);
    if (index.has(path)) return index.absolute(path);
  }
  const namesakes = index.withName(posix.basename(name));
  return namesakes.length === 1 ? index.absolute(namesakes[0]) : undefined;
}
