import { posix, resolve } from "node:path";

/**
 * Where a path in a YOLO file may lead on this machine, the likeliest first: as it is written, from each of the folders;
 * with `/` for `\`; without leading `../` (exports of Roboflow say `../train/images` for `train/images`); and, where it
 * is absolute, as another machine's is, by its last parts (`C:\cells\images\train` → `images/train`).
 *
 * @returns absolute paths, which need not exist
 */
export function placesOf(written: string, folders: readonly string[]): string[] {
  const path = written.replaceAll("\\", "/");
  const parts = isAbsolutePath(path) ? partsOf(path) : [];
  const tails = parts.map((_, i) => parts.slice(i).join("/"));
  const paths = new Set([written, path, path.replace(/^(\.\.\/)+/, ""), ...tails]);
  return [...paths].flatMap((each) => folders.map((folder) => resolve(folder, each)));
}

/** Whether a path is absolute on some machine, this one or not. */
export function isAbsolutePath(path: string): boolean {
  return /^([a-z]:)?[\\/]/i.test(path);
}

/** The parts of an absolute path without its root. */
export function partsOf(path: string): string[] {
  const [, ...parts] = posix.normalize(path.replaceAll("\\", "/")).split("/");
  return parts.filter((part) => part !== "");
}
