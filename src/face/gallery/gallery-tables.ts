import type { Database } from "./database.ts";
import type { EncodingColumn } from "./encoding-column.ts";

/** An open gallery, as the statements see it. */
export interface GalleryTables {
  database: Database;
  /** What errors call the gallery. */
  title: string;
  column: EncodingColumn;
  /** Which key encodings are sealed with now; nothing where they are not. */
  keyVersion: number | undefined;
}
