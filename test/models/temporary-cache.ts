import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";

/** Keeps converted models in a folder of their own for the tests of a file. Call it before hooks that need it. */
export function useTemporaryCache(): void {
  const kept = process.env.FOVEA_CACHE;
  beforeAll(async () => {
    process.env.FOVEA_CACHE = await mkdtemp(join(tmpdir(), "fovea-cache-"));
  });
  afterAll(async () => {
    await rm(process.env.FOVEA_CACHE!, { recursive: true, force: true });
    if (kept === undefined) delete process.env.FOVEA_CACHE;
    else process.env.FOVEA_CACHE = kept;
  });
}
