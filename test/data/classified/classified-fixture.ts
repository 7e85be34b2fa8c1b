import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { beforeAll, expect } from "vitest";
import {
  type ClassificationDataset,
  type LoadClassificationOptions,
  loadClassificationDataset,
} from "../../../src/data/classified/index.ts";
import { png } from "../folder-fixture.ts";
import { packFolder } from "./tar-fixture.ts";

export const noDraw: LoadClassificationOptions = { valFraction: 0 };

let picture: Uint8Array;
beforeAll(async () => {
  picture = await png(8, 6);
});

/** Files of the given paths, all the same small picture in as many bytes, but other bytes behind it. */
export function pictures(...paths: string[]): Record<string, Uint8Array> {
  const content = (path: string) => Buffer.concat([picture, createHash("sha256").update(path).digest()]);
  return Object.fromEntries(paths.map((path) => [path, content(path)]));
}

/** `id class` of each example, by split. */
export function contents({ classes, splits }: ClassificationDataset): Record<string, string[]> {
  const lists: [split: string, examples: { id: string; classIndex: number }[]][] = Object.entries(splits);
  const lines = lists.map(([split, examples]) => [
    split,
    examples.map(({ id, classIndex }) => `${id} ${classes[classIndex]}`),
  ]);
  return Object.fromEntries(lines);
}

export function ids(dataset: ClassificationDataset, split: "train" | "val" | "test"): string[] {
  return dataset.splits[split].map(({ id }) => id);
}

export function countByClass(dataset: ClassificationDataset, split: "train" | "val" | "test"): number[] {
  const counts = dataset.classes.map(() => 0);
  for (const { classIndex } of dataset.splits[split]) counts[classIndex]++;
  return counts;
}

/** Packs a folder into an archive at a path. */
export async function packFolderAs(path: string, folder: string): Promise<void> {
  await writeFile(path, await readFile(await packFolder(folder)));
}

/** Expects an error of one sentence. */
export async function expectRefused(
  path: string,
  code: string,
  message: RegExp,
  options: LoadClassificationOptions = {},
): Promise<void> {
  const error = await loadClassificationDataset(path, options).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "FoveaError", code, message: expect.stringMatching(message) });
  expect((error as Error).message).toMatch(/\.$/);
  expect((error as Error).message).not.toContain("\n");
}
