import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { expect, it, onTestFinished } from "vitest";
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
