import { randomUUID } from "node:crypto";
import { FoveaError } from "../../core/index.ts";
import type { EncoderSetup } from "../encoder-model.ts";
import type { Database, Queries } from "./database.ts";
import { galleryMissing, galleryNewer, galleryOlder } from "./gallery-errors.ts";
import { type GalleryKey, Seal } from "./sealing.ts";

/** Of the tables; a gallery with another one is refused. */
const SCHEMA_VERSION = 2;

/** Dimensions of the largest `vector` that pgvector makes an HNSW index of. */
export const INDEXED_SIZE = 2000;

/** The one row of `fovea_gallery`. */
export interface GalleryState {
  id: string;
  encoder: EncoderSetup;
  createdAt: Date;
  people: number;
  faces: number;
  /** Grows with every change but removals. */
  additions: number;
  /** Grows with every change after which rows that were read before no longer hold. */
  removals: number;
  hasIndex: boolean;
  /** Tables from which rows were removed whose bytes may still be on the disk. */
  eraseFrom: string[];
  /** Counts the keys that there were; nothing where encodings are not encrypted. */
  keyVersion: number | undefined;
  keyCheck: Uint8Array | undefined;
}

/**
 * Faces lie in so many tables, by their person, that one who is forgotten costs the rewriting of a part only, with its
 * part of the index. More parts would make each search dearer, which looks into all of them.
 */
const PARTS = 4;

/** The tables in which faces are. */
export const FACE_TABLES: readonly string[] = Array.from({ length: PARTS }, (_, i) => `fovea_faces_${i}`);

/** All tables with rows. */
export const TABLES: readonly string[] = ["fovea_gallery", "fovea_people", ...FACE_TABLES];

/**
 * ANALYZE would copy values of people and faces into `pg_statistic`, where they outlive their rows: it is told to leave
 * these columns out.
 */
const createStatements = (encodingType: string): string[] => [
  `CREATE TABLE fovea_gallery (
     only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
     id uuid NOT NULL,
     schema_version integer NOT NULL,
     encoder_name text NOT NULL,
     encoder_digest text NOT NULL,
     encoder_size integer NOT NULL,
     encoder_mirror boolean NOT NULL,
     created_at timestamptz NOT NULL DEFAULT now(),
     people bigint NOT NULL DEFAULT 0,
     faces bigint NOT NULL DEFAULT 0,
     additions bigint NOT NULL DEFAULT 0,
     removals bigint NOT NULL DEFAULT 0,
     has_index boolean NOT NULL DEFAULT false,
     erase_from text[] NOT NULL DEFAULT '{}',
     key_version integer,
     key_check bytea
   )`,
  `CREATE TABLE fovea_people (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     name text COLLATE "C" NOT NULL UNIQUE,
     metadata jsonb NOT NULL,
     enrolled_at timestamptz NOT NULL
   )`,
  "CREATE SEQUENCE fovea_face_ids",
  `CREATE TABLE fovea_faces (
     id bigint NOT NULL DEFAULT nextval('fovea_face_ids'),
     person bigint NOT NULL REFERENCES fovea_people,
     picture_digest text COLLATE "C" NOT NULL,
     picture_source text,
     place text COLLATE "C" NOT NULL,
     box jsonb,
     quality jsonb,
     enrolled_at timestamptz NOT NULL,
     key_version integer,
     encoding ${encodingType} NOT NULL,
     UNIQUE (person, picture_digest, place)
   ) PARTITION BY HASH (person)`,
  ...FACE_TABLES.map(
    (table, i) =>
      `CREATE TABLE ${table} PARTITION OF fovea_faces FOR VALUES WITH (MODULUS ${PARTS}, REMAINDER ${i})`,
  ),
  "CREATE INDEX fovea_faces_by_id ON fovea_faces (id)",
  ...["name", "metadata"].map((column) => `ALTER TABLE fovea_people ALTER ${column} SET STATISTICS 0`),
  ...["picture_digest", "picture_source", "place", "box", "quality", "encoding"].map(
    (column) => `ALTER TABLE fovea_faces ALTER ${column} SET STATISTICS 0`,
  ),
];

/** What a new gallery is made for. */
export interface NewGallery {
  encoder: EncoderSetup;
  key?: GalleryKey;
}

/**
 * Reads the state of a gallery; makes the tables where there are none and `create` says of what.
 * @throws FoveaError `gallery-missing`, `gallery-newer`, `gallery-older`, `gallery-without-pgvector`
 */
export async function openTables(
  database: Database,
  title: string,
  create: NewGallery | undefined,
): Promise<GalleryState> {
  if (!(await haveTables(database))) {
    if (!create) throw galleryMissing(title);
    if (!create.key) await createExtension(database, title);
    await createTables(database, create);
  }
  const [{ schema_version: version }] = await database.query<{ schema_version: number }>(
    "SELECT schema_version FROM fovea_gallery",
  );
  if (version > SCHEMA_VERSION) throw galleryNewer(title, version);
  if (version < SCHEMA_VERSION) throw galleryOlder(title, version);
  return readState(database);
}

/** Reads the catalogue itself: `to_regclass` may answer from a cache that does not know what was committed meanwhile. */
async function haveTables(queries: Queries): Promise<boolean> {
  const [{ found }] = await queries.query<{ found: boolean }>(
    "SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'fovea_gallery' AND pg_table_is_visible(oid)) AS found",
  );
  return found;
}

async function createExtension(database: Database, title: string): Promise<void> {
  try {
    await database.query("CREATE EXTENSION IF NOT EXISTS vector");
  } catch (cause) {
    if (await hasVectors(database)) return; // another process was quicker
    throw new FoveaError(
      "gallery-without-pgvector",
      `The server of gallery \`${title}\` has no pgvector (${reasonOf(cause)}); have its administrator install the package and run \`CREATE EXTENSION vector\` in this database, or keep the gallery in a folder.`,
      { cause },
    );
  }
}

async function hasVectors(database: Database): Promise<boolean> {
  return (await database.query("SELECT 1 FROM pg_extension WHERE extname = 'vector'")).length > 0;
}

function reasonOf(error: unknown): string {
  const { cause } = error as Error;
  return (cause instanceof Error ? cause : (error as Error)).message.replace(/[.\n].*$/s, "");
}

/** Several processes may want to at once: the first does, the others find the tables. */
async function createTables(database: Database, { encoder, key }: NewGallery): Promise<void> {
  await database.transaction(async (queries) => {
    await queries.query("SELECT pg_advisory_xact_lock(hashtext('fovea_gallery'))");
    if (await haveTables(queries)) return;
    const id = randomUUID();
    const type = key ? "bytea" : `vector(${encoder.size})`;
    for (const statement of createStatements(type)) await queries.query(statement);
    await queries.query(
      `INSERT INTO fovea_gallery
         (id, schema_version, encoder_name, encoder_digest, encoder_size, encoder_mirror, key_version, key_check)
       VALUES ($1, $2, $3, $4, $5, $6, $7, decode($8, 'base64'))`,
      [
        id,
        SCHEMA_VERSION,
        encoder.name,
        encoder.digest,
        encoder.size,
        encoder.mirror,
        key ? 1 : null,
        key ? new Seal(key, id).makeCheck().toString("base64") : null,
      ],
    );
  });
}

interface StateRow extends Record<string, unknown> {
  id: string;
  encoder_name: string;
  encoder_digest: string;
  encoder_size: number;
  encoder_mirror: boolean;
  created_at: Date;
  people: number | string;
  faces: number | string;
  additions: number | string;
  removals: number | string;
  has_index: boolean;
  erase_from: string[];
  key_version: number | null;
  key_check: Uint8Array | null;
}

/** The state as it is now. */
export function readState(queries: Queries): Promise<GalleryState> {
  return stateOf(queries, "SELECT * FROM fovea_gallery");
}

/**
 * The state, which nobody else can change until the transaction ends. Whoever writes takes this lock first: writers
 * take turns, so that nothing is enrolled twice and identifiers grow in the order of commits.
 */
export function lockState(queries: Queries): Promise<GalleryState> {
  return stateOf(queries, "SELECT * FROM fovea_gallery FOR UPDATE");
}

async function stateOf(queries: Queries, statement: string): Promise<GalleryState> {
  const [row] = await queries.query<StateRow>(statement);
  return {
    id: row.id,
    encoder: {
      name: row.encoder_name,
      digest: row.encoder_digest,
      size: row.encoder_size,
      mirror: row.encoder_mirror,
    },
    createdAt: row.created_at,
    people: Number(row.people),
    faces: Number(row.faces),
    additions: Number(row.additions),
    removals: Number(row.removals),
    hasIndex: row.has_index,
    eraseFrom: row.erase_from,
    keyVersion: row.key_version ?? undefined,
    keyCheck: row.key_check ?? undefined,
  };
}
