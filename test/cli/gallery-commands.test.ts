import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { addFaceEnroll } from "../../src/cli/commands/face-enroll.ts";
import { addFaceGallery } from "../../src/cli/commands/face-gallery.ts";
import { addFaceTrain } from "../../src/cli/commands/face-train.ts";
import { Gallery } from "../../src/face/gallery/index.ts";
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
