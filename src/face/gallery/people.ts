import type { Database } from "./database.ts";

/** Somebody in a gallery. */
export interface Person {
  name: string;
  faces: number;
  enrolledAt: Date;
  metadata: Record<string, unknown>;
}

/** All people, by name. */
export async function listPeople(database: Database): Promise<Person[]> {
  const rows = await database.query<{
    name: string;
    faces: number | string;
    enrolled_at: Date;
    metadata: Record<string, unknown>;
  }>(
    `SELECT name, metadata, fovea_people.enrolled_at, count(fovea_faces.id) AS faces
     FROM fovea_people LEFT JOIN fovea_faces ON person = fovea_people.id
     GROUP BY fovea_people.id ORDER BY name`,
  );
  return rows.map(({ name, faces, enrolled_at, metadata }) => ({
    name,
    faces: Number(faces),
    enrolledAt: enrolled_at,
    metadata,
  }));
}

/** Whether a person has a face of a picture. */
export async function knowsPicture(database: Database, digest: string, name: string): Promise<boolean> {
  const found = await database.query(
    `SELECT 1 FROM fovea_people JOIN fovea_faces ON person = fovea_people.id
     WHERE name = $1 AND picture_digest = $2 LIMIT 1`,
    [name, digest],
  );
  return found.length > 0;
}
