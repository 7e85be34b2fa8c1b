import { expect, test } from "vitest";
import { loadDetectionDataset } from "../../src/data/index.ts";
import { makeFolder, png, turnedJpeg, vocXml } from "./folder-fixture.ts";

const cat = vocXml({ objects: [["cat", 10, 20, 30, 40]] });
const dog = vocXml({ objects: [["dog", 1, 2, 99, 79]] });

const idsOf = (samples: { id: string }[]) => samples.map(({ id }) => id);

test("reads annotations beside a folder of pictures, with splits from lists", async () => {
  const root = await makeFolder({
    "annotations/a.xml": cat,
    "annotations/b.xml": dog,
    "annotations/c.xml": vocXml({}),
    "images/a.png": await png(),
    "images/b.PNG": await png(100, 80, 1),
    "images/c.png": await png(100, 80, 2),
    "train.txt": "\uFEFFa\r\nb.png\r\n\r\n",
    "val.txt": "images/c.png\n",
  });
  const dataset = await loadDetectionDataset(root);
  expect(dataset.format).toBe("voc");
  expect(dataset.classes).toEqual(["cat", "dog"]);
  expect(dataset.splitSource).toBe("files");
  expect(dataset.problems).toEqual([]);
  expect(dataset.splits.train).toEqual([
    {
      id: "a",
      path: `${root}/images/a.png`,
      width: 100,
      height: 80,
      boxes: [{ classIndex: 0, box: [10, 20, 30, 40] }],
    },
    {
      id: "b",
      path: `${root}/images/b.PNG`,
      width: 100,
      height: 80,
      boxes: [{ classIndex: 1, box: [1, 2, 99, 79] }],
    },
  ]);
  expect(dataset.splits.val.map(({ id, boxes }) => [id, boxes])).toEqual([["c", []]]);
  expect(dataset.splits.test).toEqual([]);
});

test("tells names that end like a picture's from pictures' names", async () => {
  const root = await makeFolder({
    "annotations/a.jpg.xml": cat, // as some tools call it, beside a.jpg
    "annotations/b.png.xml": cat,
    "annotations/b.xml": dog,
    "images/a.jpg": await turnedJpeg(100, 80, 1),
    "images/b.png.png": await png(100, 80, 1),
    "images/b.jpg": await png(100, 80, 2),
    "train.txt": "a.jpg\nb.png\n",
    "val.txt": "b.jpg\n",
  });
  const { splits, problems } = await loadDetectionDataset(root);
  expect(problems).toEqual([]);
  const pathsOf = (samples: readonly { path: string }[]) =>
    samples.map(({ path }) => path.slice(root.length + 8));
  expect(pathsOf(splits.train)).toEqual(["a.jpg", "b.png.png"]);
  expect(pathsOf(splits.val)).toEqual(["b.jpg"]);
});

test("reads the challenge's own layout, and leaves out what its lists do not name", async () => {
  const root = await makeFolder({
    "Annotations/a.xml": cat,
    "Annotations/b.xml": dog,
    "Annotations/unlisted.xml": "<broken",
    "JPEGImages/a.png": await png(),
    "JPEGImages/b.png": await png(100, 80, 1),
    "ImageSets/Main/train.txt": "a\n",
    "ImageSets/Main/val.txt": "b  1\n",
    "ImageSets/Main/trainval.txt": "a\nb\n",
  });
  const { splits, problems } = await loadDetectionDataset(root);
  expect([idsOf(splits.train), idsOf(splits.val)]).toEqual([["a"], ["b"]]);
  expect(problems).toEqual([]);
});

test("reads annotations in the folder of their pictures, and splits from such folders", async () => {
  const root = await makeFolder({
    "train/a.xml": cat,
    "train/a.png": await png(),
    "valid/b.xml": dog,
    "valid/b.png": await png(100, 80, 1),
  });
  const { splits, splitSource } = await loadDetectionDataset(root);
  expect([idsOf(splits.train), idsOf(splits.val)]).toEqual([["a"], ["b"]]);
  expect(splitSource).toBe("files");
});

test("a picture without an annotation beside the folders of splits leaves the splits as they are", async () => {
  const root = await makeFolder({
    "preview.png": await png(100, 80, 3),
    "train/a.xml": cat,
    "train/a.png": await png(),
    "valid/b.xml": dog,
    "valid/b.png": await png(100, 80, 1),
    "test/c.xml": dog,
    "test/c.png": await png(100, 80, 2),
  });
  const { splits, splitSource, problems } = await loadDetectionDataset(root);
  expect([idsOf(splits.train), idsOf(splits.val), idsOf(splits.test)]).toEqual([["a"], ["b"], ["c"]]);
  expect(splitSource).toBe("files");
  expect(problems.map(({ kind, file }) => [kind, file.slice(root.length + 1)])).toEqual([
    ["annotation-missing", "preview.png"],
  ]);
});

test("finds the picture that <filename> names where none has the annotation's name", async () => {
  const root = await makeFolder({
    "annotations/0001.xml": vocXml({ filename: "street.png", objects: [["cat", 1, 2, 3, 4]] }),
    "images/photos/street.png": await png(),
    "train.txt": "0001",
    "val.txt": "",
  });
  const { splits, problems } = await loadDetectionDataset(root);
  expect(idsOf(splits.train)).toEqual(["photos/street"]);
  expect(problems).toEqual([]);
});

test("takes the order of the classes from classes.txt, and skips what it does not list", async () => {
  const root = await makeFolder({
    "classes.txt": "zebra\ncat\n",
    "annotations/a.xml": cat,
    "annotations/b.xml": vocXml({
      objects: [
        ["dog", 1, 2, 3, 4],
        ["cat", 1, 2, 3, 4],
      ],
    }),
    "images/a.png": await png(),
    "images/b.png": await png(100, 80, 1),
  });
  const { classes, splits, problems } = await loadDetectionDataset(root);
  expect(classes).toEqual(["zebra", "cat"]);
  expect([...splits.train, ...splits.val].map(({ boxes }) => boxes.length)).toEqual([1, 1]);
  expect(problems).toEqual([
    {
      kind: "class-unknown",
      file: `${root}/annotations/b.xml`,
      detail: 'Object 1 is of class "dog", which `classes.txt` does not list: skipped.',
    },
  ]);
});

test("keeps class names as they are written: numbers, spaces, entities", async () => {
  const objects: [string, number, number, number, number][] = [
    ["007", 1, 2, 3, 4],
    [" black cat ", 1, 2, 3, 4],
    ["R&amp;B", 1, 2, 3, 4],
  ];
  const root = await makeFolder({ "a.xml": vocXml({ objects }), "a.png": await png() });
  expect((await loadDetectionDataset(root)).classes).toEqual(["007", "R&B", "black cat"]);
});

test("reads the mark of difficult objects, and no stated size as unknown", async () => {
  const root = await makeFolder({
    "a.xml": vocXml({
      size: [0, 0],
      objects: [["cat", 1, 2, 3, 4]],
      extra: "<difficult>1</difficult>",
    }),
    "a.png": await png(),
  });
  const { splits, problems } = await loadDetectionDataset(root);
  expect([...splits.train, ...splits.val][0].boxes).toEqual([
    { classIndex: 0, box: [1, 2, 3, 4], difficult: true },
  ]);
  expect(problems).toEqual([]);
});

test("names every unusable file once and goes on", async () => {
  const root = await makeFolder({
    "annotations/good.xml": cat,
    "annotations/broken.xml": "<annotation><object>",
    "annotations/other.xml": "<html/>",
    "annotations/lonely.xml": cat,
    "annotations/text.xml": cat,
    "images/good.png": await png(),
    "images/broken.png": await png(100, 80, 1),
    "images/other.png": await png(100, 80, 2),
    "images/bare.png": await png(100, 80, 3),
    "images/text.png": "not a picture",
    "train.txt": "good\nbroken\nother\nlonely\nbare\ntext\nnowhere\n",
    "val.txt": "good\n",
  });
  const { splits, problems } = await loadDetectionDataset(root);
  // "good" is in both lists and must not be learnt from.
  expect([idsOf(splits.train), idsOf(splits.val)]).toEqual([[], ["good"]]);
  const found = problems.map(({ kind, file }) => [kind, file.slice(root.length + 1)]);
  expect(found.sort()).toEqual([
    ["annotation-missing", "images/bare.png"],
    ["annotation-unreadable", "annotations/broken.xml"],
    ["annotation-unreadable", "annotations/other.xml"],
    ["duplicate", "train.txt"],
    ["picture-missing", "annotations/lonely.xml"],
    ["picture-missing", "train.txt"],
    ["picture-unreadable", "images/text.png"],
  ]);
  expect(problems.find(({ file }) => file.endsWith("train.txt"))?.detail).toContain("`good`");
});
