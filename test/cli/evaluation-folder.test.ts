import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { requireNoRun } from "../../src/cli/evaluation-folder.ts";

it("refuses an evaluation in the folder of a training, whose report it would replace", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fovea-run-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await expect(requireNoRun(folder)).resolves.toBeUndefined();
  await expect(requireNoRun(join(folder, "eval"))).resolves.toBeUndefined();
  await writeFile(join(folder, "checkpoint.fovea"), "");
  await expect(requireNoRun(folder)).rejects.toMatchObject({
    code: "output-exists",
    message: expect.stringContaining(`--out ${join(folder, "eval")}.`),
  });
  await expect(requireNoRun(join(folder, "eval"))).resolves.toBeUndefined();
});
