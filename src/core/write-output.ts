import { randomUUID } from "node:crypto";
import { open, realpath, rename, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { FoveaError, messageOf } from "./errors.ts";
import { makeFolder } from "./make-folder.ts";

/**
 * Writes a file whole or not at all: a reader never sees half of it. Makes missing folders.
 *
 * @throws `output-unwritable`
 */
export async function writeOutput(path: string, data: string | Uint8Array): Promise<void> {
  try {
    await makeFolder(dirname(resolve(path)));
    await writeFileAtomic(path, data);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/**
 * As {@link writeOutput}, piece by piece: together they may be longer than a string can be.
 *
 * @param mode of the file; default what the system gives
 * @throws `output-unwritable`; what the pieces throw, as it is
 */
export async function writeOutputPieces(
  path: string,
  pieces: Iterable<string> | AsyncIterable<string>,
  mode?: number,
): Promise<void> {
  const target = await realpath(path).catch(() => path); // a link stays one
  const aside = `${target}.${randomUUID()}.part`;
  let broken: { by: unknown } | undefined;
  async function* watched() {
    try {
      yield* pieces;
    } catch (by) {
      broken = { by };
      throw by;
    }
  }
  try {
    await makeFolder(dirname(resolve(path)));
    const file = await open(aside, "wx", mode);
    try {
      await writeFile(file, watched());
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, target);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => {});
    throw broken ? broken.by : unwritable(path, error);
  }
}

/** Why something cannot be written, in words. */
export function unwritable(path: string, cause: unknown): FoveaError {
  return new FoveaError("output-unwritable", `Cannot write \`${path}\`: ${explain(cause)}.`, { cause });
}

function explain(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOSPC":
    case "EDQUOT":
      return "the disk is full; free some space or choose another folder";
    case "EACCES":
    case "EPERM":
      return "this user may not write there; change the permissions or choose another folder";
    case "EROFS":
      return "the file system is read-only; choose another folder";
    case "ENOENT":
      return "no file or folder can be made there; choose another folder";
    case "EISDIR":
      return "it is a folder; name a file";
    case "ENOTDIR":
    case "EEXIST":
      return "a file stands where a folder is needed; choose another folder";
    case "ENAMETOOLONG":
      return "the name is too long; choose a shorter one";
    default:
      return messageOf(error);
  }
}
