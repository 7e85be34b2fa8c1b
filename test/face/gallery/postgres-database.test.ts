import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { openPostgres } from "../../../src/face/gallery/postgres-database.ts";

/** A message of PostgreSQL's protocol, version 3. */
function message(type: string, body: string | Uint8Array): Buffer {
  const bytes = Buffer.from(body);
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(4 + bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

const READY = message("Z", "I");
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A server that lets everybody in, answers statements by no rows, and hangs up where a statement says so. */
async function startServer(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => {
      socket.write(Buffer.concat([message("R", Buffer.alloc(4)), READY]));
      socket.on("data", (asked) => {
        if (`${asked}`.includes("hang up")) socket.destroy();
        else if (asked[0] === "Q".charCodeAt(0)) socket.write(Buffer.concat([message("C", "OK\0"), READY]));
      });
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `postgres://keeper@127.0.0.1:${(server.address() as AddressInfo).port}/people?sslmode=disable`;
}

it("rejects a transaction whose connection is lost, leaves the process alone, and connects anew", async () => {
  const database = await openPostgres(await startServer(), "people", 5000);
  closers.push(() => database.close());
  const uncaught = vi.fn();
  process.on("uncaughtExceptionMonitor", uncaught);
  closers.push(() => process.off("uncaughtExceptionMonitor", uncaught));
  const work = database.transaction(({ query }) => query("SELECT 'hang up'"));
  await expect(work).rejects.toMatchObject({ code: "gallery-unreachable" });
  await expect(database.transaction(({ query }) => query("SELECT 1"))).resolves.toEqual([]);
  expect(uncaught).not.toHaveBeenCalled();
});
