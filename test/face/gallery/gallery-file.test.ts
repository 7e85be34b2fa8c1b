import { lstat, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encoderOfExport, Gallery } from "../../../src/face/gallery/index.ts";
import { emptyGallery, temporaryFolder } from "./new-gallery.ts";
import { digestOf, encoder, facesOf } from "./people-of-tests.ts";

let folder: string;
let gallery: Gallery;
beforeAll(async () => {
  folder = await temporaryFolder();
  gallery = await Gallery.open(await emptyGallery(), { encoder });
}, 120_000);
afterAll(() => gallery.close());

async function fileOf(...lines: unknown[]): Promise<string> {
  const file = join(folder, "people.jsonl");
  await writeFile(
    file,
    lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"),
  );
  return file;
}

const header = {
  fovea: "face gallery",
  version: 2,
  encoder,
  exportedAt: "2025-01-01T00:00:00.000Z",
  people: 1,
  faces: 1,
};
const encoding = Float32Array.from({ length: 128 }, (_, k) => Math.fround(1 / (k + 3)));
const face = {
  encoding: Buffer.from(encoding.buffer).toString("base64"),
  digest: digestOf("ada"),
  enrolledAt: "2024-05-06T07:08:09.012Z",
};
const ada = { name: "Ada", enrolledAt: "2023-01-02T03:04:05.006Z", metadata: { a: [1] }, faces: [face] };

describe("A gallery's file", () => {
  it("holds what its description says", async () => {
    const file = join(folder, "out.jsonl");
    expect(await gallery.importFrom(await fileOf(header, ada))).toEqual({ people: 1, added: 1, known: 0 });
    expect((await gallery.people())[0].enrolledAt.toISOString()).toBe(ada.enrolledAt);
    await gallery.exportTo(file);
    const [first, second, ...others] = (await readFile(file, "utf8")).split("\n");
    expect(JSON.parse(first)).toEqual({ ...header, exportedAt: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(JSON.parse(second)).toEqual(ada);
    expect(others).toEqual([""]);
    expect((await stat(file)).mode & 0o077).toBe(0);
    await gallery.forget("Ada");
  });

  it.each([
    ["nothing", [""], "gallery-file-unreadable", /Line 1 .*empty/],
    ["a picture", ["\x89PNG\r\n"], "gallery-file-unreadable", /Line 1 .*no JSON/],
    ["other JSON", [{ people: [] }], "gallery-file-unreadable", /Line 1 .*no gallery's header/],
    ["null", ["null"], "gallery-file-unreadable", /no gallery's header/],
    ["no version", [{ ...header, version: "one" }], "gallery-file-unreadable", /no gallery's header/],
    [
      "an encoder that does not say how it was used",
      [{ ...header, encoder: { ...encoder, mirror: undefined } }],
      "gallery-file-unreadable",
      /whose encodings/,
    ],
    ["an empty encoder", [{ ...header, encoder: {} }], "gallery-file-unreadable", /whose encodings/],
    ["no count", [{ ...header, people: undefined }], "gallery-file-unreadable", /how many people/],
    ["half a seal", [{ ...header, sealed: {} }], "gallery-file-unreadable", /what its key is known by/],
    ["a later version", [{ ...header, version: 3 }], "gallery-newer", /format 3/],
    [
      "an earlier version",
      [{ ...header, version: 1 }],
      "gallery-older",
      /format 1.*enroll the pictures again/,
    ],
    [
      "faces that were encoded otherwise",
      [{ ...header, encoder: { ...encoder, mirror: false } }],
      "gallery-other-model",
      /encoded without their mirror images.*add --no-mirror/,
    ],
    [
      "another encoder's",
      [{ ...header, encoder: { ...encoder, name: "other", digest: "0" } }],
      "gallery-other-model",
      /`other`.*`test-encoder`/,
    ],
    ["a number for a name", [header, { ...ada, name: 5 }], "gallery-file-unreadable", /Line 2 .*nobody/],
    ["half a line", [header, JSON.stringify(ada).slice(0, 90)], "gallery-file-unreadable", /Line 2 /],
    [
      "no encoding",
      [header, { ...ada, faces: [{ ...face, encoding: undefined }] }],
      "gallery-file-unreadable",
      /Line 2 /,
    ],
    [
      "a short encoding",
      [header, { ...ada, faces: [{ ...face, encoding: "AAAA" }] }],
      "encoding-invalid",
      /numbers instead of 128/,
    ],
    [
      "no date",
      [header, { ...ada, enrolledAt: "yesterday" }],
      "gallery-file-unreadable",
      /"yesterday" is no date/,
    ],
    ["fewer people", [header], "gallery-file-truncated", /after 0 of 1 people/],
  ])("is refused where it holds %s", async (_, lines, code, message) => {
    await expect(gallery.importFrom(await fileOf(...lines))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(await gallery.people()).toEqual([]);
  });

  it("is refused where there is none, and where none can be written", async () => {
    const missing = join(folder, "missing.jsonl");
    await expect(gallery.importFrom(missing)).rejects.toMatchObject({ code: "gallery-file-unreadable" });
    await expect(encoderOfExport(missing)).rejects.toMatchObject({ code: "gallery-file-unreadable" });
    const file = await fileOf(header);
    await expect(gallery.exportTo(join(file, "x"))).rejects.toMatchObject({
      code: "output-unwritable",
      message: expect.stringContaining("a file stands where a folder is needed"),
    });
  });

  it("is not written among the gallery's own files", async () => {
    const own = join(gallery.title, "gallery.json");
    const before = await readFile(own, "utf8");
    for (const path of [own, join(gallery.title, "people.jsonl")]) {
      await expect(gallery.exportTo(path)).rejects.toMatchObject({
        code: "output-is-input",
        message: expect.stringContaining(gallery.title),
      });
    }
    expect(await readFile(own, "utf8")).toBe(before);
    const beside = `${gallery.title}.jsonl`;
    await gallery.exportTo(beside);
    const link = join(folder, "link.jsonl");
    await symlink(beside, link);
    await gallery.exportTo(link);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
  });

  it("makes its folder, and is whole", async () => {
    const file = join(folder, "new", "folder", "people.jsonl");
    await gallery.enroll({ name: "Ada", faces: facesOf([encoding], "ada") });
    await gallery.exportTo(file);
    await gallery.forget("Ada");
    expect(await gallery.importFrom(file)).toMatchObject({ people: 1, added: 1 });
    await gallery.forget("Ada");
  });

  it("keeps what was imported before the line that is bad", async () => {
    const bob = { ...ada, name: "Bob" };
    const file = await fileOf({ ...header, people: 3 }, ada, bob, "{");
    await expect(gallery.importFrom(file)).rejects.toThrow(/Line 4 /);
    expect((await gallery.people()).map(({ name }) => name)).toEqual(["Ada", "Bob"]);
    await gallery.forget(["Ada", "Bob"]);
  });

  it("is the same after an export whose target was there", async () => {
    const file = join(folder, "twice.jsonl");
    await gallery.enroll({ name: "Ada", faces: facesOf([encoding], "ada") });
    await gallery.exportTo(file);
    await gallery.exportTo(file);
    expect((await readFile(file, "utf8")).trimEnd().split("\n")).toHaveLength(2);
    await gallery.forget("Ada");
  });
});
