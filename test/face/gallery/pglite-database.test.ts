import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../../src/face/gallery/database.ts";
import { openPglite } from "../../../src/face/gallery/pglite-database.ts";
import { emptyGallery } from "./new-gallery.ts";

const MARK = "UPDATE fovea_gallery SET encoder_name = $1";

describe("PGlite", () => {
  let folder: string;
  let database: Database;
  beforeAll(async () => {
    folder = join(await emptyGallery(), "postgres");
    database = await openPglite(folder, "faces");
  }, 120_000);
  afterAll(() => database.close());
  const name = async () => (await database.query("SELECT encoder_name FROM fovea_gallery"))[0].encoder_name;

  it("goes on after a statement that fails", async () => {
    await expect(database.query("SELECT nonsense")).rejects.toThrow(/column "nonsense" does not exist/);
    await expect(database.query("SELECT $1::integer", ["x"])).rejects.toThrow(/invalid input syntax/);
    expect(await name()).toBe("test-encoder");
  });

  it("takes back what a transaction has done that fails", async () => {
    const failing = database.transaction(async (queries) => {
      await queries.query(MARK, ["changed"]);
      await queries.query("SELECT 1/0");
    });
    await expect(failing).rejects.toThrow(/division by zero/);
    const throwing = database.transaction(async (queries) => {
      await queries.query(MARK, ["changed"]);
      throw new Error("thought better of it");
    });
    await expect(throwing).rejects.toThrow("thought better of it");
    expect(await name()).toBe("test-encoder");
  });

  it("is told to have each commit on the disk before it returns, and to keep no old log", async () => {
    const [settings] = await database.query(
      `SELECT current_setting('fsync') AS fsync, current_setting('wal_sync_method') AS method,
         current_setting('wal_recycle') AS recycle, current_setting('full_page_writes') AS pages,
         current_setting('synchronous_commit') AS synchronous`,
    );
    expect(settings).toEqual({
      fsync: "on",
      method: "fsync",
      recycle: "off",
      pages: "on",
      synchronous: "on",
    });
  });
});
