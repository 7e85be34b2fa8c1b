import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import {
  describeDataset,
  formatProblems,
  loadDetectionDataset,
  writeDetectionDataset,
} from "../../src/data/index.ts";
import { makeFolder } from "./folder-fixture.ts";

const DATA = resolve(import.meta.dirname, "../../../shared/data");

/** A test on a real data set; skipped, with a word, where that is not on this machine. */
function onData(set: string, name: string, run: (folder: string) => Promise<void>): void {
  const folder = join(DATA, set);
  const present = existsSync(folder);
  if (!present) console.log(`Skipped "${name}": there is no ${folder}.`);
  test.skipIf(!present)(name, () => run(folder));
}

onData("bccd", "BCCD: 205 + 87 pictures, two boxes without area", async (folder) => {
  const dataset = await loadDetectionDataset(folder);
  expect(dataset.classes).toEqual(["Platelets", "RBC", "WBC"]);
  expect(dataset.splits.train.length).toBe(205);
  expect(dataset.splits.val.length).toBe(87);
  expect(formatProblems(dataset.problems)).toBe(
    "2 boxes have no area: BloodImage_00338.xml, BloodImage_00343.xml",
  );
  const { classes } = describeDataset(dataset);
  expect(classes.map(({ boxes }) => boxes)).toEqual([292, 3348, 301]);
});

onData("raccoon", "raccoon: 128 + 32 pictures, one of them in both", async (folder) => {
  const { classes, splits, problems } = await loadDetectionDataset(folder);
  expect([classes, splits.train.length, splits.val.length]).toEqual([["raccoon"], 128, 32]);
  expect(splits.train[0]).toMatchObject({ id: "raccoon-1", width: 650, height: 417 });
  expect(splits.train[0].boxes).toEqual([{ classIndex: 0, box: [81, 88, 522, 408] }]);
  expect(problems.map(({ kind, detail }) => [kind, detail])).toEqual([
    [
      "duplicate",
      "Picture `raccoon-120` of train is, byte for byte, `raccoon-83` of val: kept, but it leaks.",
    ],
  ]);
});

onData("voc100", "VOC: 50 pictures without lists, through all three formats", async (folder) => {
  const original = await loadDetectionDataset(folder);
  expect([original.splits.train.length, original.splits.val.length]).toEqual([40, 10]);
  expect(original.problems).toEqual([]);
  let dataset = original;
  for (const format of ["coco", "yolo", "voc"] as const) {
    const out = await makeFolder({});
    await writeDetectionDataset(dataset, out, format);
    dataset = await loadDetectionDataset(out);
    expect([dataset.format, dataset.fingerprint]).toEqual([format, original.fingerprint]);
  }
});
