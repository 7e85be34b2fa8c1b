import { mkdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { loadDetectionDataset } from "../../src/data/index.ts";
import { makeFolder, png } from "./folder-fixture.ts";

const idsOf = (samples: { id: string }[]) => samples.map(({ id }) => id);

test("reads folders of pictures and labels; without labels a picture is background", async () => {
  const root = await makeFolder({
    "data.yaml": "path: .\ntrain: images/train\nval: images/val\ntest: images/test\nnames: [cat, dog]\n",
    "images/train/a.png": await png(100, 80, 0),
    "images/train/deep/b.png": await png(100, 80, 1),
    "images/val/c.png": await png(100, 80, 2),
    "images/test/d.png": await png(100, 80, 3),
    "labels/train/a.txt": "1 0.5 0.5 0.2 0.25\r\n\r\n0 0.1 0.1 0.2 0.2\n",
    "labels/train/deep/b.txt": "",
    "labels/val/c.txt": "0 .5 .5 1 1",
    "labels/train/classes.txt": "cat\ndog\n",
  });
  const { format, classes, splits, splitSource, problems } = await loadDetectionDataset(root);
  expect([format, classes, splitSource, problems]).toEqual(["yolo", ["cat", "dog"], "files", []]);
  expect(splits.train.map(({ id, boxes }) => [id, boxes.map(({ box }) => box)])).toEqual([
    [
      "a",
      [
        [40, 30, 60, 50],
        [0, 0, 20, 16],
      ],
    ],
    ["deep/b", []],
  ]);
  expect(splits.train[0].boxes.map(({ classIndex }) => classIndex)).toEqual([1, 0]);
  expect(splits.val.map(({ id, boxes }) => [id, boxes[0].box])).toEqual([["c", [0, 0, 100, 80]]]);
  expect(splits.test.map(({ id, boxes }) => [id, boxes])).toEqual([["d", []]]);
});

test.each([
  ["LabelImg's folder", { "classes.txt": "cat\ndog\n", "a.png": "picture", "a.txt": "label" }],
  [
    "Label Studio's export",
    { "classes.txt": "cat\ndog\n", "images/a.png": "picture", "labels/a.txt": "label" },
  ],
  [
    "darknet's, as CVAT has it",
    { "obj.names": "cat\r\ndog\r\n", "obj_train_data/a.png": "picture", "obj_train_data/a.txt": "label" },
  ],
  [
    "labels beside pictures in `images`",
    { "data.yaml": "names: [cat, dog]\ntrain: images\n", "images/a.png": "picture", "images/a.txt": "label" },
  ],
])("reads %s", async (_, files) => {
  const picture = await png(100, 80, 0);
  const contents = Object.entries(files).map(([name, content]): [string, string | Buffer] => [
    name,
    content === "picture" ? picture : content === "label" ? "1 0.5 0.5 0.2 0.25\n" : content,
  ]);
  const root = await makeFolder(Object.fromEntries(contents));
  const { format, classes, splits, problems } = await loadDetectionDataset(root);
  expect([format, classes, problems]).toEqual(["yolo", ["cat", "dog"], []]);
  expect([...splits.train, ...splits.val].map(({ id, boxes }) => [id, boxes])).toEqual([
    ["a", [expect.objectContaining({ classIndex: 1, box: [40, 30, 60, 50] })]],
  ]);
});

test("a list of classes keeps the splits of folders, and is none of YOLO's without label files", async () => {
  const picture = (shade: number) => png(100, 80, shade);
  const root = await makeFolder({
    "classes.txt": "cat\n",
    "images/train/a.png": await picture(0),
    "images/val/b.png": await picture(1),
    "labels/train/a.txt": "0 0.5 0.5 0.2 0.25\n",
    "labels/val/b.txt": "",
  });
  const { splits, splitSource } = await loadDetectionDataset(root);
  expect([idsOf(splits.train), idsOf(splits.val), splitSource]).toEqual([["a"], ["b"], "files"]);
  const bare = await makeFolder({
    "classes.txt": "cat\n",
    "images.txt": "a\n",
    "images/a.png": await picture(0),
  });
  await expect(loadDetectionDataset(bare)).rejects.toMatchObject({ code: "dataset-format" });
  const object =
    "<object><name>cat</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>9</xmax><ymax>8</ymax></bndbox></object>";
  const both = await makeFolder({
    "classes.txt": "cat\n",
    "images/a.png": await picture(0),
    "labels/a.txt": "0 0.5 0.5 0.2 0.25\n",
    "annotations/a.xml": `<annotation><filename>a.png</filename>${object}</annotation>`,
  });
  expect((await loadDetectionDataset(both)).format).toBe("voc");
  expect((await loadDetectionDataset(both, { format: "yolo" })).format).toBe("yolo");
});

test.each([
  "set/images/labels/a",
  "set/labels/images/a",
  "labels/set/images/images/a",
])("finds labels of a picture that lies in several folders `images` at %s.txt", async (labels) => {
  const path = labels.replace("labels", "images");
  const root = await makeFolder({
    "data.yaml": `train: ${path.slice(0, -"/images/a".length)}\nnames: [cat]\n`,
    [`${path}.png`]: await png(),
    [`${labels}.txt`]: "0 .5 .5 .5 .5",
  });
  const { splits, problems } = await loadDetectionDataset(root, { valFraction: 0 });
  expect([splits.train[0].boxes.length, problems]).toEqual([1, []]);
});

test.each([
  ["Roboflow's export", "train: ../train/images\nval: ../valid/images\n", ["train/images", "valid/images"]],
  [
    "a path of another machine",
    "path: /nowhere/else\ntrain: a/images\nval: b/images\n",
    ["a/images", "b/images"],
  ],
  ["a list of folders", "train: [a/images]\nval: [b/images]\n", ["a/images", "b/images"]],
  ["`valid` for `val`", "train: a/images\nvalid: b/images\n", ["a/images", "b/images"]],
  [
    "a Windows machine",
    "path: C:\\Users\\me\\cells\ntrain: images\\train\nval: images\\val\n",
    ["images/train", "images/val"],
  ],
  [
    "whole paths of a Windows machine",
    "path: C:\\cells\ntrain: C:\\me\\cells\\images\\train\\\nval: ['D:/cells/images/val']\n",
    ["images/train", "images/val"],
  ],
  [
    "whole paths of another machine",
    "train: /content/cells/train/images\nval: /content/cells/val/images\n",
    ["train/images", "val/images"],
  ],
  ["a path below", "path: sub\ntrain: images/x\nval: images/y\n", ["sub/images/x", "sub/images/y"]],
])("finds the pictures of %s", async (_, yaml, [train, val]) => {
  const root = await makeFolder({
    "data.yaml": `${yaml}names: {0: cat}\n`,
    [`${train}/1.png`]: await png(100, 80, 0),
    [`${train.replace("images", "labels")}/1.txt`]: "0 .5 .5 .5 .5",
    [`${val}/2.png`]: await png(100, 80, 1),
    [`${val.replace("images", "labels")}/2.txt`]: "0 .5 .5 .5 .5",
  });
  const { splits, problems } = await loadDetectionDataset(root);
  expect([idsOf(splits.train), idsOf(splits.val), problems]).toEqual([["1"], ["2"], []]);
  expect(splits.train[0].boxes.length + splits.val[0].boxes.length).toBe(2);
});

test("reads lists of pictures", async () => {
  const root = await makeFolder({
    "dataset.yml": "train: train.txt\nval: val.txt\nnames:\n  - cat\n",
    "train.txt": "./images/a.png\nimages/gone.png\n",
    "val.txt": "images/b.png\n",
    "images/a.png": await png(100, 80, 0),
    "images/b.png": await png(100, 80, 1),
    "images/unlisted.png": await png(100, 80, 2),
    "labels/a.txt": "0 .5 .5 .5 .5",
    "labels/unlisted.txt": "0 .5 .5 .5 .5",
  });
  const { splits, problems } = await loadDetectionDataset(root);
  expect([idsOf(splits.train), idsOf(splits.val)]).toEqual([["a"], ["b"]]);
  expect(problems).toEqual([
    {
      kind: "picture-missing",
      file: `${root}/train.txt`,
      detail: "Picture `images/gone.png` is not there: line skipped.",
    },
  ]);
});

test("reads lists of pictures with paths of another machine", async () => {
  const root = await makeFolder({
    "data.yaml": "train: C:\\cells\\train.txt\nval: /cells/val.txt\nnames: [cat]\n",
    "train.txt": "C:\\cells\\images\\a.png\r\nimages\\deep\\b.png\r\n",
    "val.txt": "/home/me/cells/images/c.png\n",
    "images/a.png": await png(100, 80, 0),
    "images/deep/b.png": await png(100, 80, 1),
    "images/c.png": await png(100, 80, 2),
    "labels/a.txt": "0 .5 .5 .5 .5",
  });
  const { splits, problems } = await loadDetectionDataset(root);
  expect([idsOf(splits.train), idsOf(splits.val), problems]).toEqual([["a", "deep/b"], ["c"], []]);
});

test.each([
  [
    "train: images\nval: D:\\cells\\pictures\\val\nnames: [cat]\n",
    "folder-missing",
    "`val` of data.yaml names `D:\\cells\\pictures\\val`, which is not on this machine: write where it lies from that file on, such as pictures/val.",
  ],
  [
    "train: images\nval: [pictures/val]\nnames: [cat]\n",
    "folder-missing",
    "`val` of data.yaml names `pictures/val`, which is not there: no pictures taken from it.",
  ],
  [
    "train: images\nval: images/b.png\nnames: [cat]\n",
    "picture-missing",
    "`val` of data.yaml names `images/b.png`, which is not there: no pictures taken from it.",
  ],
])("says where pictures of %j should be", async (yaml, kind, detail) => {
  const root = await makeFolder({
    "data.yaml": yaml,
    "images/a.png": await png(),
    "labels/a.txt": "0 .5 .5 .5 .5",
  });
  const { problems } = await loadDetectionDataset(root);
  expect(problems).toContainEqual({ kind, file: `${root}/data.yaml`, detail });
});

test("numbers of a map with gaps become indexes without", async () => {
  const root = await makeFolder({
    "data.yaml": "train: images\nnames: {7: dog, 2: cat}\n",
    "images/a.png": await png(),
    "labels/a.txt": "7 .5 .5 .5 .5\n2 .5 .5 .5 .5\n",
  });
  const { classes, splits } = await loadDetectionDataset(root, { valFraction: 0 });
  expect(classes).toEqual(["cat", "dog"]);
  expect(splits.train[0].boxes.map(({ classIndex }) => classIndex)).toEqual([1, 0]);
});

test("a `val` that repeats `train` is drawn instead", async () => {
  const files: Record<string, string | Uint8Array> = {
    "data.yaml": "train: images\nval: images\nnames: [cat]\n",
  };
  for (let i = 0; i < 10; i++) {
    files[`images/${i}.png`] = await png(100, 80, i);
    files[`labels/${i}.txt`] = "0 .5 .5 .5 .5";
  }
  const { splits, splitSource, problems } = await loadDetectionDataset(await makeFolder(files));
  expect([splits.train.length, splits.val.length]).toEqual([8, 2]);
  expect(splitSource).toEqual({ seed: 0, valFraction: 0.2 });
  expect(problems.map(({ kind }) => kind)).toEqual(["duplicate"]);
});

test.each([
  [{ train: "a", val: "b", test: "b" }, { train: 2, val: 3, test: 0 }, ["test"], "files"],
  [{ train: "a", val: "b", test: "a" }, { train: 2, val: 3, test: 0 }, ["test"], "files"],
  [{ train: "b", val: "b", test: "b" }, { train: 2, val: 1, test: 0 }, ["val", "test"], "drawn"],
  [{ train: "b", val: "b", test: "a" }, { train: 2, val: 1, test: 2 }, ["val"], "drawn"],
])("of %j, each picture is in one split: %j", async (places, counts, ignored, source) => {
  const files: Record<string, string | Uint8Array> = {
    "data.yaml": `${JSON.stringify({ ...places, names: ["cat"] })}\n`,
  };
  for (const [i, name] of ["a/0", "a/1", "b/0", "b/1", "b/2"].entries()) {
    files[`${name}.png`] = await png(100, 80, i);
    files[`${name}.txt`] = "0 .5 .5 .5 .5";
  }
  const { splits, splitSource, problems } = await loadDetectionDataset(await makeFolder(files));
  expect({ train: splits.train.length, val: splits.val.length, test: splits.test.length }).toEqual(counts);
  expect(splitSource === "files" ? "files" : "drawn").toBe(source);
  expect(problems.map(({ kind, detail }) => [kind, detail.split("`")[1]])).toEqual(
    ignored.map((split) => ["duplicate", split]),
  );
});

// The picture is 100 × 80.
const LINES: { line: string; yaml?: string; box?: number[]; kinds: string[] }[] = [
  { line: "0 0.5 0.5 0.2 0.5", box: [40, 20, 60, 60], kinds: [] },
  { line: "0\t0.5   0.5 2e-1 0.5", box: [40, 20, 60, 60], kinds: [] },
  { line: "0 .1 .2 .5 .2 .4 .75", box: [10, 16, 50, 60], kinds: [] },
  { line: "0 .1 .2 .5 .2 .5 .75 .1 .75", box: [10, 16, 50, 60], kinds: [] },
  { line: "0 .5 .5 .2 .5 .1 .1 2 .2 .2 2", yaml: "kpt_shape: [2, 3]", box: [40, 20, 60, 60], kinds: [] },
  { line: "0 0.5 0.5 0.2", kinds: ["annotation-unreadable"] },
  { line: "0 0.5 0.5 0.2 0.5 0.9", kinds: ["annotation-unreadable"] },
  { line: "0 0.5 abc 0.2 0.5", kinds: ["box-not-a-number"] },
  { line: "0 .1 .2 .5 .2 x .75", kinds: ["box-not-a-number"] },
  { line: "1 0.5 0.5 0.2 0.5", kinds: ["class-unknown"] },
  { line: "-1 0.5 0.5 0.2 0.5", kinds: ["class-unknown"] },
  { line: "cat 0.5 0.5 0.2 0.5", kinds: ["class-unknown"] },
  { line: "0 0.5 0.5 0 0.5", kinds: ["box-empty"] },
  { line: "0 0.9 0.5 0.4 0.5", box: [70, 20, 100, 60], kinds: ["box-clipped"] },
  { line: "0 50 50 20 40", kinds: ["box-outside"] },
];

test.each(LINES)("$line → $box $kinds", async ({ line, yaml = "", box, kinds }) => {
  const root = await makeFolder({
    "data.yaml": `train: images\nnames: [cat]\n${yaml}\n`,
    "images/a.png": await png(),
    "labels/a.txt": `0 .5 .5 1 1\n${line}\n`,
  });
  const { splits, problems } = await loadDetectionDataset(root, { valFraction: 0 });
  const boxes = splits.train[0].boxes.slice(1).map((found) => found.box.map((x) => Number(x.toFixed(9))));
  expect(boxes).toEqual(box ? [box] : []);
  expect(problems.map(({ kind }) => kind)).toEqual(kinds);
  for (const { file, detail } of problems) {
    expect(file).toBe(`${root}/labels/a.txt`);
    expect(detail).toMatch(/^Line 2 \(/);
  }
});

test("names labels without a picture and folders that are not there", async () => {
  const root = await makeFolder({
    "data.yaml": "train: images/train\nval: images/gone\nnames: [cat]\n",
    "images/train/a.png": await png(),
    "labels/train/a.txt": "0 .5 .5 .5 .5",
    "labels/train/lonely.txt": "0 .5 .5 .5 .5",
  });
  const { problems } = await loadDetectionDataset(root);
  expect(problems.map(({ kind, file }) => [kind, file.slice(root.length + 1)])).toEqual([
    ["picture-missing", "labels/train/lonely.txt"],
    ["folder-missing", "data.yaml"],
  ]);
});

test("a picture whose labels cannot be read is no background", async () => {
  const root = await makeFolder({
    "data.yaml": "train: images\nnames: [cat]\n",
    "images/a.png": await png(100, 80, 0),
    "images/b.png": await png(100, 80, 1),
    "labels/a.txt": "0 .5 .5 .5 .5",
  });
  await mkdir(`${root}/labels/b.txt`);
  const { splits, problems } = await loadDetectionDataset(root, { valFraction: 0 });
  expect(idsOf(splits.train)).toEqual(["a"]);
  expect(problems.map(({ kind, file }) => [kind, file.slice(root.length + 1)])).toEqual([
    ["annotation-unreadable", "labels/b.txt"],
    ["annotation-unreadable", "labels/b.txt"],
  ]);
});

test("labels beside pictures are read where a file is called `labels`", async () => {
  const root = await makeFolder({
    "data.yaml": "train: images\nnames: [cat]\n",
    "images/a.png": await png(),
    "images/a.txt": "0 .5 .5 .5 .5",
    labels: "",
  });
  const { splits, problems } = await loadDetectionDataset(root, { valFraction: 0 });
  expect([splits.train[0].boxes.length, problems]).toEqual([1, []]);
});

test("an empty folder of a split is a split without pictures", async () => {
  const root = await makeFolder({
    "data.yaml": "train: images/train\nval: images/val\nnames: [cat]\n",
    "images/train/a.png": await png(),
    "labels/train/a.txt": "0 .5 .5 .5 .5",
  });
  await mkdir(`${root}/images/val`);
  const { splits, splitSource, problems } = await loadDetectionDataset(root);
  expect([splits.train.length, splits.val.length, splitSource, problems]).toEqual([1, 0, "files", []]);
});

test.each([
  ["train: images\n", "has no `names`"],
  ["names: []\n", "has no `names`"],
  ["names: [cat, cat]\n", 'has the name "cat" twice'],
  ['names: ["new\\nline", new line]\n', 'has the name "new line" twice'],
  ["names: {a: cat}\n", "keys are not whole numbers"],
  ["names: [cat\n", "is not YAML"],
  ['path: "C:\\Users"\nnames: [cat]\n', "is not YAML: in double quotes write `/` for `\\`."],
])("refuses a data.yaml of %j", async (yaml, message) => {
  const root = await makeFolder({ "data.yaml": yaml, "images/a.png": await png() });
  await expect(loadDetectionDataset(root)).rejects.toThrow(message);
  await expect(loadDetectionDataset(root)).rejects.toMatchObject({ code: "dataset-yaml" });
});
