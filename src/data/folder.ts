import { readdir, readFile, stat } from "node:fs/promises";
import { extname } from "node:path";
import { glob } from "tinyglobby";

/** The files below a folder that have one of the extensions, as sorted relative paths with `/`; none if there is no folder. */
export async function listFiles(folder: string, extensions: readonly string[]): Promise<string[]> {
  if (!(await isFolder(folder))) return [];
  const files = await glob("**", { cwd: folder, onlyFiles: true, expandDirectories: false });
  return files.filter((file) => extensions.includes(extname(file).toLowerCase())).sort();
}

/** The names of the entries of a folder, sorted; none if there is no folder. */
export async function listEntries(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

/** The lines of a text file, trimmed, without the blank ones. */
export async function readLines(path: string): Promise<string[]> {
  return splitLines(await readText(path));
}

/** The lines of a text, trimmed, without the blank ones. */
export function splitLines(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** A UTF-8 file's text without its byte order mark. */
export async function readText(path: string): Promise<string> {
  return (await readFile(path, "utf8")).replace(/^\uFEFF/, "");
}
