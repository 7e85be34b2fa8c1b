import { readFile } from "node:fs/promises";
import { FoveaError, messageOf } from "../../core/index.ts";
import type { Problem } from "../dataset.ts";
import { isFolder } from "../folder.ts";

/** An error `dataset-unreadable`; the reason is the end of a sentence and says what to do. */
export function unreadable(file: string, reason: string, cause?: unknown): FoveaError {
  return new FoveaError("dataset-unreadable", `\`${file}\` cannot be read: ${reason}.`, { cause });
}

/** An error `dataset-empty` that names the first thing that made the set empty; `advice` is a sentence. */
export function empty(path: string, advice: string, problems: readonly Problem[]): FoveaError {
  // That a folder is empty says less than what is wrong with a file.
  const first = problems.find(({ kind }) => kind !== "class-empty") ?? problems[0];
  const named = first ? ` First problem, in ${first.file}: ${first.detail}` : "";
  return new FoveaError("dataset-empty", `\`${path}\` has no usable example: ${advice}${named}`);
}

/**
 * What a function reads of a file.
 *
 * @throws FoveaError `dataset-missing` if there is no such file, `dataset-unreadable` if it cannot be read
 */
export async function readExisting<T>(path: string, read: (path: string) => Promise<T>): Promise<T> {
  try {
    return await read(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw unreadable(path, messageOf(error), error);
    throw new FoveaError("dataset-missing", `There is no file \`${path}\`: check the path and the spelling.`);
  }
}

/** A file's bytes; errors as in {@link readExisting}. */
export function readBytes(path: string): Promise<Uint8Array> {
  return readExisting(path, (file) => readFile(file));
}

/** @throws FoveaError `dataset-missing` if there is no such folder */
export async function checkFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  throw new FoveaError("dataset-missing", `There is no folder \`${path}\`: check the path and the spelling.`);
}
