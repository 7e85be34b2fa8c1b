import { open, readFile } from "node:fs/promises";
import { FoveaError, messageOf } from "../core/index.ts";

/** Where a picture comes from: a path, or the bytes of a picture file. */
export type PictureSource = string | Uint8Array;

/** How messages call a source: "`a.jpg`", or "(in memory, 123 bytes)". */
export function nameSource(source: PictureSource): string {
  return typeof source === "string" ? `\`${source}\`` : `(in memory, ${source.byteLength} bytes)`;
}

/**
 * The first bytes of a source, all of them by default; never none.
 *
 * @throws `picture-missing`, `picture-unreadable`, `picture-empty`
 */
export async function readPictureFile(source: PictureSource, limit: number = Infinity): Promise<Uint8Array> {
  const bytes = typeof source === "string" ? await readPath(source, limit) : source.subarray(0, limit);
  if (bytes.byteLength === 0) {
    throw new FoveaError(
      "picture-empty",
      `Picture ${nameSource(source)} is empty (0 bytes): copy it again or delete it.`,
    );
  }
  return bytes;
}

async function readPath(path: string, limit: number): Promise<Uint8Array> {
  try {
    if (limit === Infinity) return await readFile(path);
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(limit), 0, limit, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw explainReadError(path, error);
  }
}

function explainReadError(path: string, error: unknown): FoveaError {
  const cause = { cause: error };
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
    case "ENOTDIR":
      return new FoveaError(
        "picture-missing",
        `Picture \`${path}\` does not exist: check the path and the spelling.`,
        cause,
      );
    case "EISDIR":
      return new FoveaError(
        "picture-unreadable",
        `\`${path}\` is a folder, not a picture: name a file in it.`,
        cause,
      );
    case "EACCES":
    case "EPERM":
      return new FoveaError(
        "picture-unreadable",
        `Picture \`${path}\` may not be read by this user: change its permissions.`,
        cause,
      );
    default:
      return new FoveaError(
        "picture-unreadable",
        `Picture \`${path}\` cannot be read (${messageOf(error)}).`,
        cause,
      );
  }
}
