import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { addFaceEnroll } from "../../src/cli/commands/face-enroll.ts";
import { addFaceGallery } from "../../src/cli/commands/face-gallery.ts";
import { addFaceTrain } from "../../src/cli/commands/face-train.ts";
import { quietOption } from "../../src/cli/options.ts";
import { Gallery } from "../../src/face/gallery/index.ts";
import { ClusteredEncodings } from "../face/gallery/clustered-encodings.ts";
import { emptyGallery, temporaryFolder } from "../face/gallery/new-gallery.ts";
import { encoder, facesOf, key } from "../face/gallery/people-of-tests.ts";

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
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
  const program = new Command().addOption(quietOption()).exitOverride();
  program.configureOutput({ outputError: () => {} });
  for (const add of [addFaceGallery, addFaceEnroll, addFaceTrain]) add(program);
  for (const command of program.commands) {
    command.exitOverride().configureOutput({ outputError: () => {} });
  }
  await program.parseAsync(["--quiet", ...argv], { from: "user" });
  return JSON.parse(written.join(""));
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
