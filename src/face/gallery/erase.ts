import type { Database } from "./database.ts";
import { readState } from "./tables.ts";

/**
 * Removes the bytes of rows that are gone. PostgreSQL keeps deleted rows in their pages, and what was ever written in
 * its log. Rewriting the tables (`VACUUM FULL`) leaves the living rows only, in new files with new indexes; then the
 * log goes on to a new segment, and the old ones are deleted, not used again.
 *
 * May be interrupted: the gallery remembers that it must be done until it is.
 */
export async function eraseRemoved(database: Database): Promise<void> {
  const { eraseFrom, removals } = await readState(database);
  if (eraseFrom.length === 0) return;
  for (const table of [...new Set(eraseFrom), "fovea_gallery"])
    await database.query(`VACUUM (FULL) ${table}`);
  await database.discardLog();
  // Somebody may have removed more meanwhile.
  await database.query("UPDATE fovea_gallery SET erase_from = '{}' WHERE removals = $1", [removals]);
}
