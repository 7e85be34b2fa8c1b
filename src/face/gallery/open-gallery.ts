import { resolve } from "node:path";
import { FoveaError } from "../../core/index.ts";
import type { EncoderSetup } from "../encoder-model.ts";
import type { Database } from "./database.ts";
import { type EncodingColumn, sealedColumn, vectorColumn } from "./encoding-column.ts";
import { requireSameModel } from "./gallery-errors.ts";
import { openFolder } from "./gallery-folder.ts";
import { gallerySource } from "./gallery-source.ts";
import type { IndexOptions } from "./nearest-index.ts";
import { openPostgres } from "./postgres-database.ts";
import { type GalleryKey, Seal } from "./sealing.ts";
import { type GalleryState, type NewGallery, openTables } from "./tables.ts";

/** How to open a gallery. */
export interface GalleryOptions extends IndexOptions {
  /**
   * Who makes the encodings. Needed to make a gallery, to enroll and to identify; without it people can be listed and
   * forgotten.
   */
  encoder?: EncoderSetup;
  /** Whether to make the gallery where there is none, for `encoder`; default no. */
  create?: boolean;
  /** Encrypts and opens the encodings of an encrypted gallery; another does not need it. */
  key?: GalleryKey;
  /**
   * Makes the encodings of a new gallery encrypted, with `key`; must be said where a key is given, else no. Cannot be
   * changed afterwards.
   */
  encrypt?: boolean;
  /** "memory" keeps all encodings in memory and searches there, exactly; default in the database. */
  search?: "database" | "memory";
  /** How long to wait for another process that has the folder open, or for the server; default 10 s. */
  waitMs?: number;
}

/** What is open. */
export interface OpenedGallery {
  database: Database;
  title: string;
  /** Where its files are; undefined on a server. */
  folder: string | undefined;
  state: GalleryState;
  column: EncodingColumn;
  close(): Promise<void>;
}

const WAIT_MS = 10_000;

/** Opens or makes a gallery's database and tables, and checks that encoder and key are the gallery's. */
export async function openGallery(source: string, options: GalleryOptions): Promise<OpenedGallery> {
  const { encoder, create = false, key, encrypt = false, waitMs = WAIT_MS } = options;
  const place = gallerySource(source);
  const { title } = place;
  if (create && !encoder) {
    throw new FoveaError(
      "gallery-encoder-missing",
      `Gallery \`${title}\` cannot be made without \`encoder\`: say which net's encodings it shall hold.`,
    );
  }
  if (create && encrypt && !key) throw keyMissing(title);
  const isUnsaid = encryptionIsUnsaid(options);
  const make = create && encoder && !isUnsaid ? { encoder, key: encrypt ? key : undefined } : undefined;
  try {
    return await openPlace(place, make, options, waitMs);
  } catch (error) {
    if (create && isUnsaid && (error as { code?: unknown }).code === "gallery-missing") {
      throw encryptionUnsaid(title);
    }
    throw error;
  }
}

/**
 * Refuses to make a gallery anew of which it is not said how it is to be kept, or whose key is missing.
 * @throws FoveaError `gallery-key-missing`, `gallery-encryption-unsaid`
 */
export function requireNewGallery(source: string, options: Pick<GalleryOptions, "key" | "encrypt">): void {
  const { title } = gallerySource(source);
  if (options.encrypt && !options.key) throw keyMissing(title);
  if (encryptionIsUnsaid(options)) throw encryptionUnsaid(title);
}

/** Whoever gives a key expects encryption; only a gallery that is there already has decided that. */
function encryptionIsUnsaid({ key, encrypt }: Pick<GalleryOptions, "key" | "encrypt">): boolean {
  return key !== undefined && encrypt === undefined;
}

async function openPlace(
  place: ReturnType<typeof gallerySource>,
  make: NewGallery | undefined,
  options: GalleryOptions,
  waitMs: number,
): Promise<OpenedGallery> {
  const { title } = place;
  const folder = place.kind === "folder" ? resolve(place.path) : undefined;
  const { encoder } = options;
  const { database, finish, close } =
    place.kind === "folder"
      ? await openFolder(place.path, { create: make !== undefined, waitMs })
      : await openServer(place, waitMs);
  try {
    const state = await openTables(database, title, make);
    if (encoder) requireSameModel(`Gallery \`${title}\``, state.encoder, encoder);
    const column = columnOf(state, title, options);
    await finish();
    return { database, title, folder, state, column, close };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
}

async function openServer({ url, title }: { url: string; title: string }, waitMs: number) {
  const database = await openPostgres(url, title, waitMs);
  return { database, finish: async () => {}, close: () => database.close() };
}

function columnOf(
  { id, keyCheck }: GalleryState,
  title: string,
  { key, encrypt }: GalleryOptions,
): EncodingColumn {
  if (!keyCheck) {
    if (!encrypt) return vectorColumn;
    throw new FoveaError(
      "gallery-not-encrypted",
      `Gallery \`${title}\` is there and is not encrypted, which is decided when it is made; export it, and import the file into a new gallery that is.`,
    );
  }
  if (!key) throw keyMissing(title);
  const seal = new Seal(key, id);
  if (seal.passes(keyCheck)) return sealedColumn(seal, title);
  throw new FoveaError(
    "gallery-key-wrong",
    `The key does not open gallery \`${title}\`; give the one that it was made with, or last changed to.`,
  );
}

function encryptionUnsaid(title: string): FoveaError {
  return new FoveaError(
    "gallery-encryption-unsaid",
    `Gallery \`${title}\` would be made new, and there is a key: say with --encrypt (\`encrypt: true\`) that its encodings are to be encrypted, or with --plain (\`encrypt: false\`) that they are not.`,
  );
}

function keyMissing(title: string): FoveaError {
  return new FoveaError(
    "gallery-key-missing",
    `Gallery \`${title}\` is encrypted, and there is no key: give it in a file, or in the environment variable FOVEA_GALLERY_KEY; make a new one with \`openssl rand -hex 32\`.`,
  );
}
