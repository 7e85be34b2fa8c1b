import type { Database } from "./database.ts";
import { dropIndex } from "./nearest-index.ts";
import { readState } from "./tables.ts";

/**
 * Removes the bytes of rows that are gone. PostgreSQL keeps deleted rows in their pages, and what was ever written in
 * its log. Rewriting the tables (`VACUUM FULL`) leaves the living rows only, in new files with new indexes; then the
 * log goes on to a new segment, and the old ones are deleted, not used again.
 *
 * May be interrupted: the gallery remembers that it must be done until it is.
 */
export async function eraseRemoved(database: Database): Promise<void> {
  const { mustErase, removals } = await readState(database);
  if (!mustErase) return;
  await dropIndex(database);
  for (const table of ["fovea_faces", "fovea_people", "fovea_gallery"]) {
    await database.query(`VACUUM (FULL) ${table}`);
  }
  await database.discardLog();
  // Somebody may have removed more meanwhile.
  await database.query("UPDATE fovea_gallery SET must_erase = false WHERE removals = $1", [removals]);
}
