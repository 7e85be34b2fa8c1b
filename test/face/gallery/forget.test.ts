import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { Gallery, GalleryKey } from "../../../src/face/gallery/index.ts";
import { ClusteredEncodings } from "./clustered-encodings.ts";
import { emptyGallery } from "./new-gallery.ts";
import { encoder, facesOf, key } from "./people-of-tests.ts";

/** Length of the pieces of an encoding that are looked for: pages and the log cut it in two sometimes. */
const PIECE = 32;

const SECRET = "Wilhelmina Unforgettable";

/** All that the files of a folder hold. */
async function bytesIn(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Buffer.concat(
    await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name)))),
  );
}

/** How many of the byte strings stand in some file, and how many in none. */
async function lookFor(
  needles: readonly Buffer[],
  folder: string,
): Promise<{ found: number; missed: number }> {
  const bytes = await bytesIn(folder);
  const found = needles.filter((needle) => bytes.includes(needle)).length;
  return { found, missed: needles.length - found };
}

function pieces(encoding: Float32Array): Buffer[] {
  const bytes = Buffer.from(encoding.buffer, encoding.byteOffset, encoding.byteLength);
  return Array.from({ length: bytes.length / PIECE }, (_, i) => bytes.subarray(i * PIECE, (i + 1) * PIECE));
}

const make = new ClusteredEncodings(5);

/** The first test of all may have to make an empty gallery, for seconds. */
vi.setConfig({ testTimeout: 120_000 });

async function enrollPeople(gallery: Gallery, count: number): Promise<void> {
  await gallery.enrollAll(
    Array.from({ length: count }, (_, i) => {
      const person = make.person();
      return { name: `Person ${i}`, faces: facesOf([person(), person()], `person ${i}`) };
    }),
  );
}

describe("forget", () => {
  it.each([
    ["searched by comparing with all", 10_000],
    ["with an index", 40],
  ])("leaves nothing in any file of a gallery %s", async (_, indexFrom) => {
    const folder = await emptyGallery();
    const options = { encoder, indexFrom };
    let gallery = await Gallery.open(folder, options);
    await enrollPeople(gallery, 30);
    const person = make.person();
    const encodings = [person(), person(), person()];
    const metadata = { remark: "Unforgettable remark" };
    // In the midst of other rows, and at the end, where nothing overwrites what a vacuum leaves.
    const faces = facesOf(encodings, "holiday");
    await gallery.enroll({ name: SECRET, faces: faces.slice(0, 2), metadata });
    await enrollPeople(gallery, 60);
    await gallery.enroll({ name: SECRET, faces });
    // Written to the files, and read from them, before it is forgotten.
    await gallery.close();
    gallery = await Gallery.open(folder, options);
    const probe = person();
    expect((await gallery.identify(probe)).matches[0].name).toBe(SECRET);
    const before = await gallery.stats();
    expect(before.search).toBe(indexFrom === 40 ? "hnsw" : "exact");

    const needles = [
      ...encodings.flatMap(pieces),
      Buffer.from(SECRET),
      Buffer.from(metadata.remark),
      Buffer.from("holiday/1.jpg"),
    ];
    expect(await lookFor(needles, folder)).toEqual({ found: needles.length, missed: 0 });
    expect(await gallery.forget(SECRET)).toEqual({ faces: 3 });
    expect((await lookFor(needles, folder)).found).toBe(0);

    const { matches } = await gallery.identify(probe, { top: 100 });
    expect(matches).toHaveLength(60);
    expect(matches.map(({ name }) => name)).not.toContain(SECRET);
    expect(await gallery.stats()).toMatchObject({ people: 60, faces: 120, search: before.search });
    await gallery.close();
    expect((await lookFor(needles, folder)).found).toBe(0);
  });

  it("is finished by the next who opens the gallery, where it was interrupted", async () => {
    const folder = await emptyGallery();
    let gallery = await Gallery.open(folder, { encoder });
    await enrollPeople(gallery, 3);
    const person = make.person();
    const encodings = [person()];
    await gallery.enroll({ name: SECRET, faces: facesOf(encodings, "holiday") });
    const needles = [...encodings.flatMap(pieces), Buffer.from(SECRET)];
    // The process ends when the rows are deleted, before their bytes are.
    const { forgetPeople } = await import("../../../src/face/gallery/forget-people.ts");
    const { openGallery } = await import("../../../src/face/gallery/open-gallery.ts");
    await gallery.close();
    const { database, title, column, close } = await openGallery(folder, {});
    await forgetPeople({ database, title, column, keyVersion: undefined }, [SECRET]);
    await close();
    expect((await lookFor(needles, folder)).found).toBe(needles.length);
    gallery = await Gallery.open(folder, { encoder });
    expect((await lookFor(needles, folder)).found).toBe(0);
    expect((await gallery.people()).map(({ name }) => name)).toEqual(["Person 0", "Person 1", "Person 2"]);
    await gallery.close();
  });
});

describe("rotateKey", () => {
  it("leaves nothing of what was encrypted with the old key", async () => {
    const folder = await emptyGallery({ encrypt: true });
    let gallery = await Gallery.open(folder, { encoder, key });
    const person = make.person();
    const encodings = [person(), person()];
    await enrollPeople(gallery, 20);
    await gallery.enroll({ name: SECRET, faces: facesOf(encodings, "holiday") });
    await gallery.close();
    expect((await lookFor(encodings.flatMap(pieces), folder)).found).toBe(0); // they are encrypted
    const sealed = await sealedOf(folder);
    expect(sealed).toHaveLength(42);
    expect(await lookFor(sealed, folder)).toEqual({ found: 42, missed: 0 });

    gallery = await Gallery.open(folder, { encoder, key });
    await expect(gallery.rotateKey(key)).rejects.toMatchObject({ code: "gallery-key-same" });
    const newKey = GalleryKey.fromText("f".repeat(64));
    expect(await gallery.rotateKey(newKey)).toEqual({ faces: 42 });
    expect((await lookFor(sealed, folder)).found).toBe(0);
    expect((await gallery.identify(person())).matches[0].name).toBe(SECRET);
    await gallery.forget(SECRET);
    await gallery.close();
    await expect(Gallery.open(folder, { encoder, key })).rejects.toMatchObject({ code: "gallery-key-wrong" });
    gallery = await Gallery.open(folder, { encoder, key: newKey });
    expect(await gallery.stats()).toMatchObject({
      people: 20,
      faces: 40,
      isEncrypted: true,
      search: "memory",
    });
    await gallery.close();
  });
});

/** The middle of each sealed encoding, as it stands in the table. */
async function sealedOf(folder: string): Promise<Buffer[]> {
  const { openGallery } = await import("../../../src/face/gallery/open-gallery.ts");
  const { database, close } = await openGallery(folder, { key });
  const rows = await database.query<{ encoding: Uint8Array }>("SELECT encoding FROM fovea_faces");
  await close();
  return rows.map(({ encoding }) => Buffer.from(encoding.subarray(100, 100 + PIECE)));
}
