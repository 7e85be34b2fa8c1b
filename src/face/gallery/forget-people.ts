import { FoveaError } from "../../core/index.ts";
import type { GalleryTables } from "./gallery-tables.ts";
import { lockState } from "./tables.ts";

/** Deletes the rows of people, all or none; returns the number of faces. */
export function forgetPeople({ database, title }: GalleryTables, names: readonly string[]): Promise<number> {
  return database.transaction(async (queries) => {
    await lockState(queries);
    const people = await queries.query<{ id: number | string; name: string }>(
      "SELECT id, name FROM fovea_people WHERE name = ANY($1::text[])",
      [names],
    );
    const unknown = names.find((name) => !people.some((person) => person.name === name));
    if (unknown !== undefined) throw personUnknown(title, unknown);
    const ids = people.map(({ id }) => Number(id));
    const faces = await queries.query<{ part: string }>(
      "DELETE FROM fovea_faces WHERE person = ANY($1::bigint[]) RETURNING tableoid::regclass::text AS part",
      [ids],
    );
    await queries.query("DELETE FROM fovea_people WHERE id = ANY($1::bigint[])", [ids]);
    await queries.query(
      `UPDATE fovea_gallery
       SET people = people - $1, faces = faces - $2, removals = removals + 1, erase_from = erase_from || $3::text[]`,
      [people.length, faces.length, ["fovea_people", ...new Set(faces.map(({ part }) => part))]],
    );
    return faces.length;
  });
}

function personUnknown(title: string, name: string): FoveaError {
  return new FoveaError(
    "person-unknown",
    `Gallery \`${title}\` knows nobody called "${name}", so nobody was forgotten; names are case-sensitive.`,
  );
}
