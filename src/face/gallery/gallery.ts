import { FoveaError } from "../../core/index.ts";
import type { EncoderSetup } from "../encoder-model.ts";
import { type Enrolled, enrollPeople } from "./enroll-people.ts";
import { checkedEnrollment, checkedName, type Enrollment } from "./enrollment.ts";
import { eraseRemoved } from "./erase.ts";
import { type Exported, exportGallery } from "./export-gallery.ts";
import { DatabaseSearch, type FaceSearch, type GallerySearch, MemorySearch } from "./face-search.ts";
import { forgetPeople } from "./forget-people.ts";
import { keepFolder } from "./gallery-folder.ts";
import type { GalleryTables } from "./gallery-tables.ts";
import { readGalleryFile } from "./import-gallery.ts";
import { checkEncoding } from "./memory-search.ts";
import { dropNeedlessIndex, ensureIndex } from "./nearest-index.ts";
import { type Identification, nearestPeople } from "./nearest-people.ts";
import { type GalleryOptions, type OpenedGallery, openGallery } from "./open-gallery.ts";
import { knowsPicture, listPeople, type Person } from "./people.ts";
import { resealFaces } from "./rotate-key.ts";
import { type GalleryKey, Seal } from "./sealing.ts";
import { readState } from "./tables.ts";

/** People that are enrolled in one transaction by {@link Gallery.enrollAll}, where nothing else is asked for. */
const BATCH = 32;

/** Sums of many enrollments. */
export interface EnrolledAll {
  /** Enrollments: a name that comes twice counts twice. */
  people: number;
  /** Faces that are new, … */
  added: number;
  /** … and those that the gallery had already. */
  known: number;
}

/** What is known of a gallery. */
export interface GalleryStats {
  people: number;
  faces: number;
  encoder: EncoderSetup;
  isEncrypted: boolean;
  /** How it is searched now. */
  search: GallerySearch;
  createdAt: Date;
  /** On disk. */
  bytes: number;
}

/**
 * People, and encodings of their faces: enrolled, identified, forgotten. Lives in PostgreSQL with pgvector: embedded
 * (PGlite) in a folder, which one process at a time can open, or on a server.
 */
export class Gallery {
  /** Where it is, without a password. */
  readonly title: string;
  /** Whose encodings it holds. */
  readonly encoder: EncoderSetup;
  readonly #id: string;
  readonly #folder: string | undefined;
  readonly #options: GalleryOptions;
  readonly #close: () => Promise<void>;
  #closed: Promise<void> | undefined;
  #key: GalleryKey | undefined;
  #tables: GalleryTables;
  #search: FaceSearch;

  private constructor(opened: OpenedGallery, options: GalleryOptions) {
    const { database, title, folder, state, column, close } = opened;
    this.title = title;
    this.encoder = state.encoder;
    this.#id = state.id;
    this.#folder = folder;
    this.#options = options;
    this.#key = options.key;
    this.#close = close;
    this.#tables = { database, title, column, keyVersion: state.keyVersion };
    this.#search = this.#newSearch();
  }

  /**
   * Opens a gallery, or makes one.
   * @param source a folder, or a `postgres://` URL
   * @throws FoveaError `gallery-missing`, `gallery-foreign` for a folder of something else, `gallery-other-model`,
   * `gallery-encoder-missing`, `gallery-encryption-unsaid` for a new one with a key, `gallery-key-missing`,
   * `gallery-key-wrong`, `gallery-not-encrypted`, `gallery-in-use`, `gallery-newer`, `gallery-older`, `gallery-unreadable`; `gallery-address-invalid`, `gallery-unreachable`, `gallery-refused`,
   * `gallery-without-pgvector` of servers; `gallery-full` and `gallery-unwritable` of disks
   */
  static async open(source: string, options: GalleryOptions = {}): Promise<Gallery> {
    const gallery = new Gallery(await openGallery(source, options), options);
    try {
      // What an interrupted process has left to do.
      await gallery.#tidy();
    } catch (error) {
      await gallery.close();
      throw error;
    }
    return gallery;
  }

  /** Whether encodings are encrypted. */
  get isEncrypted(): boolean {
    return this.#tables.keyVersion !== undefined;
  }

  /**
   * Adds faces to a person, who is made if nobody has that name. A face that the person has already, by its picture's
   * digest and its place there, is not added again. All or nothing.
   * @throws FoveaError `name-invalid`, `encoding-invalid`, `enrollment-invalid`, `gallery-encoder-missing`,
   * `gallery-full`
   */
  async enroll(enrollment: Enrollment): Promise<Enrolled> {
    this.#requireEncoder("enroll");
    const [enrolled] = await enrollPeople(this.#tables, [checkedEnrollment(enrollment, this.encoder.size)]);
    await this.#ensureIndex();
    return enrolled;
  }

  /**
   * Enrolls many people, in transactions of `batch` people. Each is whole in the gallery or not at all, whenever it is
   * interrupted; done again, it adds what is missing. An index is made at the end.
   * @param options.onEnrolled hears what has been written
   * @throws FoveaError as {@link enroll}
   */
  async enrollAll(
    enrollments: Iterable<Enrollment> | AsyncIterable<Enrollment>,
    { batch = BATCH, onEnrolled }: { batch?: number; onEnrolled?: (enrolled: Enrolled) => void } = {},
  ): Promise<EnrolledAll> {
    this.#requireEncoder("enroll");
    const sums: EnrolledAll = { people: 0, added: 0, known: 0 };
    const waiting = new Map<string, Enrollment>();
    const write = async () => {
      if (waiting.size === 0) return;
      for (const enrolled of await enrollPeople(this.#tables, [...waiting.values()])) {
        sums.people++;
        sums.added += enrolled.added;
        sums.known += enrolled.known;
        onEnrolled?.(enrolled);
      }
      waiting.clear();
    };
    for await (const given of enrollments) {
      const enrollment = checkedEnrollment(given, this.encoder.size);
      if (waiting.has(enrollment.name)) await write();
      waiting.set(enrollment.name, enrollment);
      if (waiting.size >= batch) await write();
    }
    await write();
    await this.#ensureIndex();
    return sums;
  }

  /** Whether a person has a face of the picture with this digest. */
  hasPicture(digest: string, name: string): Promise<boolean> {
    return knowsPicture(this.#tables.database, digest, checkedName(name));
  }

  /**
   * Finds the people whose faces are nearest to a probe, each by the nearest face, nearest first. It knows no threshold:
   * there is always a nearest.
   * @param probes one encoding, or several that are searched for together
   * @param options.top people
   * @throws FoveaError `encoding-invalid`, `gallery-encoder-missing`, `argument-range`
   */
  identify(probe: Float32Array, options?: { top?: number }): Promise<Identification>;
  identify(probes: readonly Float32Array[], options?: { top?: number }): Promise<Identification[]>;
  async identify(
    probes: Float32Array | readonly Float32Array[],
    { top = 1 }: { top?: number } = {},
  ): Promise<Identification | Identification[]> {
    this.#requireEncoder("identify");
    if (!(Number.isInteger(top) && top >= 1)) {
      throw new FoveaError(
        "argument-range",
        `Gallery.identify: \`top\` (=${top}) must be a whole number from 1 on.`,
      );
    }
    const list = probes instanceof Float32Array ? [probes] : probes;
    for (const probe of list) checkEncoding(probe, this.encoder.size);
    const found = await nearestPeople(this.#search, list, top);
    return probes instanceof Float32Array ? found[0] : found;
  }

  /** All people, by name. */
  people(): Promise<Person[]> {
    return listPeople(this.#tables.database);
  }

  /** Numbers about the gallery. */
  async stats(): Promise<GalleryStats> {
    const { database } = this.#tables;
    const { people, faces, encoder, createdAt, hasIndex } = await readState(database);
    return {
      people,
      faces,
      encoder,
      createdAt,
      isEncrypted: this.isEncrypted,
      search: this.#searchesMemory ? "memory" : hasIndex ? "hnsw" : "exact",
      bytes: await database.diskBytes(),
    };
  }

  /**
   * Removes people: rows, entries of indexes, and what is left of them in free space and log. Afterwards no file of a
   * gallery's folder holds their names or encodings. Rewrites a part of the tables, and of the index, for each: name all
   * who are to be forgotten at once. Interrupted, it is finished when the gallery is opened next.
   *
   * On a server, what lies outside the tables is its administrator's: archived logs, replicas and backups, segments of
   * the log that are kept for them or used again (`wal_recycle`, `wal_keep_size`), and the checkpoint, where this user
   * may not ask for one. Rows that a transaction elsewhere can still see stay until it has ended.
   *
   * Blocks of a disk that a file has given back are the file system's; exported files are nobody's but yours.
   * @returns the number of faces that were removed
   * @throws FoveaError `person-unknown`, and then nobody is removed
   */
  async forget(names: string | readonly string[]): Promise<{ faces: number }> {
    const list = (typeof names === "string" ? [names] : names).map(checkedName);
    const faces = await forgetPeople(this.#tables, [...new Set(list)]);
    await this.#tidy();
    return { faces };
  }

  /**
   * Encrypts all encodings with another key, and removes what was encrypted with the old one.
   * @returns the number of encodings
   * @throws FoveaError `gallery-not-encrypted`, `gallery-key-same` where it is the key that they have
   */
  async rotateKey(key: GalleryKey): Promise<{ faces: number }> {
    if (!this.isEncrypted) {
      throw new FoveaError(
        "gallery-not-encrypted",
        `Gallery \`${this.title}\` is not encrypted, so it has no key to change; import its export into a new gallery with one.`,
      );
    }
    if (this.#key?.secret.equals(key.secret)) {
      throw new FoveaError(
        "gallery-key-same",
        `Gallery \`${this.title}\` is encrypted by this key already; make a new one with \`openssl rand -hex 32\`.`,
      );
    }
    const { tables, faces } = await resealFaces(this.#tables, new Seal(key, this.#id));
    this.#key = key;
    this.#tables = tables;
    await this.#search.close();
    this.#search = this.#newSearch();
    await this.#tidy();
    return { faces };
  }

  /**
   * Writes all people to a file that {@link importFrom} reads, of JSON lines. The encodings of an encrypted gallery are
   * encrypted in the file as well, with the same key.
   * @param options.plain writes them unencrypted
   * @throws FoveaError `output-unwritable`; `output-is-input` for a file in the gallery's own folder; `gallery-key-wrong`
   * where another process changed the key
   */
  async exportTo(path: string, { plain = false }: { plain?: boolean } = {}): Promise<Exported> {
    if (this.#folder !== undefined) keepFolder(this.#folder, path);
    const seal = this.isEncrypted && !plain ? new Seal(this.#key!, this.#id) : undefined;
    return exportGallery(this.#tables, path, seal);
  }

  /**
   * Adds the people of a file, each in a transaction; what the gallery has already is not added again.
   * @param options.key of an encrypted file; default the gallery's own
   * @throws FoveaError `gallery-file-unreadable`, `gallery-file-truncated`, `gallery-other-model`, `gallery-newer`, `gallery-older`,
   * `gallery-key-missing`, `gallery-key-wrong`; as {@link enroll}
   */
  importFrom(path: string, { key = this.#key }: { key?: GalleryKey } = {}): Promise<EnrolledAll> {
    return this.enrollAll(readGalleryFile(path, this.encoder, key), { batch: 1 });
  }

  /** Lets others have the gallery. */
  close(): Promise<void> {
    this.#closed ??= this.#search.close().finally(this.#close);
    return this.#closed;
  }

  get #searchesMemory(): boolean {
    return this.isEncrypted || this.#options.search === "memory";
  }

  #newSearch(): FaceSearch {
    return this.#searchesMemory
      ? new MemorySearch(this.#tables, this.encoder.size)
      : new DatabaseSearch(this.#tables);
  }

  async #tidy(): Promise<void> {
    await dropNeedlessIndex(this.#tables.database, this.#options);
    await eraseRemoved(this.#tables.database);
    await this.#ensureIndex();
  }

  #ensureIndex(): Promise<void> {
    return ensureIndex(this.#tables.database, this.#options);
  }

  #requireEncoder(what: string): void {
    if (this.#options.encoder) return;
    throw new FoveaError(
      "gallery-encoder-missing",
      `Gallery \`${this.title}\` was opened without an encoder, so it cannot ${what}: give the \`encoder\` that makes the encodings.`,
    );
  }
}
