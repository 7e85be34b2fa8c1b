import { extname } from "node:path";
import type { Problem } from "./dataset.ts";
import type { AnnotatedPicture } from "./formats/annotations.ts";
import { SPLIT_PRECEDENCE } from "./split-names.ts";

/**
 * The pictures, each once and each with an id of its own. A picture that is annotated twice stays in the
 * split that takes precedence. Pictures that only share an id (`train/1.jpg`, `val/1.jpg`) get their split's
 * name before it or, if that does not tell them apart, their extension behind it.
 */
export function uniquePictures(
  pictures: readonly AnnotatedPicture[],
  problems: Problem[],
): AnnotatedPicture[] {
  const byPath = new Map<string, AnnotatedPicture>();
  for (const picture of [...pictures].sort(bySplit)) {
    const first = byPath.get(picture.path);
    if (!first) {
      byPath.set(picture.path, picture);
      continue;
    }
    const place = first.split === picture.split ? "once" : `only in ${first.split}`;
    const detail = `Picture \`${picture.path}\` is in the set twice: kept ${place}.`;
    problems.push({ kind: "duplicate", file: picture.file, detail });
  }
  let unique = [...byPath.values()];
  unique = renameShared(unique, ({ id, split }) => (split ? `${split}/${id}` : id));
  unique = renameShared(unique, ({ id, path }) => `${id}${extname(path)}`);
  const shared = sharedIds(unique);
  return unique.filter(({ id, path, file }, i) => {
    if (!shared.has(id) || unique.findIndex((other) => other.id === id) === i) return true;
    const detail = `Picture \`${path}\` has the name \`${id}\`, which another picture has: skipped.`;
    problems.push({ kind: "duplicate", file, detail });
    return false;
  });
}

function bySplit(a: AnnotatedPicture, b: AnnotatedPicture): number {
  const rank = ({ split }: AnnotatedPicture) =>
    split ? SPLIT_PRECEDENCE.indexOf(split) : SPLIT_PRECEDENCE.length;
  return rank(a) - rank(b);
}

function renameShared(
  pictures: readonly AnnotatedPicture[],
  rename: (picture: AnnotatedPicture) => string,
): AnnotatedPicture[] {
  const shared = sharedIds(pictures);
  return pictures.map((picture) => (shared.has(picture.id) ? { ...picture, id: rename(picture) } : picture));
}

function sharedIds(pictures: readonly AnnotatedPicture[]): Set<string> {
  const seen = new Set<string>();
  return new Set(pictures.map(({ id }) => id).filter((id) => seen.has(id) || !seen.add(id)));
}
