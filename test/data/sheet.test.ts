import { expect, test } from "vitest";
import { datasetSheet, loadDetectionDataset } from "../../src/data/index.ts";
import { classColor, type Picture } from "../../src/image/index.ts";
import { makeFolder, png, vocXml } from "./folder-fixture.ts";

async function makeDataset() {
  // Twice the size of a tile, so that boxes have to shrink with their pictures.
  const objects: [string, number, number, number, number][] = [["cat", 64, 128, 480, 448]];
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

/** The pixels that have a colour. */
function pixelsOf({ width, data }: Picture, color: string): { x: number; y: number }[] {
  const [r, g, b] = [1, 3, 5].map((i) => Number.parseInt(color.slice(i, i + 2), 16));
  const pixels: { x: number; y: number }[] = [];
  for (let i = 0; i < data.length; i += 3) {
    if (data[i] !== r || data[i + 1] !== g || data[i + 2] !== b) continue;
    pixels.push({ x: (i / 3) % width, y: Math.floor(i / 3 / width) });
  }
  return pixels;
}

test("shows the boxes where they are, and passes over pictures that cannot be decoded", async () => {
  const dataset = await makeDataset();
  const sheet = await datasetSheet(dataset, { split: "train" });
  const box = pixelsOf(sheet, classColor(0));
  // One tile of 320 × 320 below the heading, above its caption, with a gap of 12 around; the picture, 320 × 256, in its middle.
  expect([sheet.width, sheet.height]).toEqual([344, 404]);
  const [left, top] = [12, 48 + 32];
  const columns = box.map(({ x }) => x);
  // The label's tag stands on the left of the box and is as wide as its text.
  const rows = box.filter(({ x }) => x > left + 140).map(({ y }) => y);
  const near = (found: number, expected: number) => expect(Math.abs(found - expected)).toBeLessThanOrEqual(1);
  near(Math.min(...columns), left + 32);
  near(Math.max(...columns), left + 239);
  near(Math.min(...rows), top + 64);
  near(Math.max(...rows), top + 223);
});

test("shows as many as asked for, chosen by the seed", async () => {
  const dataset = await makeDataset();
  const one = await datasetSheet(dataset, { count: 1 });
  const all = await datasetSheet(dataset);
  expect(all.width * all.height).toBeGreaterThan(one.width * one.height);
  const again = await datasetSheet(dataset, { count: 1 });
  expect(Buffer.compare(again.data, one.data)).toBe(0);
  const sheets = await Promise.all(
    [0, 1, 2, 3, 4, 5].map((seed) => datasetSheet(dataset, { count: 1, seed })),
  );
  // Two pictures can be shown.
  expect(new Set(sheets.map(({ data }) => Buffer.from(data).toString("base64"))).size).toBe(2);
});

test("says so where there is nothing to show", async () => {
  await expect(datasetSheet(await makeDataset(), { split: "test" })).rejects.toMatchObject({
    code: "dataset-empty",
  });
});
