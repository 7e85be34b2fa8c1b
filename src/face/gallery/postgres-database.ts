import type { Pool, PoolClient } from "pg";
import type { Database, Queries, Row } from "./database.ts";
import { explainFailure } from "./database-errors.ts";
import { TABLES } from "./tables.ts";

/** Connections that one gallery keeps at most. */
const CONNECTIONS = 4;

/** PostgreSQL's code for a statement that the user may not run. */
const FORBIDDEN = "42501";

/**
 * Connects to a server.
 * @param title what errors call it
 * @throws FoveaError `gallery-unreachable`, `gallery-refused`
 */
export async function openPostgres(url: string, title: string, waitMs: number): Promise<Database> {
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: waitMs,
    max: CONNECTIONS,
    application_name: "fovea",
    allowExitOnIdle: true,
  });
  // An idle connection that breaks is replaced when it is needed.
  pool.on("error", () => {});
  const database = new PostgresDatabase(pool, title);
  try {
    await database.query("SELECT 1");
  } catch (error) {
    await pool.end();
    throw error;
  }
  return database;
}

class PostgresDatabase implements Database {
  readonly #pool: Pool;
  readonly #title: string;

  constructor(pool: Pool, title: string) {
    this.#pool = pool;
    this.#title = title;
  }

  query<R extends Row>(sql: string, parameters?: readonly unknown[]): Promise<R[]> {
    return this.#explained(() => ask(this.#pool, sql, parameters));
  }

  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#explained(async () => {
      const client = await this.#pool.connect();
      let broken = false;
      // The pool does not listen to a client in use; what is asked of a broken one is rejected besides.
      const breaks = () => {
        broken = true;
      };
      client.on("error", breaks);
      try {
        await client.query("BEGIN");
        const result = await work({ query: (sql, parameters) => ask(client, sql, parameters) });
        await client.query("COMMIT");
        return result;
      } catch (error) {
        await client.query("ROLLBACK").catch(breaks);
        throw error;
      } finally {
        client.release(broken);
        client.off("error", breaks);
      }
    });
  }

  async discardLog(): Promise<void> {
    try {
      await ask(this.#pool, "CHECKPOINT");
    } catch (error) {
      // The server does it by itself every few minutes.
      if ((error as { code?: string }).code !== FORBIDDEN) throw explainFailure(error, this.#title);
    }
  }

  async diskBytes(): Promise<number> {
    const [{ bytes }] = await this.query<{ bytes: string }>(
      "SELECT sum(pg_total_relation_size(to_regclass(name))) AS bytes FROM unnest($1::text[]) AS name",
      [TABLES],
    );
    return Number(bytes);
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw explainFailure(error, this.#title);
    }
  }
}

async function ask<R extends Row>(
  asked: Pool | PoolClient,
  sql: string,
  parameters?: readonly unknown[],
): Promise<R[]> {
  const { rows } = await asked.query<R>(sql, parameters ? [...parameters] : undefined);
  return rows;
}
