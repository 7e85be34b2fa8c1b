import { sealedColumn } from "./encoding-column.ts";
import { facePages } from "./face-pages.ts";
import { requireKeyVersion } from "./gallery-errors.ts";
import type { GalleryTables } from "./gallery-tables.ts";
import type { Seal } from "./sealing.ts";
import { FACE_TABLES, lockState } from "./tables.ts";

/** What was sealed anew. */
export interface Resealed {
  /** The tables as they are to be read from now on. */
  tables: GalleryTables;
  faces: number;
}

/**
 * Seals all encodings anew, or none.
 * @param seal with the new key
 */
export function resealFaces(tables: GalleryTables, seal: Seal): Promise<Resealed> {
  return tables.database.transaction(async (queries) => {
    const state = await lockState(queries);
    requireKeyVersion(tables.title, state, tables.keyVersion);
    const column = sealedColumn(seal, tables.title);
    const keyVersion = (tables.keyVersion ?? 0) + 1;
    for await (const page of facePages(queries, tables)) {
      const faces = page.map(({ id, encoding, ...context }) => ({
        id,
        encoding: column.write(encoding, context),
      }));
      await queries.query(
        `UPDATE fovea_faces SET encoding = ${column.ofText("new.encoding")}, key_version = $2
         FROM json_to_recordset($1::json) AS new(id bigint, encoding text) WHERE fovea_faces.id = new.id`,
        [JSON.stringify(faces), keyVersion],
      );
    }
    await queries.query(
      `UPDATE fovea_gallery SET key_version = $1, key_check = decode($2, 'base64'),
         removals = removals + 1, erase_from = erase_from || $3::text[]`,
      [keyVersion, seal.makeCheck().toString("base64"), FACE_TABLES],
    );
    return { tables: { ...tables, column, keyVersion }, faces: state.faces };
  });
}
