import { setTimeout } from "node:timers/promises";
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { afterAll, beforeAll } from "vitest";
import { galleryContract, variants } from "./contract.ts";

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create({ extensions: { vector } });
}, 120_000);
afterAll(async () => {
  // Connections that were closed on this side are taken notice of a moment later.
  await setTimeout(50);
  await database.close();
});

for (const [title, options] of Object.entries(variants)) {
  galleryContract(`A gallery on a server, ${title}`, options, async () => {
    await database.exec(
      "DROP TABLE IF EXISTS fovea_gallery, fovea_people, fovea_faces CASCADE; DROP SEQUENCE IF EXISTS fovea_face_ids",
    );
    const server = new PGLiteSocketServer({ db: database, port: 0, host: "127.0.0.1", maxConnections: 16 });
    await server.start();
    const [, port] = server.getServerConn().split(":");
    return {
      source: `postgres://postgres:secret@127.0.0.1:${port}/postgres?sslmode=disable`,
      close: () => server.stop(),
    };
  });
}
