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

/** A file's text without its byte order mark: UTF-8, or what the mark says (Excel's "Unicode text" is UTF-16). */
export async function readText(path: string): Promise<string> {
  const bytes = await readFile(path);
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
}
