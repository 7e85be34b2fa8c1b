import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { addFaceEnroll } from "../../src/cli/commands/face-enroll.ts";
import { addFaceGallery } from "../../src/cli/commands/face-gallery.ts";
import { addFaceTrain } from "../../src/cli/commands/face-train.ts";
import { EnrollmentGallery } from "../../src/cli/enrollment-gallery.ts";
import { galleryTitle } from "../../src/cli/open-gallery.ts";
import { Gallery, gallerySource } from "../../src/face/gallery/index.ts";
import { ClusteredEncodings } from "../face/gallery/clustered-encodings.ts";
import { emptyGallery, temporaryFolder } from "../face/gallery/new-gallery.ts";
import { encoder, facesOf, key } from "../face/gallery/people-of-tests.ts";
import { listenToStdout, runCommand } from "./run-command.ts";

let folder: string;
let sealed: string;
let keyFile: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  sealed = join(folder, "sealed.jsonl");
  keyFile = join(folder, "key");
  await writeFile(keyFile, "0123456789abcdef".repeat(4), { mode: 0o600 });
  const gallery = await Gallery.open(await emptyGallery({ encrypt: true }), { encoder, key });
  await gallery.enroll({ name: "Ada", faces: facesOf([new ClusteredEncodings(5).person()()], "ada") });
  await gallery.exportTo(sealed);
  await gallery.close();
}, 60_000);
afterEach(() => vi.restoreAllMocks());

async function run(...argv: string[]): Promise<Record<string, unknown>> {
  const written = listenToStdout();
  await runCommand([addFaceGallery, addFaceEnroll, addFaceTrain], argv);
  return JSON.parse(written());
}

describe("face import", () => {
  it("makes nothing plain that was encrypted unless it is told to", async () => {
    const made = join(folder, "made");
    const argv = ["import", sealed, "--gallery", made, "--json"];
    await expect(run(...argv)).rejects.toMatchObject({ code: "gallery-file-sealed" });
    await expect(run(...argv, "--key-file", keyFile)).rejects.toMatchObject({
      code: "gallery-encryption-unsaid",
    });
    await expect(stat(made)).rejects.toMatchObject({ code: "ENOENT" });

    const there = ["import", sealed, "--gallery", await emptyGallery(), "--json", "--key-file", keyFile];
    const error = await run(...there).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "gallery-file-sealed" });
    expect(error.message).toContain("add --plain");
    expect(await run(...there, "--plain")).toMatchObject({ people: 1, added: 1 });
  });
});

describe("face import of a sealed file", () => {
  it("makes no gallery by a key that does not open the file", async () => {
    const made = join(folder, "by-another-key");
    const otherKey = join(folder, "other-key");
    await writeFile(otherKey, "f".repeat(64), { mode: 0o600 });
    const argv = ["import", sealed, "--gallery", made, "--encrypt", "--key-file", otherKey];
    await expect(run(...argv)).rejects.toMatchObject({
      code: "gallery-key-wrong",
      message: expect.stringContaining(sealed),
    });
    await expect(stat(made)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("opens it by a key of its own, where the gallery has another", async () => {
    const made = join(folder, "rekeyed");
    const newKey = join(folder, "new-key");
    await writeFile(newKey, "e".repeat(64), { mode: 0o600 });
    const argv = ["import", sealed, "--gallery", made, "--json", "--file-key", keyFile];
    await expect(run(...argv)).rejects.toMatchObject({
      code: "gallery-file-sealed",
      message: expect.stringContaining("--key-file, or add --plain"),
    });
    await expect(stat(made)).rejects.toMatchObject({ code: "ENOENT" });
    expect(await run(...argv, "--encrypt", "--key-file", newKey)).toMatchObject({ people: 1, added: 1 });
    const list = ["list", "--gallery", made, "--json", "--key-file", newKey];
    expect(await run(...list)).toMatchObject({ people: [{ name: "Ada", faces: 1 }] });
  });
});

describe("face export", () => {
  it("keeps the key that opens the gallery", async () => {
    const argv = ["export", keyFile, "--gallery", join(folder, "nowhere"), "--key-file", keyFile];
    await expect(run(...argv)).rejects.toMatchObject({ code: "output-is-input" });
    expect(await readFile(keyFile, "utf8")).toBe("0123456789abcdef".repeat(4));
  });
});

describe("a gallery on a server", () => {
  const address = "postgres://ada:secret@db/faces?password=secret";
  afterEach(() => vi.unstubAllEnvs());

  it("is called by its address without the password", async () => {
    expect(await galleryTitle({ gallery: address })).toBe("postgres://ada@db/faces");
    vi.stubEnv("FOVEA_GALLERY", address);
    expect(await galleryTitle({})).toBe("postgres://ada@db/faces");
    expect(await galleryTitle({ gallery: "staff" })).toBe("staff");
  });

  it("is listed without the password", async () => {
    const gallery = { title: gallerySource(address).title, people: async () => [], stats: async () => ({}) };
    vi.spyOn(Gallery, "open").mockResolvedValue({ ...gallery, close: async () => {} } as never);
    expect(await run("list", "--gallery", address, "--json")).toMatchObject({
      gallery: "postgres://ada@db/faces",
    });
    const written = listenToStdout();
    await runCommand(addFaceGallery, ["list", "--gallery", address]);
    expect(written()).toContain("0 people in postgres://ada@db/faces\n");
  });
});

describe("face enroll --plain", () => {
  it("has no effect on a gallery that is encrypted, and says so", async () => {
    const said: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
    const options = { gallery: await emptyGallery({ encrypt: true }), keyFile, plain: true };
    await (await EnrollmentGallery.open(options, encoder)).close();
    expect(said.join("")).toContain("--plain: no effect on gallery");
    said.length = 0;
    await (await EnrollmentGallery.open({ ...options, plain: undefined }, encoder)).close();
    await (await EnrollmentGallery.open({ ...options, gallery: await emptyGallery() }, encoder)).close();
    expect(said).toEqual([]);
  });
});

describe("options of paths", () => {
  it.each([
    ["list", "--gallery", "--json"],
    ["list", "--key-file", "--json"],
    ["enroll", "Ada", "ada.jpg", "--gallery", "--encrypt"],
    ["train", "people", "--base", "--freeze"],
  ])("%s %s: does not take an option for a path", async (...argv) => {
    await expect(run(...argv)).rejects.toMatchObject({ code: "commander.invalidArgument" });
  });
});
