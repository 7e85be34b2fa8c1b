import { mkdtemp, readdir, rmdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { FoveaError, unwritable } from "../core/index.ts";

/**
 * Makes sure that a folder for results does not mix them with something else: it must be empty, or not exist. And results
 * must find room in it.
 *
 * @throws FoveaError `output-not-empty`, `output-unwritable`
 */
export async function requireEmptyFolder(path: string): Promise<void> {
  let entries: string[];
  try {
    entries = await readdir(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return requireWritableFolder(path);
    if (code !== "ENOTDIR") throw cause;
    throw new FoveaError("output-unwritable", `${path} is a file; name a new folder.`, { cause });
  }
  if (entries.length > 0) {
    throw new FoveaError(
      "output-not-empty",
      `${path} is not empty; name a new folder, or empty this one first.`,
    );
  }
  await requireWritableFolder(path);
}

/**
 * Makes sure, before any work, that results can be written to a folder, or that it can be made. Leaves no trace.
 *
 * @throws FoveaError `output-unwritable`
 */
export async function requireWritableFolder(path: string): Promise<void> {
  try {
    await rmdir(await mkdtemp(join(await nearestFolder(resolve(path)), ".fovea-")));
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** The folder, or the nearest one above it that is there. */
async function nearestFolder(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || path === dirname(path)) throw error;
    return nearestFolder(dirname(path));
  }
}
