import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { FoveaError, messageOf } from "./errors.ts";

/**
 * Writes a file whole or not at all: a reader never sees half of it. Makes missing folders.
 *
 * @throws `output-unwritable`
 */
export async function writeOutput(path: string, data: string | Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(resolve(path)), { recursive: true });
    await writeFileAtomic(path, data);
  } catch (error) {
    throw new FoveaError("output-unwritable", `Cannot write \`${path}\`: ${explain(error)}.`, {
      cause: error,
    });
  }
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
