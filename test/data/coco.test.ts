import { expect, test } from "vitest";
import { loadDetectionDataset } from "../../src/data/index.ts";
import { makeFolder, png } from "./folder-fixture.ts";

interface Fixture {
  images?: unknown[];
  annotations?: unknown[];
  categories?: unknown[];
}

const image = (id: number, file_name: string) => ({ id, file_name, width: 100, height: 80 });

function coco({
  images = [image(1, "a.png")],
  annotations = [{ id: 1, image_id: 1, category_id: 3, bbox: [10, 20, 30, 40], area: 1200, iscrowd: 0 }],
  categories = [{ id: 3, name: "cat" }],
}: Fixture): string {
  return JSON.stringify({ images, annotations, categories });
}

test("reads the layout of COCO itself: a file and a picture folder for each split", async () => {
  const categories = [
    { id: 18, name: "dog", supercategory: "animal" },
    { id: 1, name: "person", supercategory: "person" },
  ];
  const annotations = [
    { id: 1, image_id: 7, category_id: 18, bbox: [1.5, 2, 30, 40.25], area: 700, iscrowd: 0 },
    { id: 2, image_id: 7, category_id: 1, bbox: [0, 0, 100, 80], area: 8000, iscrowd: 1 },
  ];
  const root = await makeFolder({
    "annotations/instances_train2017.json": coco({ images: [image(7, "1.png")], annotations, categories }),
    "annotations/instances_val2017.json": coco({
      images: [image(7, "1.png"), image(8, "2.png")],
      annotations: annotations.slice(0, 1),
      categories,
    }),
    "annotations/captions_val2017.json": "{}",
    "train2017/1.png": await png(100, 80, 0),
    "val2017/1.png": await png(100, 80, 1),
    "val2017/2.png": await png(100, 80, 2),
  });
  const { format, classes, splits, splitSource, problems } = await loadDetectionDataset(root);
  expect([format, splitSource, problems]).toEqual(["coco", "files", []]);
  expect(classes).toEqual(["person", "dog"]);
  // Two pictures share the name "1": their splits tell them apart.
  expect(splits.train).toEqual([
    {
      id: "train/1",
      path: `${root}/train2017/1.png`,
      width: 100,
      height: 80,
      boxes: [
        { classIndex: 1, box: [1.5, 2, 31.5, 42.25], area: 700 },
        { classIndex: 0, box: [0, 0, 100, 80], crowd: true },
      ],
    },
  ]);
  expect(splits.val.map(({ id, boxes }) => [id, boxes.length])).toEqual([
    ["2", 0],
    ["val/1", 1],
  ]);
});

test("reads Roboflow's export, without its placeholder category", async () => {
  const categories = [
    { id: 0, name: "animals", supercategory: "none" },
    { id: 1, name: "cat", supercategory: "animals" },
  ];
  const annotations = [{ id: 0, image_id: 0, category_id: 1, bbox: [1, 2, 3, 4] }];
  const json = coco({ images: [image(0, "a_jpg.rf.01.png")], annotations, categories });
  const root = await makeFolder({
    "train/_annotations.coco.json": json,
    "valid/_annotations.coco.json": json.replace("rf.01", "rf.02"),
    "test/_annotations.coco.json": json.replace("rf.01", "rf.03"),
    "train/a_jpg.rf.01.png": await png(100, 80, 0),
    "valid/a_jpg.rf.02.png": await png(100, 80, 1),
    "test/a_jpg.rf.03.png": await png(100, 80, 2),
  });
  const { classes, splits } = await loadDetectionDataset(root);
  expect(classes).toEqual(["cat"]);
  expect([splits.train[0].id, splits.val[0].id, splits.test[0].id]).toEqual([
    "a_jpg.rf.01",
    "a_jpg.rf.02",
    "a_jpg.rf.03",
  ]);
});

test.each([
  ["instances.json", "a.png", "a.png"],
  ["instances.json", "images/a.png", "images/a.png"],
  ["annotations/instances_default.json", "images/default/a.png", "a.png"],
  ["annotations/instances_default.json", "pictures/a.png", "a.png"],
  ["annotations.json", "images/sub/a.png", "sub/a.png"],
  ["annotations/train.json", "images/train/a.png", "a.png"],
  ["_annotations.coco.json", "a.png", "a.png"],
  ["instances.json", "images/a.png", "C:\\data\\a.png"],
])("%s finds %s by the name %s", async (json, picture, fileName) => {
  const root = await makeFolder({
    [json]: coco({ images: [image(1, fileName)] }),
    [picture]: await png(),
  });
  const { splits, splitSource, problems } = await loadDetectionDataset(root, { valFraction: 0 });
  expect(problems).toEqual([]);
  expect(splitSource).toEqual({ seed: 0, valFraction: 0 });
  expect(splits.train.map(({ id, path }) => [id, path])).toEqual([
    [fileName.includes("sub") ? "sub/a" : "a", `${root}/${picture}`],
  ]);
});

test("a file for evaluation only is all `val`, and `train` stays empty", async () => {
  const root = await makeFolder({ "instances_val.json": coco({}), "a.png": await png() });
  const { splits, splitSource } = await loadDetectionDataset(root);
  expect([splits.train.length, splits.val.length, splitSource]).toEqual([0, 1, "files"]);
});

test("names of categories are one line; categories that are called the same become one class, which is told", async () => {
  const categories = [
    { id: 1, name: " a" },
    { id: 2, name: "a " },
    { id: 3, name: "A" },
    { id: 4, name: "new\r\n line" },
    { id: 5, name: " " },
    { id: 6, name: "A", supercategory: "A" },
  ];
  const annotations = [1, 2, 3, 4, 5].map((id) => {
    return { id, image_id: 1, category_id: id, bbox: [10, 20, 30, 40] };
  });
  const root = await makeFolder({
    "instances_all.json": coco({ categories, annotations }),
    "a.png": await png(),
  });
  const { classes, splits, problems } = await loadDetectionDataset(root, { valFraction: 0 });
  expect(classes).toEqual(["a", "A", "new line", "5"]);
  expect(splits.train[0].boxes.map(({ classIndex }) => classIndex)).toEqual([0, 0, 1, 2, 3]);
  const detail = 'Categories 1 and 2 are both called "a": taken as one class.';
  expect(problems).toEqual([{ kind: "duplicate", file: `${root}/instances_all.json`, detail }]);
});

test("ids may be text: categories by number, then by name, and the same for pictures and annotations", async () => {
  const categories = [
    { id: "dog", name: "dog" },
    { id: "cat", name: "cat" },
    { id: "10", name: "ten" },
    { id: 9, name: "nine" },
    { id: "90071992547409931", name: "far" },
    { id: "90071992547409932", name: "farther" },
  ];
  const annotations = categories.map(({ id }, i) => {
    return { id: i, image_id: i % 2 ? "1" : 1, category_id: id === 9 ? "9" : id, bbox: [10, 20, 30, 40] };
  });
  const images = [image(1, "a.png"), { ...image(0, "b.png"), id: "b" }];
  const more = { id: 7, image_id: "b", category_id: 10, bbox: [1, 2, 3, 4] };
  const root = await makeFolder({
    "instances_all.json": coco({ images, categories, annotations: [...annotations, more] }),
    "a.png": await png(),
    "b.png": await png(100, 80, 1),
  });
  const { classes, splits, problems } = await loadDetectionDataset(root, { valFraction: 0 });
  expect(problems).toEqual([]);
  expect(classes).toEqual(["nine", "ten", "far", "farther", "cat", "dog"]);
  expect(splits.train.map(({ boxes }) => boxes.map(({ classIndex }) => classes[classIndex]))).toEqual([
    categories.map(({ name }) => name),
    ["ten"],
  ]);
});

test("names every unusable entry once and goes on", async () => {
  const images = [
    image(1, "a.png"),
    image(2, "gone.png"),
    { id: 3 },
    image(4, "a.png"),
    image(5, "twice.png"),
  ];
  const annotation = { image_id: 1, category_id: 3, bbox: [10, 20, 30, 40] };
  const annotations = [
    { ...annotation, id: 1 },
    { ...annotation, id: 2, image_id: 99 },
    { ...annotation, id: 3, category_id: 77 },
    { ...annotation, id: 4, bbox: [10, 20, 30] },
    { ...annotation, id: 5, bbox: [10, 20, "x", 4] },
    { ...annotation, id: 6, bbox: [10, 20, 0, 4] },
    { ...annotation, id: 7, bbox: [40, 60, -30, -40] },
    { ...annotation, id: 8, bbox: ["10", "20", "30", "40"] },
  ];
  const root = await makeFolder({
    "instances_all.json": coco({ images, annotations }),
    "instances_more.json": "{",
    "instances_less.json": "[]",
    "images/a.png": await png(),
    "images/one/twice.png": await png(100, 80, 1),
    "images/two/twice.png": await png(100, 80, 2),
  });
  const { splits, problems } = await loadDetectionDataset(root, { valFraction: 0 });
  expect(splits.train.map(({ id, boxes }) => [id, boxes.map(({ box }) => box)])).toEqual([
    [
      "a",
      [
        [10, 20, 40, 60],
        [10, 20, 40, 60],
        [10, 20, 40, 60],
      ],
    ],
  ]);
  const expected = [
    ["annotation-unreadable", "it has no list `images`"],
    ["annotation-unreadable", "The JSON cannot be read"],
    ["picture-missing", "Annotation 2 belongs to image 99, which"],
    ["class-unknown", "Annotation 3 has category 77, which"],
    ["picture-missing", "Picture `gone.png` (image 2)"],
    ["annotation-unreadable", "Image 3 has no `file_name`"],
    ["picture-missing", "Picture `twice.png` (image 5)"],
    ["duplicate", "images/a.png` is in the set twice: kept once."],
    ["box-not-a-number", "Annotation 4 of `a.png` [10, 20, 30] does not"],
    ["box-not-a-number", "Annotation 5 of `a.png` [10, 20, x, 4] does not"],
    ["box-empty", "Annotation 6 of `a.png` [10, 20, 10, 24] has no area"],
    ["box-inverted", "Annotation 7 of `a.png` [40, 60, 10, 20] has"],
  ];
  expect(problems.map(({ kind, detail }) => [kind, detail])).toEqual(
    expected.map(([kind, detail]) => [kind, expect.stringContaining(detail)]),
  );
});
