import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { requireEvaluationFolder } from "../../src/cli/evaluation-folder.ts";

it("refuses an evaluation in the folder of a training, whose report it would replace, and where nothing can be written", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fovea-run-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await expect(requireEvaluationFolder(folder)).resolves.toBeUndefined();
  await expect(requireEvaluationFolder(join(folder, "eval"))).resolves.toBeUndefined();
  await writeFile(join(folder, "checkpoint.fovea"), "");
  await expect(requireEvaluationFolder(folder)).rejects.toMatchObject({
    code: "output-exists",
    message: expect.stringContaining(`--out ${join(folder, "eval")}.`),
  });
  await expect(requireEvaluationFolder(join(folder, "eval"))).resolves.toBeUndefined();
  await expect(requireEvaluationFolder(join(folder, "checkpoint.fovea", "eval"))).rejects.toMatchObject({
    code: "output-unwritable",
  });
});
