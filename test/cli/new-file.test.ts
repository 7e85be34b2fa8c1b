import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { firstFree } from "../../src/cli/new-file.ts";

it("gives a name that nothing has, with the lowest number", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fovea-free-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "styled.png");
  expect(firstFree(path)).toBe(path);
  await writeFile(path, "");
  expect(firstFree(path)).toBe(join(folder, "styled-2.png"));
  for (const name of ["styled-2.png", "styled-4.png"]) await writeFile(join(folder, name), "");
  expect(firstFree(path)).toBe(join(folder, "styled-3.png"));
});
