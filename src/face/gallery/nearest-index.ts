import type { Database } from "./database.ts";
import { type GalleryState, INDEXED_SIZE, lockState, readState } from "./tables.ts";

/**
 * Faces from which on an HNSW index (Malkov & Yashunin 2018) is kept. Comparing with all is exact, costs about .8 µs a
 * face in PGlite and no upkeep; the index answers in 10 to 20 ms however many there are, but costs .5 ms for each face.
 */
const INDEX_FROM = 20_000;

/** pgvector's own defaults: neighbours of a node, and candidates when a node is put in. */
const LINKS = 16;
const BUILD_CANDIDATES = 64;

/** Most memory that building may take, in bytes; beyond, pgvector goes on more slowly on disk. */
const MOST_MEMORY = 2 ** 30;

/** When an index is made. */
export interface IndexOptions {
  /** Faces from which on HNSW answers, not an exact search; default 20,000. */
  indexFrom?: number;
  /** Hears that an index over so many faces is made, which takes about half a second for each 1,000 in a folder. */
  onIndex?: (faces: number) => void;
}

/** Makes the index where the gallery is large enough and has none. */
export async function ensureIndex(
  database: Database,
  { indexFrom = INDEX_FROM, onIndex }: IndexOptions,
): Promise<void> {
  if (!lacksIndex(await readState(database), indexFrom)) return;
  await database.transaction(async (queries) => {
    const state = await lockState(queries);
    if (!lacksIndex(state, indexFrom)) return; // another process was quicker
    const { faces, encoder } = state;
    onIndex?.(faces);
    const memory = Math.min(MOST_MEMORY, faces * (4 * encoder.size + 100 * LINKS));
    await queries.query(
      `SELECT set_config('maintenance_work_mem',
         (greatest($1::bigint, pg_size_bytes(current_setting('maintenance_work_mem'))) / 1024)::text, true)`,
      [memory],
    );
    await queries.query(
      `CREATE INDEX fovea_faces_nearest ON fovea_faces USING hnsw (encoding vector_l2_ops)
       WITH (m = ${LINKS}, ef_construction = ${BUILD_CANDIDATES})`,
    );
    await queries.query("UPDATE fovea_gallery SET has_index = true");
  });
}

function lacksIndex({ faces, hasIndex, encoder, keyVersion }: GalleryState, indexFrom: number): boolean {
  return !hasIndex && keyVersion === undefined && faces >= indexFrom && encoder.size <= INDEXED_SIZE;
}

/** Takes the index away where the gallery has become so small that it does not pay. */
export async function dropNeedlessIndex(
  database: Database,
  { indexFrom = INDEX_FROM }: IndexOptions,
): Promise<void> {
  const isNeedless = ({ faces, hasIndex }: GalleryState) => hasIndex && faces < indexFrom / 2;
  if (!isNeedless(await readState(database))) return;
  await database.transaction(async (queries) => {
    if (!isNeedless(await lockState(queries))) return;
    await queries.query("DROP INDEX fovea_faces_nearest");
    await queries.query("UPDATE fovea_gallery SET has_index = false");
  });
}
