import { readdir } from "node:fs/promises";
import { FoveaError } from "../core/index.ts";

/**
 * Makes sure that a folder for results does not mix them with something else: it must be empty, or not exist.
 *
 * @throws FoveaError `output-not-empty`, `output-unwritable`
 */
export async function requireEmptyFolder(path: string): Promise<void> {
  let entries: string[];
  try {
    entries = await readdir(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    if (code !== "ENOTDIR") throw cause;
    throw new FoveaError("output-unwritable", `${path} is a file; name a new folder.`, { cause });
  }
  if (entries.length > 0) {
    throw new FoveaError(
      "output-not-empty",
      `${path} is not empty; name a new folder, or empty this one first.`,
    );
  }
}
