import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { bringModel } from "../../src/cli/ready-models.ts";
import { useTemporaryCache } from "../models/temporary-cache.ts";

useTemporaryCache();

it("compares a ready model with the digest that is wanted", async () => {
  const { path } = await bringModel("faces-tiny", { quiet: true });
  const sha256 = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  expect(await bringModel("faces-tiny", { quiet: true, sha256 })).toEqual({ path, wasCached: true });
  const wrong = "0".repeat(64);
  await expect(bringModel("faces-tiny", { quiet: true, sha256: wrong })).rejects.toMatchObject({
    code: "digest-differs",
    message: expect.stringMatching(new RegExp(`"faces-tiny" .* has SHA-256 ${sha256}, not ${wrong}: `)),
  });
});

it("names FOVEA_CACHE where the model cannot be kept", async () => {
  const cache = process.env.FOVEA_CACHE!;
  await rm(cache, { recursive: true });
  await writeFile(cache, "a file in the folder's place");
  await expect(bringModel("faces-tiny", { quiet: true })).rejects.toMatchObject({
    code: "output-unwritable",
    message: expect.stringMatching(
      /^Cannot write .+\. Models are kept in the folder that FOVEA_CACHE names, /,
    ),
  });
});
