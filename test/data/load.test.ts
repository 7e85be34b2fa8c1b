import { expect, test } from "vitest";
import { FoveaError } from "../../src/core/index.ts";
import { loadDetectionDataset } from "../../src/data/index.ts";
import { makeFolder, png, vocXml } from "./folder-fixture.ts";

const xml = vocXml({ objects: [["cat", 10, 20, 30, 40]] });
const coco = JSON.stringify({
  images: [{ id: 1, file_name: "a.png" }],
  annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [1, 2, 3, 4] }],
  categories: [{ id: 1, name: "dog" }],
});

async function failure(dir: string, options = {}): Promise<FoveaError> {
  const error = await loadDetectionDataset(dir, options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FoveaError);
  return error as FoveaError;
}

test("a folder with two formats needs to be told which, and can be", async () => {
  const root = await makeFolder({
    "annotations/a.xml": xml,
    "annotations/instances_train.json": coco,
    "data.yaml": "train: images\nnames: [bird]\n",
    "labels/a.txt": "0 .5 .5 .5 .5",
    "images/a.png": await png(),
  });
  const error = await failure(root);
  expect(error.code).toBe("dataset-format");
  expect(error.message).toBe(
    `\`${root}\` has annotations of Pascal VOC and COCO and YOLO: say which to read with \`--format voc|coco|yolo\`.`,
  );
  for (const [format, name] of [
    ["voc", "cat"],
    ["coco", "dog"],
    ["yolo", "bird"],
  ] as const) {
    const dataset = await loadDetectionDataset(root, { format });
    expect([dataset.format, dataset.classes]).toEqual([format, [name]]);
  }
});

test.each([
  [undefined, ["`annotations/`", "(Pascal VOC)", "(COCO)", "`data.yaml`", "(YOLO)"]],
  ["coco" as const, ["`instances_*.json`", "(COCO)", "`--format`"]],
])("a folder without the format %s says what was looked for", async (format, words) => {
  const root = await makeFolder({ "a.png": await png(), "package.json": "{}", "pom.xml": "<project/>" });
  const error = await failure(root, { format });
  expect(error.code).toBe("dataset-format");
  for (const word of words) expect(error.message).toContain(word);
});

test("a folder that is not there", async () => {
  const error = await failure("/nowhere/at/all");
  expect([error.code, error.message]).toEqual([
    "folder-missing",
    "There is no folder `/nowhere/at/all`: check the path and the spelling.",
  ]);
});

test("a set without a usable box says how many pictures there were and what is wrong", async () => {
  const root = await makeFolder({
    "annotations/a.xml": vocXml({ objects: [["cat", 5, 5, 5, 5]] }),
    "annotations/b.xml": xml,
    "annotations/c.xml": vocXml({}),
    "images/a.png": await png(100, 80, 0),
    "images/c.png": await png(100, 80, 1),
  });
  const { code, message } = await failure(root);
  expect(code).toBe("dataset-empty");
  expect(message).toContain("2 annotated pictures, 1 of them usable, no usable box");
  expect(message).toContain("1 box has no area: a.xml");
  expect(message).toContain("1 picture is missing: b.xml");
  expect(message).toContain("The first: ");
});

test.each([-0.1, 1, Number.NaN])("a valFraction of %d is refused", async (valFraction) => {
  const root = await makeFolder({ "a.xml": xml, "a.png": await png() });
  const { code, message } = await failure(root, { valFraction });
  expect([code, message]).toEqual([
    "dataset-split",
    `\`valFraction\` (=${valFraction}) must be at least 0 and less than 1.`,
  ]);
});

test("progress counts every picture", async () => {
  const root = await makeFolder({
    "a.xml": xml,
    "a.png": await png(),
    "b.xml": xml,
    "b.png": "not a picture",
  });
  const calls: [number, number][] = [];
  await loadDetectionDataset(root, { onProgress: (done, total) => calls.push([done, total]) });
  expect(calls).toEqual([
    [1, 2],
    [2, 2],
  ]);
});
