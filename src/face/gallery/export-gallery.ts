import { writeOutputPieces } from "../../core/index.ts";
import type { Queries } from "./database.ts";
import { boundTo, bytesOfEncoding } from "./encoding-column.ts";
import { placeOf } from "./enrollment.ts";
import { requireKeyVersion } from "./gallery-errors.ts";
import { FILE_VERSION, type FileFace, type FileHeader, type FilePerson } from "./gallery-file.ts";
import type { GalleryTables } from "./gallery-tables.ts";
import type { Seal } from "./sealing.ts";
import { readState } from "./tables.ts";

/** What an export holds. */
export interface Exported {
  people: number;
  faces: number;
  /** Whether the encodings in it are encrypted. */
  isSealed: boolean;
}

/** People whose faces are read together. */
const PAGE = 100;

/**
 * Writes a gallery to a file, person by person, as it is at one moment. The file appears when it is whole.
 * @param seal encrypts the encodings in the file; without one they are plain
 * @throws FoveaError `output-unwritable`, `gallery-key-wrong` where another process changed the key
 */
export async function exportGallery(
  tables: GalleryTables,
  path: string,
  seal: Seal | undefined,
): Promise<Exported> {
  return tables.database.transaction(async (queries) => {
    await queries.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    const state = await readState(queries);
    requireKeyVersion(tables.title, state, tables.keyVersion);
    const { people, faces, encoder, id } = state;
    const header: FileHeader = {
      fovea: "face gallery",
      version: FILE_VERSION,
      encoder,
      exportedAt: new Date().toISOString(),
      people,
      faces,
      ...(seal ? { sealed: { gallery: id, check: seal.makeCheck().toString("base64") } } : {}),
    };
    // Encodings are personal data: other users of the machine have no business with them.
    await writeOutputPieces(path, linesOf(header, queries, tables, seal), 0o600);
    return { people, faces, isSealed: seal !== undefined };
  });
}

async function* linesOf(
  header: FileHeader,
  queries: Queries,
  tables: GalleryTables,
  seal: Seal | undefined,
): AsyncGenerator<string> {
  yield `${JSON.stringify(header)}\n`;
  for await (const person of people(queries, tables, seal)) yield `${JSON.stringify(person)}\n`;
}

interface PersonRow extends Record<string, unknown> {
  id: number | string;
  name: string;
  metadata: Record<string, unknown>;
  enrolled_at: Date;
}

interface FaceRow extends Record<string, unknown> {
  encoding: string;
  digest: string;
  source: string | null;
  box: [number, number, number, number] | null;
  quality: object | null;
  enrolled_at: Date;
}

async function* people(
  queries: Queries,
  tables: GalleryTables,
  seal: Seal | undefined,
): AsyncGenerator<FilePerson> {
  let last = 0;
  for (;;) {
    const page = await queries.query<PersonRow>(
      `SELECT * FROM fovea_people WHERE id > $1 ORDER BY id LIMIT ${PAGE}`,
      [last],
    );
    if (page.length === 0) return;
    for (const { id, name, metadata, enrolled_at } of page) {
      const faces = await queries.query<FaceRow>(
        `SELECT ${tables.column.asText} AS encoding, picture_digest AS digest, picture_source AS source, box, quality,
           enrolled_at
         FROM fovea_faces WHERE person = $1 ORDER BY id`,
        [Number(id)],
      );
      yield {
        name,
        enrolledAt: enrolled_at.toISOString(),
        metadata,
        faces: faces.map((face) => fileFace(face, name, tables, seal)),
      };
    }
    last = Number(page.at(-1)!.id);
  }
}

function fileFace(row: FaceRow, name: string, { column }: GalleryTables, seal: Seal | undefined): FileFace {
  const { digest, source, box, quality, enrolled_at } = row;
  const context = { name, digest, place: placeOf(box ?? undefined) };
  const bytes = bytesOfEncoding(column.read(row.encoding, context));
  return {
    encoding: (seal?.seal(bytes, boundTo(context)) ?? bytes).toString("base64"),
    digest,
    ...(source === null ? {} : { source }),
    ...(box === null ? {} : { box }),
    ...(quality === null ? {} : { quality }),
    enrolledAt: enrolled_at.toISOString(),
  };
}
