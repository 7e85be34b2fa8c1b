import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Gallery } from "../../../src/face/gallery/index.ts";
import { galleryContract } from "./contract.ts";
import { encoder, key } from "./people-of-tests.ts";
import { postgresqlPrograms, type Server, startPostgresql } from "./postgresql.ts";

const programs = postgresqlPrograms();
const enrollSame = fileURLToPath(new URL("./enroll-same.ts", import.meta.url));

// Debian's server has no pgvector, which encrypted galleries do not need.
describe.skipIf(!programs)(`PostgreSQL${programs ? "" : " (not installed: nothing is tested)"}`, () => {
  let server: Server;
  beforeAll(async () => {
    server = await startPostgresql(programs!);
  }, 60_000);
  afterAll(() => server.stop());

  galleryContract("An encrypted gallery", { key, encrypt: true }, async () => ({
    source: `${server.url("keeper:right")}/postgres`,
  }));

  it("makes one person of a name that several processes enroll at the same time", async () => {
    const source = `${server.url("keeper:right")}/template1`;
    const children = [1, 2].map((seed) => {
      const child = spawn(process.execPath, ["--import", "tsx", enrollSame, source, `${seed}`], {
        stdio: "pipe",
      });
      child.stderr.pipe(process.stderr);
      return once(child, "exit");
    });
    for (const ended of children) expect((await ended)[0]).toBe(0);
    const gallery = await Gallery.open(source, { encoder, key });
    expect(await gallery.stats()).toMatchObject({ people: 10, faces: 20 });
    expect((await gallery.people()).map(({ faces }) => faces)).toEqual(new Array(10).fill(2));
    await gallery.close();
  });

  it("keeps searching what other processes change", async () => {
    const source = `${server.url("keeper:right")}/template1`;
    const [one, other] = [
      await Gallery.open(source, { encoder, key }),
      await Gallery.open(source, { encoder, key }),
    ];
    const encoding = new Float32Array(128).fill(7);
    expect((await other.identify(encoding)).matches[0].name).not.toBe("Late");
    await one.enroll({ name: "Late", faces: [{ encoding, picture: { digest: "0".repeat(64) } }] });
    expect((await other.identify(encoding)).matches[0].name).toBe("Late");
    await one.forget("Late");
    expect((await other.identify(encoding)).matches[0].name).not.toBe("Late");
    await Promise.all([one.close(), other.close()]);
  });

  it("says in a sentence that there is no pgvector", async () => {
    const opening = Gallery.open(`${server.url("keeper:right")}/postgres?options=-csearch_path%3Dpg_temp`, {
      encoder,
      create: true,
    });
    await expect(opening).rejects.toMatchObject({
      code: "gallery-without-pgvector",
      message: expect.stringMatching(/has no pgvector \(.+\); have its administrator install/),
    });
  });

  it.each([
    ["another password", "keeper:wrong", "/postgres", "gallery-refused", /password authentication failed/],
    ["no password", "keeper", "/postgres", "gallery-refused", /asks for a password/],
    ["an unknown database", "keeper:right", "/nothing", "gallery-unreachable", /no such database/],
  ])("refuses %s in a sentence that does not tell the password", async (_, credentials, database, code, message) => {
    const error = await Gallery.open(`${server.url(credentials)}${database}`, { encoder }).catch(
      (error) => error,
    );
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(error.message).not.toMatch(/wrong|right/);
    expect(error.message).not.toContain("\n");
  });
});
