import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { expect, it, onTestFinished } from "vitest";
import { requireEmptyFolder } from "../../src/cli/new-folder.ts";
import { requireRunFolder } from "../../src/cli/run-folder.ts";

it("refuses a file in the folder's place before any data are read", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fovea-run-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "afile");
  await writeFile(file, "");
  const command = new Command("train");
  for (const out of [file, join(file, "run")]) {
    await expect(requireRunFolder({ out }, command)).rejects.toMatchObject({
      code: "output-unwritable",
      message: `${out} is a file, or goes through one; name a new folder.`,
    });
  }
  await expect(requireRunFolder({ out: join(folder, "new") }, command)).resolves.toBeUndefined();
});

it("tries whether the folder can be written to, and leaves no trace of that", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fovea-run-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "empty"));
  const command = new Command("train");
  await requireRunFolder({ out: join(folder, "empty") }, command);
  await requireRunFolder({ out: join(folder, "new/run") }, command);
  await requireEmptyFolder(join(folder, "new"));
  expect(await readdir(folder)).toEqual(["empty"]);
  expect(await readdir(join(folder, "empty"))).toEqual([]);
});

it.runIf(process.platform === "linux")("refuses a folder that cannot be made", async () => {
  const refusal = {
    code: "output-unwritable",
    message: "Cannot write `/proc/run`: no file or folder can be made there; choose another folder.",
  };
  await expect(requireRunFolder({ out: "/proc/run" }, new Command("train"))).rejects.toMatchObject(refusal);
  await expect(requireEmptyFolder("/proc/run")).rejects.toMatchObject(refusal);
});
