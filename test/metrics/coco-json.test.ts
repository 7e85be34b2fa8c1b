import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  parseCocoDetections,
  parseCocoGroundTruth,
  readCocoDetections,
  readCocoEvaluation,
  readCocoGroundTruth,
} from "../../src/metrics/index.ts";

const instances = {
  info: {},
  images: [{ id: 7, width: 10, height: 10, file_name: "a.jpg" }],
  categories: [{ id: 1, name: "cat", supercategory: "animal" }],
  annotations: [
    { id: 1, image_id: 7, category_id: 1, bbox: [1, 2, 3, 4], area: 9.5, iscrowd: 1, segmentation: [] },
    { id: 2, image_id: 7, category_id: 1, bbox: [0, 0, 1, 1] },
  ],
};

test("ground truth", () => {
  expect(parseCocoGroundTruth(instances)).toEqual({
    images: [7],
    categories: [{ id: 1, name: "cat" }],
    annotations: [
      { imageId: 7, categoryId: 1, bbox: [1, 2, 3, 4], area: 9.5, iscrowd: true },
      { imageId: 7, categoryId: 1, bbox: [0, 0, 1, 1], area: undefined, iscrowd: false },
    ],
  });
});

test("detections", () => {
  expect(parseCocoDetections([{ image_id: "a", category_id: 2, bbox: [1, 2, 3, 4], score: 0.25 }])).toEqual([
    { imageId: "a", categoryId: 2, bbox: [1, 2, 3, 4], score: 0.25 },
  ]);
});

test.each([
  [{ ...instances, annotations: {} }, "gt: annotations must be a list, but is {}."],
  [{ images: instances.images }, "gt: categories must be a list, but is nothing."],
  [{ ...instances, images: [{ id: null }] }, "gt: images[0]: id must be an id, but is null."],
  [
    { ...instances, annotations: [{ image_id: 1, category_id: 1, bbox: [1, 2, 3] }] },
    "gt: annotations[0]: bbox must be a box [x, y, width, height], but is [1,2,3].",
  ],
  [{ ...instances, categories: [{ id: 1, name: 3 }] }, "gt: categories[0]: name must be a string, but is 3."],
  [null, "gt must be an object, but is null."],
])("names the place of what is wrong (%#)", (content, message) => {
  expect(() => parseCocoGroundTruth(content, "gt")).toThrow(message);
});

test("a detection without a score", () => {
  const detection = { image_id: 1, category_id: 1, bbox: [1, 2, 3, 4] };
  expect(() => parseCocoDetections([detection], "dt")).toThrow(
    "dt[0]: score must be a number, but is nothing.",
  );
});

test("files", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fovea-coco-"));
  try {
    const [good, broken] = [join(folder, "good.json"), join(folder, "broken.json")];
    await writeFile(good, JSON.stringify(instances));
    await writeFile(broken, "[{");
    expect(await readCocoGroundTruth(good)).toEqual(parseCocoGroundTruth(instances));
    await expect(readCocoDetections(broken)).rejects.toMatchObject({ code: "coco-unreadable" });
    await expect(readCocoDetections(join(folder, "none.json"))).rejects.toThrow(
      /none\.json does not exist: check the path\.$/,
    );
    await expect(readCocoDetections(folder)).rejects.toThrow(/ is a folder: name the JSON file in it\.$/);
    await writeFile(broken, `\uFEFF${JSON.stringify(instances)}`);
    expect(await readCocoGroundTruth(broken)).toEqual(parseCocoGroundTruth(instances));
    await expect(readCocoDetections(good)).rejects.toMatchObject({ code: "coco-invalid" });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  [[{ image_id: 7, category_id: 9 }], undefined],
  [
    [{ image_id: 7 }, { image_id: "7" }],
    /dt\.json\[1\]: image_id is "7", .*gt\.json .*: ids are numbers there, text here\.$/,
  ],
  [[{ image_id: 8 }], /dt\.json\[0\]: image_id is 8, .*; give the ground truth of the same images\.$/],
  [
    [{ image_id: 7, category_id: "1" }],
    /dt\.json\[0\]: category_id is "1", .*: ids are numbers there, text here\.$/,
  ],
])("detections of %j belong to the ground truth, or are told by their file", async (ids, message) => {
  const folder = await mkdtemp(join(tmpdir(), "fovea-coco-"));
  try {
    const [truth, found] = [join(folder, "gt.json"), join(folder, "dt.json")];
    const detections = ids.map((id) => ({ category_id: 1, bbox: [0, 0, 1, 1], score: 1, ...id }));
    await writeFile(truth, JSON.stringify(instances));
    await writeFile(found, JSON.stringify(detections));
    if (message) await expect(readCocoEvaluation(truth, found)).rejects.toThrow(message);
    else expect((await readCocoEvaluation(truth, found)).detections).toHaveLength(1);
    await writeFile(truth, JSON.stringify({ ...instances, images: [{ id: "7" }] }));
    await expect(readCocoEvaluation(truth, found)).rejects.toThrow(
      /gt\.json: annotations\[0\]: image_id is 7, .*: ids are text there, numbers here\.$/,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
