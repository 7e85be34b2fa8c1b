import type { Queries } from "./database.ts";
import { vectorLiteral } from "./encoding-column.ts";
import { facePages } from "./face-pages.ts";
import { requireKeyVersion } from "./gallery-errors.ts";
import type { GalleryTables } from "./gallery-tables.ts";
import { EncodingIndex } from "./memory-search.ts";
import { FACE_TABLES, readState } from "./tables.ts";

/** How a search was made: by comparing with all in the database or in memory, or through the index. */
export type GallerySearch = "exact" | "hnsw" | "memory";

/** A face near a probe. */
export interface NearFace {
  face: number;
  name: string;
  distance: number;
  digest: string;
  source: string | undefined;
}

/** What a search has found. */
export interface Found {
  /** For each probe, nearest first. */
  faces: NearFace[][];
  search: GallerySearch;
  /** Encodings that a probe was compared with; with "hnsw", candidates of which the nearest were taken. */
  compared: number;
}

/** Finds the nearest faces. */
export interface FaceSearch {
  nearest(probes: readonly Float32Array[], count: number): Promise<Found>;
  close(): Promise<void>;
}

interface NearRow extends Record<string, unknown> {
  face: number | string;
  name: string;
  distance: number;
  digest: string;
  source: string | null;
}

/** Least number of candidates that HNSW keeps in each part of the table. */
const LEAST_CANDIDATES = 200;
/** The most that pgvector allows. */
const MOST_CANDIDATES = 1000;
/** Candidates for each face that is asked for. */
const CANDIDATES_EACH = 4;

/**
 * Candidates for a search of so many faces: graphs that are larger need more for the same recall. Of the ten nearest,
 * more than .99 are then found among 100,000 clustered encodings (`bench/gallery.ts`).
 */
function candidatesFor(count: number, faces: number): number {
  const bySize = Math.min(MOST_CANDIDATES, Math.ceil((2 / 3) * Math.sqrt(faces)));
  return Math.max(LEAST_CANDIDATES, bySize, CANDIDATES_EACH * count);
}

/** Searches in the database. */
export class DatabaseSearch implements FaceSearch {
  readonly #tables: GalleryTables;

  constructor(tables: GalleryTables) {
    this.#tables = tables;
  }

  async nearest(probes: readonly Float32Array[], count: number): Promise<Found> {
    const { hasIndex, faces: compared } = await readState(this.#tables.database);
    const candidates = candidatesFor(count, compared);
    if (hasIndex && candidates <= MOST_CANDIDATES) {
      const faces = await this.#byIndex(probes, count, candidates);
      // The index passes over entries whose rows are gone.
      if (faces.every(({ length }) => length === count))
        return { faces, search: "hnsw", compared: candidates * FACE_TABLES.length };
    }
    const faces: NearFace[][] = [];
    // `l2_distance` is `<->` by a name that no index answers to.
    for (const probe of probes) {
      faces.push(await nearestBy(this.#tables.database, "l2_distance(encoding, $1::vector)", probe, count));
    }
    return { faces, search: "exact", compared };
  }

  async close(): Promise<void> {}

  #byIndex(probes: readonly Float32Array[], count: number, candidates: number): Promise<NearFace[][]> {
    return this.#tables.database.transaction(async (queries) => {
      await queries.query(
        "SELECT set_config('hnsw.ef_search', $1, true), set_config('enable_seqscan', 'off', true)",
        [`${candidates}`],
      );
      const faces: NearFace[][] = [];
      for (const probe of probes) {
        faces.push(await nearestBy(queries, "encoding <-> $1::vector", probe, count));
      }
      return faces;
    });
  }
}

async function nearestBy(
  queries: Queries,
  distance: string,
  probe: Float32Array,
  count: number,
): Promise<NearFace[]> {
  const rows = await queries.query<NearRow>(
    `SELECT near.id AS face, name, distance, picture_digest AS digest, picture_source AS source
     FROM (SELECT id, person, picture_digest, picture_source, ${distance} AS distance
           FROM fovea_faces ORDER BY ${distance} LIMIT $2) AS near
     JOIN fovea_people ON fovea_people.id = near.person
     ORDER BY distance, near.id`,
    [vectorLiteral(probe), count],
  );
  return rows.map((row) => nearFace(row, row.distance));
}

/** Searches in memory: keeps all encodings there, and follows what others do to the database. */
export class MemorySearch implements FaceSearch {
  readonly #tables: GalleryTables;
  readonly #size: number;
  #index: EncodingIndex;
  #additions = -1;
  #removals = -1;
  #last = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(tables: GalleryTables, size: number) {
    this.#tables = tables;
    this.#size = size;
    this.#index = new EncodingIndex(size);
  }

  async nearest(probes: readonly Float32Array[], count: number): Promise<Found> {
    const refreshed = this.#turn.then(() => this.#refresh());
    this.#turn = refreshed.catch(() => {});
    await refreshed;
    const found = await this.#index.search(probes, count);
    const faces = await this.#facesOf(found.flat().map(({ key }) => key));
    return {
      faces: found.map((neighbours) =>
        neighbours.flatMap(({ key, distance }) => {
          const row = faces.get(key); // forgotten meanwhile?
          return row ? [nearFace(row, distance)] : [];
        }),
      ),
      search: "memory",
      compared: this.#index.length,
    };
  }

  close(): Promise<void> {
    return this.#index.close();
  }

  async #refresh(): Promise<void> {
    const state = await readState(this.#tables.database);
    requireKeyVersion(this.#tables.title, state, this.#tables.keyVersion);
    if (state.removals !== this.#removals) {
      await this.#index.close();
      this.#index = new EncodingIndex(this.#size);
      this.#last = 0;
    } else if (state.additions === this.#additions) return;
    for await (const page of facePages(this.#tables.database, this.#tables, this.#last)) {
      for (const { id, encoding } of page) {
        this.#index.add(id, encoding);
        this.#last = id;
      }
    }
    this.#additions = state.additions;
    this.#removals = state.removals;
  }

  async #facesOf(ids: readonly number[]): Promise<Map<number, NearRow>> {
    const rows = await this.#tables.database.query<NearRow>(
      `SELECT fovea_faces.id AS face, name, picture_digest AS digest, picture_source AS source
       FROM fovea_faces JOIN fovea_people ON fovea_people.id = person
       WHERE fovea_faces.id = ANY($1::bigint[])`,
      [ids],
    );
    return new Map(rows.map((row) => [Number(row.face), row]));
  }
}

function nearFace({ face, name, digest, source }: NearRow, distance: number): NearFace {
  return { face: Number(face), name, distance, digest, source: source ?? undefined };
}
