import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { extname, join, relative, resolve } from "node:path";
import { FoveaError, Random } from "../../core/index.ts";
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
 * @throws FoveaError `dataset-missing`, `dataset-empty`, `tar-unreadable`
 */
export async function openDataPictures(
  path: string,
  { seed = 0, limit = Number.POSITIVE_INFINITY }: { seed?: number; limit?: number } = {},
): Promise<DataPictures> {
  const found = await listAll(path);
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

async function listAll(path: string): Promise<Found[]> {
  const entry = await stat(path).catch(() => undefined);
  if (!entry) {
    throw new FoveaError(
      "dataset-missing",
      `There is no file or folder \`${path}\`: check the path and the spelling.`,
    );
  }
  if (extname(path).toLowerCase() === ".tar") return listTar(path);
  if (!entry.isDirectory()) return [{ name: path, bytes: { file: resolve(path) } }];
  const files = await listPictures([path], { recursive: true }).catch((error: unknown) => {
    if (error instanceof FoveaError && error.code === "folder-empty") return [];
    throw error;
  });
  if (files.length > 0) {
    return files.map((file) => ({
      name: relative(path, file).replaceAll("\\", "/"),
      bytes: { file: resolve(file) },
    }));
  }
  const tars = (await readdir(path)).filter((name) => extname(name).toLowerCase() === ".tar").sort();
  const parts = await Promise.all(
    tars.map(async (tar) =>
      (await listTar(join(path, tar))).map((found) => ({ ...found, name: `${tar}/${found.name}` })),
    ),
  );
  return parts.flat();
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
