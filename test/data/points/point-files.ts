import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { savePicture } from "../../../src/image/index.ts";

/** A temporary folder with text files and pictures of 40 × 30 pixels, each of another grey, removed after the test. */
export async function folderWith(
  texts: Record<string, string>,
  pictures: readonly string[],
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fovea-points-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  for (const [i, name] of pictures.entries()) {
    const data = new Uint8Array(3 * 40 * 30).fill(128 + i);
    await savePicture({ width: 40, height: 30, data }, join(folder, name));
  }
  return folder;
}
