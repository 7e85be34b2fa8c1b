import { expect, test } from "vitest";
import { datasetSheet, loadDetectionDataset } from "../../src/data/index.ts";
import { classColor, type Picture } from "../../src/image/index.ts";
import { makeFolder, png, vocXml } from "./folder-fixture.ts";

async function makeDataset() {
  // Twice the size of a tile, so that boxes have to shrink with their pictures.
  const objects: [string, number, number, number, number][] = [["cat", 160, 128, 480, 384]];
  const large = vocXml({ size: [640, 512], objects });
  const whole = await png(640, 512, 2);
  const root = await makeFolder({
    "annotations/a.xml": large,
    "annotations/b.xml": large,
    "annotations/cut.xml": large,
    "images/a.png": await png(640, 512, 0),
    "images/b.png": await png(640, 512, 1),
    // The header is sound, the pixels are not.
    "images/cut.png": whole.subarray(0, whole.length / 2),
    "train.txt": "a\ncut\n",
    "val.txt": "b\n",
  });
  return loadDetectionDataset(root);
}

/** Columns of the pixels that have a colour. */
function columnsOf({ width, data }: Picture, color: string): number[] {
  const [r, g, b] = [1, 3, 5].map((i) => Number.parseInt(color.slice(i, i + 2), 16));
  const columns: number[] = [];
  for (let i = 0; i < data.length; i += 3) {
    if (data[i] === r && data[i + 1] === g && data[i + 2] === b) columns.push((i / 3) % width);
  }
  return columns;
}

test("shows the boxes where they are, and passes over pictures that cannot be decoded", async () => {
  const dataset = await makeDataset();
  const sheet = await datasetSheet(dataset, { split: "train" });
  const columns = columnsOf(sheet, classColor(0));
  // One tile of 320 × 320, the box from a quarter to three quarters of its width.
  const left = (sheet.width - 320) / 2;
  expect(Math.min(...columns)).toBeGreaterThanOrEqual(left + 80);
  expect(Math.min(...columns)).toBeLessThanOrEqual(left + 82);
  expect(Math.max(...columns)).toBeGreaterThanOrEqual(left + 237);
  expect(Math.max(...columns)).toBeLessThanOrEqual(left + 240);
});

test("shows as many as asked for, chosen by the seed", async () => {
  const dataset = await makeDataset();
  const one = await datasetSheet(dataset, { count: 1 });
  const all = await datasetSheet(dataset);
  expect(all.width * all.height).toBeGreaterThan(one.width * one.height);
  const again = await datasetSheet(dataset, { count: 1 });
  expect(Buffer.compare(again.data, one.data)).toBe(0);
});

test("says so where there is nothing to show", async () => {
  await expect(datasetSheet(await makeDataset(), { split: "test" })).rejects.toMatchObject({
    code: "dataset-empty",
  });
});
