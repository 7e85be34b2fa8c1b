import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { FoveaError, makeFolder, realPath, writeOutput } from "../../core/index.ts";
import type { Database } from "./database.ts";
import { explainFailure, galleryUnwritable } from "./database-errors.ts";
import { type FolderLock, lockFolder } from "./folder-lock.ts";
import { galleryMissing, galleryNewer } from "./gallery-errors.ts";
import { openPglite } from "./pglite-database.ts";

/** Tells a gallery's folder from others, and whole ones from those whose making was interrupted. */
interface Marker {
  fovea: "face gallery";
  version: 1;
  state: "unfinished" | "ready";
}

const MARKER = "gallery.json";
const LOCK = "lock";
const DATABASE = "postgres";

/** A gallery's folder, locked for this process. */
export interface OpenFolder {
  database: Database;
  /** To be called when the tables are there. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the database of a gallery's folder: `gallery.json`, the lock, and PostgreSQL's files in `postgres`.
 * @throws FoveaError `gallery-missing`, `gallery-foreign`, `gallery-newer`, `gallery-in-use`, `gallery-unwritable`,
 * `gallery-full`, `gallery-unreadable`
 */
export async function openFolder(
  folder: string,
  { create, waitMs }: { create: boolean; waitMs: number },
): Promise<OpenFolder> {
  try {
    await requireGallery(folder, create);
    // Encodings are personal data: other users of the machine have no business here.
    await makeFolder(folder, 0o700).catch((error) => {
      // Thus `/proc` says that nothing can be made there.
      throw error.code === "ENOENT" ? galleryUnwritable(folder, error) : error;
    });
    const lock = await lockFolder(join(folder, LOCK), folder, waitMs);
    try {
      return await openLocked(folder, create, lock);
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (error) {
    throw explainFailure(error, folder);
  }
}

async function openLocked(folder: string, create: boolean, lock: FolderLock): Promise<OpenFolder> {
  const path = join(folder, DATABASE);
  const isReady = (await requireGallery(folder, create)) === "ready";
  if (!isReady) {
    await rm(path, { recursive: true, force: true });
    await writeMarker(folder, "unfinished");
    await mkdir(path, { mode: 0o700 });
  }
  const database = await openPglite(path, folder);
  return {
    database,
    finish: async () => {
      if (!isReady) await writeMarker(folder, "ready");
    },
    close: async () => {
      try {
        await database.close();
      } finally {
        await lock.release();
      }
    },
  };
}

/**
 * Refuses to write among a gallery's own files.
 * @throws FoveaError `output-is-input`
 */
export function keepFolder(folder: string, output: string): void {
  const way = relative(realPath(folder), realPath(output));
  if (way.split(sep)[0] === ".." || isAbsolute(way)) return;
  throw new FoveaError(
    "output-is-input",
    `\`${output}\` lies in the folder of gallery \`${folder}\`, among the files of its database; name a file elsewhere.`,
  );
}

/** Reads what is in a folder: a gallery, one that is not finished, or nothing at all. */
async function requireGallery(folder: string, create: boolean): Promise<"ready" | "unfinished" | "empty"> {
  const state = await stateOf(folder);
  if (state !== "ready" && !create) throw galleryMissing(folder);
  return state;
}

async function stateOf(folder: string): Promise<"ready" | "unfinished" | "empty"> {
  const info = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error.code === "ENOTDIR" ? foreign(folder, "a part of the path is a file") : error;
  });
  if (!info) return "empty";
  if (!info.isDirectory()) throw foreign(folder, "it is a file");
  // A process that is killed may leave drafts of the lock and of the marker.
  const isDraft = (name: string) => name.startsWith(LOCK) || name.startsWith(`${MARKER}.`);
  const names = (await readdir(folder)).filter((name) => !isDraft(name));
  if (names.length === 0) return "empty";
  if (!names.includes(MARKER)) throw foreign(folder, `it holds something else, \`${names[0]}\``);
  return (await readMarker(folder)).state;
}

async function readMarker(folder: string): Promise<Marker> {
  let marker: Partial<Marker>;
  try {
    marker = JSON.parse(await readFile(join(folder, MARKER), "utf8"));
  } catch {
    marker = {};
  }
  if (marker.fovea !== "face gallery") throw foreign(folder, `its \`${MARKER}\` is not a gallery's`);
  if (marker.version !== 1) throw galleryNewer(folder, Number(marker.version));
  return marker as Marker;
}

async function writeMarker(folder: string, state: Marker["state"]): Promise<void> {
  const marker: Marker = { fovea: "face gallery", version: 1, state };
  await writeOutput(join(folder, MARKER), `${JSON.stringify(marker)}\n`);
}

function foreign(folder: string, why: string): FoveaError {
  return new FoveaError(
    "gallery-foreign",
    `\`${folder}\` is no gallery: ${why}; name an empty folder, or one that does not exist.`,
  );
}
