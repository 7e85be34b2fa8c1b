/** A row of a result: columns by name. */
export type Row = Record<string, unknown>;

/** Asks a database. */
export interface Queries {
  /** Runs one statement; `$1`, `$2`, … in it stand for the parameters. */
  query<R extends Row>(sql: string, parameters?: readonly unknown[]): Promise<R[]>;
}

/** PostgreSQL with pgvector, wherever it runs. What it throws is a FoveaError with a sentence where one is known. */
export interface Database extends Queries {
  /** Runs statements that take effect together or not at all. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  /** Removes from disk what the log still holds of rows that are gone, as far as the database's user may. */
  discardLog(): Promise<void>;
  /** Bytes on disk. */
  diskBytes(): Promise<number>;
  close(): Promise<void>;
}
