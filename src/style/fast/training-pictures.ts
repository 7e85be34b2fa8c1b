import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { FoveaError } from "../../core/index.ts";
import { listPictures } from "../../image/index.ts";

/**
 * Paths of the pictures to learn on.
 * @throws FoveaError `dataset-empty`, and what `listPictures` throws
 */
export async function pictureFiles(data: string | readonly string[]): Promise<string[]> {
  const files = await listPictures(typeof data === "string" ? [data] : data, { recursive: true });
  if (files.length > 0) return files;
  throw new FoveaError(
    "dataset-empty",
    `\`${data}\` holds no pictures to learn on; name a folder of photographs.`,
  );
}

/**
 * Says whether a run that is resumed has the same style and pictures: by the style's pixels, and by each file's size and
 * its path below the folder that all are in, which itself may have been moved.
 */
export async function fingerprintPictures(style: Float32Array, files: readonly string[]): Promise<string> {
  const hash = createHash("sha256").update(new Uint8Array(style.buffer, style.byteOffset, style.byteLength));
  const paths = files.map((file) => resolve(file));
  const folder = commonFolder(paths);
  const sizes = await Promise.all(paths.map(sizeOfFile));
  for (const [i, path] of paths.entries())
    hash.update(`${relative(folder, path).replaceAll(sep, "/")} ${sizes[i]}\n`);
  return hash.digest("hex").slice(0, 16);
}

function commonFolder(paths: readonly string[]): string {
  let folder = dirname(paths[0]);
  for (const path of paths) while (!isBelow(path, folder)) folder = dirname(folder);
  return folder;
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep) || dirname(folder) === folder;
}

/** In bytes; 0 of what cannot be looked at, which training tells of. */
async function sizeOfFile(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
