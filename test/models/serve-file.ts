import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";

/** Serves bytes at an address for the tests of a file. @returns tells the address, which ends in `name` */
export function serveFile(name: string, bytes: () => Uint8Array): () => string {
  const server = createServer((_, response) => response.end(bytes()));
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  return () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`;
}
