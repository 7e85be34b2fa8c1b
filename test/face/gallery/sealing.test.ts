import { createCipheriv } from "node:crypto";
import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { exportGallery } from "../../../src/face/gallery/export-gallery.ts";
import { Gallery, GalleryKey } from "../../../src/face/gallery/index.ts";
import { openGallery } from "../../../src/face/gallery/open-gallery.ts";
import { Seal } from "../../../src/face/gallery/sealing.ts";
import { ClusteredEncodings } from "./clustered-encodings.ts";
import { emptyGallery, temporaryFolder } from "./new-gallery.ts";
import { encoder, facesOf, key } from "./people-of-tests.ts";

const otherKey = GalleryKey.fromText(Buffer.alloc(32, 7).toString("base64"));
const make = new ClusteredEncodings(41);

describe("Seal", () => {
  const seal = new Seal(key, "gallery");
  const bytes = Buffer.from("bytes of an encoding");

  it("opens what it has sealed", () => {
    expect(seal.open(seal.seal(bytes, ["Ada", "1"]), ["Ada", "1"])).toEqual(bytes);
  });

  it("seals the same differently each time", () => {
    expect(seal.seal(bytes, ["Ada"])).not.toEqual(seal.seal(bytes, ["Ada"]));
  });

  it.each([
    ["another key", new Seal(otherKey, "gallery"), ["Ada", "1"]],
    ["another gallery", new Seal(key, "gallery 2"), ["Ada", "1"]],
    ["another person", seal, ["Bob", "1"]],
    ["the same words, otherwise divided", seal, ["Ada1"]],
  ])("is not opened by %s", (_, other, context) => {
    expect(other.open(seal.seal(bytes, ["Ada", "1"]), context)).toBeUndefined();
  });

  it("notices each changed byte, and what is too short", () => {
    const sealed = seal.seal(bytes, []);
    for (let i = 0; i < sealed.length; i++) {
      const changed = Buffer.from(sealed);
      changed[i] ^= 1;
      expect(seal.open(changed, [])).toBeUndefined();
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(seal.open(sealed.subarray(0, length), [])).toBeUndefined();
    }
  });

  it("is AES-256-GCM: nonce, tag, ciphertext, with the list as associated data", () => {
    const sealed = seal.seal(bytes, ["Ada", "1"]);
    const secret = Buffer.from("0123456789abcdef".repeat(4), "hex");
    const cipher = createCipheriv("aes-256-gcm", secret, sealed.subarray(0, 12));
    cipher.setAAD(Buffer.from('["fovea gallery","gallery","Ada","1"]'));
    const encrypted = Buffer.concat([cipher.update(bytes), cipher.final()]);
    expect(sealed.subarray(28)).toEqual(encrypted);
    expect(sealed.subarray(12, 28)).toEqual(cipher.getAuthTag());
  });
});

describe("GalleryKey", () => {
  const hex = "ab".repeat(32);
  const bytes = Buffer.from(hex, "hex");
  const isSame = (other: GalleryKey) =>
    new Seal(other, "g").passes(new Seal(GalleryKey.fromText(hex), "g").makeCheck());

  it.each([
    hex,
    hex.toUpperCase(),
    `${hex}\n`,
    bytes.toString("base64"),
    bytes.toString("base64url"),
  ])("is read from %j", (text) => {
    expect(isSame(GalleryKey.fromText(text))).toBe(true);
  });

  it.each([
    "",
    "abc",
    hex.slice(1),
    `${hex}a`,
    bytes.subarray(1).toString("base64"),
    "z".repeat(64),
    `${hex} ${hex}`,
  ])("is not read from %j, and the error does not show it", (text) => {
    const read = () => GalleryKey.fromText(text, "The key file `k`");
    expect(read).toThrow(/^The key file `k` is not a key: it has \d+ characters, .*openssl rand -hex 32`\.$/);
    if (text.length > 3) expect(read).not.toThrow(text);
  });

  it("comes from a file", async () => {
    const file = join(await temporaryFolder(), "key");
    await expect(GalleryKey.fromFile(file)).rejects.toMatchObject({
      code: "gallery-key-missing",
      message: expect.stringContaining(`openssl rand -hex 32 > ${file}`),
    });
    await writeFile(file, `${hex}\n`);
    await chmod(file, 0o600);
    expect(isSame(await GalleryKey.fromFile(file))).toBe(true);
  });

  describe("from the environment", () => {
    afterEach(() => {
      delete process.env.FOVEA_TEST_KEY;
    });
    it("comes where it is set", () => {
      expect(GalleryKey.fromEnvironment("FOVEA_TEST_KEY")).toBeUndefined();
      process.env.FOVEA_TEST_KEY = hex;
      expect(isSame(GalleryKey.fromEnvironment("FOVEA_TEST_KEY")!)).toBe(true);
      process.env.FOVEA_TEST_KEY = "short";
      expect(() => GalleryKey.fromEnvironment("FOVEA_TEST_KEY")).toThrow(/FOVEA_TEST_KEY is not a key/);
    });
  });

  it("is not shown when it is printed", () => {
    const shown = [inspect(key, { showHidden: true, depth: 9 }), JSON.stringify(key), `${key}`].join();
    expect(shown).not.toMatch(/0123456789abcdef|01 23 45/);
  });
});

describe("An encrypted gallery", () => {
  it("wants its key: none and a wrong one are told apart", async () => {
    const folder = await emptyGallery({ encrypt: true });
    await expect(Gallery.open(folder, { encoder })).rejects.toMatchObject({ code: "gallery-key-missing" });
    await expect(Gallery.open(folder, { encoder, key: otherKey })).rejects.toMatchObject({
      code: "gallery-key-wrong",
    });
    const missing = Gallery.open(`${folder}2`, { encoder, create: true, encrypt: true });
    await expect(missing).rejects.toMatchObject({ code: "gallery-key-missing" });
  });

  it("is decided when the gallery is made", async () => {
    const folder = await emptyGallery();
    await expect(Gallery.open(folder, { encoder, key, encrypt: true })).rejects.toMatchObject({
      code: "gallery-not-encrypted",
    });
    const gallery = await Gallery.open(folder, { encoder, key }); // a key in the environment does not hurt
    expect(gallery.isEncrypted).toBe(false);
    await expect(gallery.rotateKey(otherKey)).rejects.toMatchObject({ code: "gallery-not-encrypted" });
    await gallery.close();
  });

  it("is not made plain by leaving out a word where there is a key", async () => {
    const folder = join(await temporaryFolder(), "new");
    await expect(Gallery.open(folder, { encoder, key, create: true })).rejects.toMatchObject({
      code: "gallery-encryption-unsaid",
    });
    await expect(stat(folder)).rejects.toMatchObject({ code: "ENOENT" });
    // One that is there has decided it.
    const gallery = await Gallery.open(await emptyGallery(), { encoder, key, create: true });
    expect(gallery.isEncrypted).toBe(false);
    await gallery.close();
  });

  it("refuses to be exported after another process has changed its key", async () => {
    const folder = await emptyGallery({ encrypt: true });
    const { database, title, state, column, close } = await openGallery(folder, { key });
    const tables = { database, title, column, keyVersion: state.keyVersion };
    await database.query("UPDATE fovea_gallery SET key_version = 2");
    const exported = exportGallery(tables, join(folder, "..", `${state.id}.jsonl`), new Seal(key, state.id));
    await expect(exported).rejects.toMatchObject({ code: "gallery-key-wrong" });
    await close();
  });

  it("notices encodings that were moved from one person to another", async () => {
    const folder = await emptyGallery({ encrypt: true });
    const [ada, bob] = [make.person(), make.person()];
    let gallery = await Gallery.open(folder, { encoder, key });
    await gallery.enroll({ name: "Ada", faces: facesOf([ada()], "ada") });
    await gallery.enroll({ name: "Bob", faces: facesOf([bob()], "bob") });
    await gallery.close();
    const { database, close } = await openGallery(folder, { key });
    await database.query(
      `UPDATE fovea_faces SET encoding = other.encoding FROM fovea_faces AS other WHERE other.id <> fovea_faces.id`,
    );
    await close();
    gallery = await Gallery.open(folder, { encoder, key });
    await expect(gallery.identify(bob())).rejects.toMatchObject({
      code: "gallery-tampered",
      message: expect.stringMatching(/An encoding of Ada .*moved from another person/),
    });
    await gallery.close();
  });

  it("travels encrypted, unless asked otherwise", async () => {
    const files = await temporaryFolder();
    const [sealed, plain] = [join(files, "sealed.jsonl"), join(files, "plain.jsonl")];
    const ada = make.person();
    const faces = facesOf([ada(), ada()], "ada").map((face) => ({
      ...face,
      box: [1.4, 2.6, 30, 40] as const,
    }));
    const gallery = await Gallery.open(await emptyGallery({ encrypt: true }), { encoder, key });
    await gallery.enroll({ name: "Ada", faces });
    expect(await gallery.exportTo(sealed)).toEqual({ people: 1, faces: 2, isSealed: true });
    expect(await gallery.exportTo(plain, { plain: true })).toEqual({ people: 1, faces: 2, isSealed: false });
    await gallery.close();
    const text = Buffer.from(faces[0].encoding.buffer).toString("base64");
    expect(await readFile(plain, "utf8")).toContain(text);
    expect(await readFile(sealed, "utf8")).not.toContain(text);

    const other = await Gallery.open(await emptyGallery(), { encoder });
    await expect(other.importFrom(sealed)).rejects.toMatchObject({ code: "gallery-key-missing" });
    await expect(other.importFrom(sealed, { key: otherKey })).rejects.toMatchObject({
      code: "gallery-key-wrong",
    });
    expect(await other.importFrom(sealed, { key })).toEqual({ people: 1, added: 2, known: 0 });
    expect(await other.importFrom(plain)).toEqual({ people: 1, added: 0, known: 2 });
    expect((await other.identify(faces[0].encoding)).matches[0]).toMatchObject({ name: "Ada", distance: 0 });
    await writeFile(sealed, (await readFile(sealed, "utf8")).replaceAll("Ada", "Bob"));
    await expect(other.importFrom(sealed, { key })).rejects.toMatchObject({
      code: "gallery-file-unreadable",
      message: expect.stringContaining("not what was sealed"),
    });
    await other.close();
  });
});
