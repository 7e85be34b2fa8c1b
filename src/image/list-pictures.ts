import { readdir, stat } from "node:fs/promises";
import { extname, isAbsolute, join, resolve, sep } from "node:path";
import { escapePath, glob, isDynamicPattern } from "tinyglobby";
import { FoveaError, messageOf } from "../core/index.ts";

/** Extensions of the picture files that folders and patterns are searched for, in lower case. */
export const PICTURE_EXTENSIONS: readonly string[] = [
  ".jpg",
  ".jpeg",
  ".png",
  ".webp",
  ".gif",
  ".tif",
  ".tiff",
  ".avif",
  ".pgm",
  ".ppm",
];

export interface ListOptions {
  /** Whether folders are searched with everything below them; false by default. */
  recursive?: boolean;
}

/**
 * The picture files that a command line names: files, folders and glob patterns (`shots/**\/*.jpg`). What
 * comes of one pattern is in natural order (`2.jpg` before `10.jpg`); a file named twice is listed once. A
 * file named by itself is listed whatever its extension.
 *
 * @returns paths, relative where the pattern is
 * @throws `picture-missing`, `folder-missing`, `folder-empty`, naming the pattern that matches nothing; `folder-unreadable`
 */
export async function listPictures(
  patterns: readonly string[],
  options: ListOptions = {},
): Promise<string[]> {
  const found = new Map<string, string>();
  for (const pattern of patterns) {
    for (const path of await expand(pattern, options.recursive ?? false)) {
      const key = resolve(path);
      if (!found.has(key)) found.set(key, path);
    }
  }
  return [...found.values()];
}

async function expand(pattern: string, recursive: boolean): Promise<string[]> {
  const entry = await stat(pattern).catch(() => undefined);
  if (entry?.isDirectory()) return listFolder(pattern, recursive);
  if (entry) return [pattern];

  const globPattern = sep === "\\" ? pattern.replaceAll("\\", "/") : pattern;
  if (isDynamicPattern(globPattern)) {
    const paths = (
      await glob(globPattern, { absolute: isAbsolute(pattern), expandDirectories: false })
    ).filter(isPicture);
    if (paths.length > 0) return paths.sort(naturalOrder);
    throw new FoveaError(
      "picture-missing",
      `No picture matches \`${pattern}\`: check the pattern and the folder.`,
    );
  }
  if (extname(pattern) === "" || /[\\/]$/.test(pattern)) {
    throw new FoveaError(
      "folder-missing",
      `Folder \`${pattern}\` does not exist: check the path and the spelling.`,
    );
  }
  throw new FoveaError(
    "picture-missing",
    `Picture \`${pattern}\` does not exist: check the path and the spelling.`,
  );
}

async function listFolder(folder: string, recursive: boolean): Promise<string[]> {
  const entries = await readdir(folder, { recursive, withFileTypes: true }).catch((error: unknown) => {
    throw new FoveaError("folder-unreadable", `Folder \`${folder}\` cannot be read: ${messageOf(error)}.`, {
      cause: error,
    });
  });
  const paths = entries
    .filter((entry) => !entry.isDirectory() && isPicture(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  if (paths.length > 0) return paths.sort(naturalOrder);
  const below = recursive ? undefined : await patternBelow(folder);
  throw new FoveaError(
    "folder-empty",
    below === undefined
      ? `Folder \`${folder}\` has no pictures (${PICTURE_EXTENSIONS.join(", ")}): name another folder.`
      : `Folder \`${folder}\` has pictures in folders below it only: give the pattern '${below}'.`,
  );
}

/** So many files and folders are looked at for pictures below: the folder may be a whole disk. */
const MOST_LOOKED_AT = 20_000;

/** The pattern that finds the pictures in the folders below one; undefined where none is found there. */
async function patternBelow(folder: string): Promise<string | undefined> {
  const extensions = new Set<string>();
  const folders = [folder];
  let looked = 0;
  for (let next = folders.pop(); next !== undefined && looked < MOST_LOOKED_AT; next = folders.pop()) {
    for (const entry of await readdir(next, { withFileTypes: true }).catch(() => [])) {
      looked++;
      if (entry.name.startsWith(".")) continue; // which patterns leave out
      if (entry.isDirectory()) folders.push(join(next, entry.name));
      else if (isPicture(entry.name)) extensions.add(extname(entry.name).slice(1));
    }
  }
  if (extensions.size === 0) return undefined;
  const [only, ...others] = [...extensions].sort();
  const wanted = others.length === 0 ? only : `{${[only, ...others].join(",")}}`;
  return `${escapePath(folder.replace(/[\\/]+$/, ""))}/**/*.${wanted}`;
}

function isPicture(name: string): boolean {
  return PICTURE_EXTENSIONS.includes(extname(name).toLowerCase());
}

/** Numbers by value, the rest by the alphabet, the same in every locale. */
const naturalOrder: (a: string, b: string) => number = new Intl.Collator("en", { numeric: true }).compare;
