import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { PGlite, Transaction } from "@electric-sql/pglite";
import { FoveaError } from "../../core/index.ts";
import type { Database, Queries, Row } from "./database.ts";
import { explainFailure, galleryUnreadable } from "./database-errors.ts";
import { PgliteFiles } from "./pglite-files.ts";

/**
 * What differs from PGlite's own settings. A commit is on the disk when it returns. The log is kept short, and segments
 * of it are deleted rather than used again: they would carry what was forgotten.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  fsync: "on",
  wal_sync_method: "fsync",
  wal_recycle: "off",
  wal_init_zero: "on",
  wal_level: "minimal",
  max_wal_senders: "0",
  min_wal_size: "2MB",
  max_wal_size: "64MB",
  // Enough to build a part of the index of some 100,000 faces.
  maintenance_work_mem: "256MB",
};

/** PGlite's argument that switches `fsync` off. */
const NO_FSYNC = "-F";

/**
 * Opens the database in a folder, or makes one there.
 * @param title what errors call it
 */
export async function openPglite(folder: string, title: string): Promise<Database> {
  const [{ PGlite }, { NodeFS }, { vector }] = await Promise.all([
    import("@electric-sql/pglite"),
    import("@electric-sql/pglite/nodefs"),
    import("@electric-sql/pglite-pgvector"),
  ]);
  const files = new PgliteFiles(new NodeFS(folder));
  let lastWords = "";
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  try {
    const pglite = await PGlite.create({
      fs: files.fs,
      extensions: { vector },
      onStderr: (text) => {
        if (/FATAL|PANIC/.test(text)) lastWords = text;
        return false;
      },
      initDbStartParams: ["--wal-segsize=1"],
      startParams: [...PGlite.defaultStartParams.filter((parameter) => parameter !== NO_FSYNC), ...settings],
    });
    files.check();
    files.guard(pglite);
    return new PgliteDatabase(pglite, files, folder, title);
  } catch (error) {
    if (files.failure) files.abandon();
    const explained = explainFailure(files.failure ?? error, title);
    throw explained instanceof FoveaError ? explained : galleryUnreadable(title, lastWords, error);
  }
}

class PgliteDatabase implements Database {
  readonly #pglite: PGlite;
  readonly #files: PgliteFiles;
  readonly #folder: string;
  readonly #title: string;

  constructor(pglite: PGlite, files: PgliteFiles, folder: string, title: string) {
    this.#pglite = pglite;
    this.#files = files;
    this.#folder = folder;
    this.#title = title;
  }

  query<R extends Row>(sql: string, parameters?: readonly unknown[]): Promise<R[]> {
    return this.#explained(() => ask(this.#pglite, sql, parameters));
  }

  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#explained(() =>
      this.#pglite.transaction((transaction) =>
        work({ query: (sql, parameters) => ask(transaction, sql, parameters) }),
      ),
    );
  }

  async discardLog(): Promise<void> {
    // A checkpoint keeps the segment that it begins in: the log must have gone on to another one before.
    await this.query("SELECT pg_switch_wal()");
    await this.query("CHECKPOINT");
  }

  async diskBytes(): Promise<number> {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const sizes = await Promise.all(files.map(({ parentPath, name }) => stat(join(parentPath, name))));
    return sizes.reduce((sum, { size }) => sum + size, 0);
  }

  async close(): Promise<void> {
    if (!this.#files.failure) await this.#pglite.close();
    if (this.#files.failure) this.#files.abandon();
  }

  async #explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw explainFailure(this.#files.failure ?? error, this.#title);
    }
  }
}

async function ask<R extends Row>(
  asked: PGlite | Transaction,
  sql: string,
  parameters?: readonly unknown[],
): Promise<R[]> {
  const { rows } = await asked.query<R>(sql, parameters ? [...parameters] : undefined);
  return rows;
}
