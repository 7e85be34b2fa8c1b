import type { Queries } from "./database.ts";
import type { GalleryTables } from "./gallery-tables.ts";

/** A face as it is stored, with its encoding. */
export interface StoredFace {
  id: number;
  name: string;
  digest: string;
  place: string;
  encoding: Float32Array;
}

interface FaceRow extends Record<string, unknown> {
  id: number | string;
  name: string;
  digest: string;
  place: string;
  encoding: string;
}

const PAGE = 2000;

/** Reads faces in the order in which they were enrolled, a page at a time, from after the face `after` on. */
export async function* facePages(
  queries: Queries,
  { column }: GalleryTables,
  after = 0,
): AsyncGenerator<StoredFace[]> {
  let last = after;
  for (;;) {
    const rows = await queries.query<FaceRow>(
      `SELECT face.id, name, picture_digest AS digest, place, ${column.asText} AS encoding
       FROM (SELECT * FROM fovea_faces WHERE id > $1 ORDER BY id LIMIT ${PAGE}) AS face
       JOIN fovea_people ON fovea_people.id = face.person
       ORDER BY face.id`,
      [last],
    );
    if (rows.length === 0) return;
    yield rows.map(({ id, name, digest, place, encoding }) => ({
      id: Number(id),
      name,
      digest,
      place,
      encoding: column.read(encoding, { name, digest, place }),
    }));
    last = Number(rows.at(-1)!.id);
  }
}
