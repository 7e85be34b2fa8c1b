import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { extname, join, relative, resolve, sep } from "node:path";
import { FoveaError, Random, realPath } from "../../core/index.ts";
import { indexTar, type PictureBytes, readPictureBytes } from "../../data/index.ts";
import { decodePicture, listPictures, PICTURE_EXTENSIONS, type Picture } from "../../image/index.ts";

/** Pictures to look through: named, and decoded when asked for. */
export interface DataPictures {
  /** Names, unique, in the order in which they are looked through. */
  readonly names: readonly string[];
  /** SHA-256 (hex) over the names in their order. */
  readonly fingerprint: string;
  /** Decodes one. Throws what `decodePicture` throws. */
  open(index: number): Promise<Picture>;
}

/**
 * All pictures of a folder and what is below it, of a tar file, of a folder of tar files, or one picture. So data sets
 * of every layout can be looked through, whatever is known of their labels. They come in an order drawn by the seed:
 * the first thousand stand for all.
 *
 * @param limit at most so many
 * @param without folders that are left out with all below them: what an inspection itself writes is no data
 * @throws FoveaError `dataset-missing`, `dataset-empty`, `tar-unreadable`
 */
export async function openDataPictures(
  path: string,
  {
    seed = 0,
    limit = Number.POSITIVE_INFINITY,
    without = [],
  }: { seed?: number; limit?: number; without?: readonly string[] } = {},
): Promise<DataPictures> {
  const found = await listAll(path, without);
  if (found.length === 0) {
    throw new FoveaError(
      "dataset-empty",
      `\`${path}\` has no pictures (${PICTURE_EXTENSIONS.join(", ")}): give a folder or a .tar of some.`,
    );
  }
  const chosen = new Random(seed, 0x1d5).shuffle(found).slice(0, limit);
  const names = chosen.map(({ name }) => name);
  return {
    names,
    fingerprint: createHash("sha256").update(JSON.stringify(names)).digest("hex"),
    async open(index) {
      return decodePicture(await readPictureBytes(chosen[index].bytes));
    },
  };
}

interface Found {
  name: string;
  bytes: PictureBytes;
}

async function listAll(path: string, without: readonly string[]): Promise<Found[]> {
  const entry = await stat(path).catch(() => undefined);
  if (!entry) {
    throw new FoveaError(
      "dataset-missing",
      `There is no file or folder \`${path}\`: check the path and the spelling.`,
    );
  }
  if (extname(path).toLowerCase() === ".tar") return listTar(path);
  if (!entry.isDirectory()) return [{ name: path, bytes: { file: resolve(path) } }];
  const files = await listFolder(path, without);
  if (files.length > 0) return files;
  const tars = (await readdir(path)).filter((name) => extname(name).toLowerCase() === ".tar").sort();
  const parts = await Promise.all(
    tars.map(async (tar) =>
      (await listTar(join(path, tar))).map((found) => ({ ...found, name: `${tar}/${found.name}` })),
    ),
  );
  return parts.flat();
}

async function listFolder(path: string, without: readonly string[]): Promise<Found[]> {
  const files = await listPictures([path], { recursive: true }).catch((error: unknown) => {
    if (error instanceof FoveaError && error.code === "folder-empty") return [];
    throw error;
  });
  const root = realPath(path);
  const closed = without.map((folder) => realPath(folder) + sep);
  return files
    .map((file) => ({ name: relative(path, file), bytes: { file: resolve(file) } }))
    .filter(({ name }) => !closed.some((folder) => join(root, name).startsWith(folder)))
    .map(({ name, bytes }) => ({ name: name.replaceAll("\\", "/"), bytes }));
}

async function listTar(path: string): Promise<Found[]> {
  return (await indexTar(path))
    .filter(({ path: inside }) => PICTURE_EXTENSIONS.includes(extname(inside).toLowerCase()))
    .filter(({ path: inside }) => !inside.split("/").some((part) => part.startsWith(".") && part !== "."))
    .map(({ path: inside, offset, length }) => ({
      name: inside.replace(/^(\.?\/)+/, ""),
      bytes: { file: resolve(path), offset, length },
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
