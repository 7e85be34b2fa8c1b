import type { Queries } from "./database.ts";
import { type Enrollment, placeOf } from "./enrollment.ts";
import { requireKeyVersion } from "./gallery-errors.ts";
import type { GalleryTables } from "./gallery-tables.ts";
import { lockState } from "./tables.ts";

/** What an enrollment has changed. */
export interface Enrolled {
  name: string;
  /** Whether the gallery did not know the person before. */
  isNew: boolean;
  /** Faces that were added. */
  added: number;
  /** Faces that the gallery had already: of this person, in the same place of the same picture. */
  known: number;
}

/** Enrolls people whose names differ, all or none. */
export function enrollPeople(tables: GalleryTables, enrollments: readonly Enrollment[]): Promise<Enrolled[]> {
  return tables.database.transaction(async (queries) => {
    requireKeyVersion(tables.title, await lockState(queries), tables.keyVersion);
    const known = await peopleOf(queries, enrollments);
    const made = await addPeople(
      queries,
      enrollments.filter(({ name }) => !known.has(name)),
    );
    await addMetadata(
      queries,
      enrollments.filter(({ name }) => known.has(name)),
    );
    const people = new Map([...known, ...made]);
    const added = await addFaces(queries, tables, enrollments, people);
    const faces = [...added.values()].reduce((sum, count) => sum + count, 0);
    if (made.size + faces > 0) {
      await queries.query(
        "UPDATE fovea_gallery SET people = people + $1, faces = faces + $2, additions = additions + 1",
        [made.size, faces],
      );
    }
    return enrollments.map(({ name, faces }) => {
      const count = added.get(people.get(name)!) ?? 0;
      return { name, isNew: made.has(name), added: count, known: faces.length - count };
    });
  });
}

interface Person extends Record<string, unknown> {
  id: number | string;
  name: string;
}

const idsOf = (people: readonly Person[]) => new Map(people.map(({ id, name }) => [name, Number(id)]));

async function peopleOf(queries: Queries, enrollments: readonly Enrollment[]): Promise<Map<string, number>> {
  const names = enrollments.map(({ name }) => name);
  return idsOf(
    await queries.query<Person>("SELECT id, name FROM fovea_people WHERE name = ANY($1::text[])", [names]),
  );
}

async function addPeople(queries: Queries, enrollments: readonly Enrollment[]): Promise<Map<string, number>> {
  if (enrollments.length === 0) return new Map();
  const rows = enrollments.map(({ name, metadata, enrolledAt }) => ({ name, metadata, enrolledAt }));
  return idsOf(
    await queries.query<Person>(
      `INSERT INTO fovea_people (name, metadata, enrolled_at)
       SELECT name, coalesce(metadata, '{}'), coalesce("enrolledAt", now())
       FROM json_to_recordset($1::json) AS new(name text, metadata jsonb, "enrolledAt" timestamptz)
       RETURNING id, name`,
      [JSON.stringify(rows)],
    ),
  );
}

async function addMetadata(queries: Queries, enrollments: readonly Enrollment[]): Promise<void> {
  for (const { name, metadata } of enrollments) {
    if (!metadata || Object.keys(metadata).length === 0) continue;
    // What is there already is not written again: each version of a row takes space until it is vacuumed.
    await queries.query(
      `UPDATE fovea_people SET metadata = metadata || $2::jsonb
       WHERE name = $1 AND metadata || $2::jsonb <> metadata`,
      [name, JSON.stringify(metadata)],
    );
  }
}

/** @returns how many faces each person has got */
async function addFaces(
  queries: Queries,
  { column, keyVersion }: GalleryTables,
  enrollments: readonly Enrollment[],
  people: ReadonlyMap<string, number>,
): Promise<Map<number, number>> {
  const rows = enrollments.flatMap(({ name, faces }) =>
    faces.map(({ encoding, picture: { digest, source }, box, quality, enrolledAt }) => {
      const place = placeOf(box);
      const text = column.write(encoding, { name, digest, place });
      return { person: people.get(name), digest, source, place, box, quality, enrolledAt, encoding: text };
    }),
  );
  const added = await queries.query<{ person: number | string }>(
    `INSERT INTO fovea_faces
       (person, picture_digest, picture_source, place, box, quality, enrolled_at, key_version, encoding)
     SELECT person, digest, source, place, box, quality, coalesce("enrolledAt", now()), $2::integer,
       ${column.ofText("encoding")}
     FROM json_to_recordset($1::json) AS new(person bigint, digest text, source text, place text, box jsonb,
       quality jsonb, "enrolledAt" timestamptz, encoding text)
     ON CONFLICT (person, picture_digest, place) DO NOTHING
     RETURNING person`,
    [JSON.stringify(rows), keyVersion ?? null],
  );
  const counts = new Map<number, number>();
  for (const { person } of added) counts.set(Number(person), (counts.get(Number(person)) ?? 0) + 1);
  return counts;
}
