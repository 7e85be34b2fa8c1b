import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { Gallery } from "../../../src/face/gallery/index.ts";
import { codeHash } from "../../code-hash.ts";
import { encoder, key } from "./people-of-tests.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** What an empty gallery is made of: when this changes, another one is made. */
const INGREDIENTS = [
  "src/face/gallery",
  "node_modules/@electric-sql/pglite/package.json",
  "node_modules/@electric-sql/pglite-pgvector/package.json",
];

/** Removes folders of the tests of this file at the end. */
const made: string[] = [];
afterAll(async () => {
  for (const folder of made) await rm(folder, { recursive: true, force: true });
}, 60_000);

/** A folder of this test's own. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fovea-gallery-"));
  made.push(folder);
  return folder;
}

/**
 * A folder with an empty gallery. It is a copy of one that is made once and kept: PostgreSQL takes seconds to set a
 * database up.
 */
export async function emptyGallery({ encrypt = false } = {}): Promise<string> {
  const cache = join(root, "node_modules/.cache/fovea-galleries");
  const template = join(cache, codeHash(INGREDIENTS), encrypt ? "sealed" : "plain");
  if (!existsSync(template)) {
    if (!making.has(template)) making.set(template, makeTemplate(cache, template, encrypt));
    await making.get(template);
  }
  const folder = join(await temporaryFolder(), "gallery");
  await cp(template, folder, { recursive: true });
  return folder;
}

/** Removes what earlier ingredients have made. */
async function removeOthers(cache: string, template: string): Promise<void> {
  for (const name of await readdir(cache).catch(() => [])) {
    if (!template.startsWith(join(cache, name)))
      await rm(join(cache, name), { recursive: true, force: true });
  }
}

const making = new Map<string, Promise<void>>();

async function makeTemplate(cache: string, template: string, encrypt: boolean): Promise<void> {
  await removeOthers(cache, template);
  await mkdir(join(template, ".."), { recursive: true });
  const draft = `${template}.${process.pid}`;
  await (await Gallery.open(draft, { encoder, create: true, key, encrypt })).close();
  // Another worker may have been quicker.
  await rename(draft, template).catch(() => rm(draft, { recursive: true }));
}
