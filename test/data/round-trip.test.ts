import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Random } from "../../src/core/index.ts";
import {
  type DetectionDataset,
  type DetectionFormat,
  fingerprintDataset,
  loadDetectionDataset,
  writeDetectionDataset,
} from "../../src/data/index.ts";
import { makeFolder, png, turnedJpeg } from "./folder-fixture.ts";

const FORMATS: DetectionFormat[] = ["voc", "coco", "yolo"];

/** A data set with awkward coordinates: fractions, edges, thin boxes, exact halves of the fingerprint's unit. */
async function makeDataset(): Promise<DetectionDataset> {
  const random = new Random(5);
  const root = await makeFolder({});
  const splits: DetectionDataset["splits"] = { train: [], val: [], test: [] };
  const files: Record<string, Uint8Array> = {};
  const names = ["a", "b.v1", "deep/c", "deep/a", "e f", "ü", "g"];
  for (const [i, id] of names.entries()) {
    const [width, height] = [random.integer(300) + 50, random.integer(300) + 50];
    files[`${id}.png`] = await png(width, height, i);
    const boxes = Array.from({ length: i }, (_, j) => {
      const [x, y] = [random.uniform(0, width - 10), random.uniform(0, height - 10)];
      const right = j === 0 ? width : random.uniform(x + 0.5, width);
      return { classIndex: j % 3, box: [j === 1 ? 0.005 : x, y, right, y + 0.125] as const };
    });
    splits[(["train", "val", "test"] as const)[i % 3]].push({ id, path: "", width, height, boxes });
  }
  const folder = await makeFolder(files);
  for (const sample of Object.values(splits).flat()) sample.path = join(folder, `${sample.id}.png`);
  for (const samples of Object.values(splits)) samples.sort((a, b) => (a.id < b.id ? -1 : 1));
  const classes = ["zebra", "ant & <bee>", "cat", "never used"];
  const fingerprint = fingerprintDataset({ classes, splits });
  return { root, format: "voc", classes, splits, splitSource: "files", problems: [], fingerprint };
}

function expectSame(found: DetectionDataset, wanted: DetectionDataset): void {
  expect(found.problems).toEqual([]);
  expect(found.classes).toEqual(wanted.classes);
  for (const split of ["train", "val", "test"] as const) {
    expect(found.splits[split].map(({ id }) => id)).toEqual(wanted.splits[split].map(({ id }) => id));
    found.splits[split].forEach((sample, i) => {
      const { width, height, boxes } = wanted.splits[split][i];
      expect([sample.width, sample.height]).toEqual([width, height]);
      expect(sample.boxes.map(({ classIndex }) => classIndex)).toEqual(
        boxes.map(({ classIndex }) => classIndex),
      );
      sample.boxes.forEach(({ box }, j) => {
        box.forEach((value, k) => {
          expect(Math.abs(value - boxes[j].box[k])).toBeLessThan(1e-3);
        });
      });
    });
  }
  expect(found.splitSource).toBe("files");
  expect(found.fingerprint).toBe(wanted.fingerprint);
}

test("voc → coco → yolo → voc keeps classes, splits, boxes and fingerprint", async () => {
  const original = await makeDataset();
  let dataset = original;
  for (const format of ["voc", "coco", "yolo", "voc"] as const) {
    const out = join(await makeFolder({}), "new", "folder");
    await writeDetectionDataset(dataset, out, format);
    dataset = await loadDetectionDataset(out);
    expect(dataset.format).toBe(format);
    expectSame(dataset, original);
  }
});

test("pictures that only differ in their extension stay apart from YOLO to VOC, COCO and back", async () => {
  const files: Record<string, string | Uint8Array> = {
    "data.yaml": "train: images/train\nval: images/val\nnames: [a]\n",
  };
  for (const [i, name] of ["train/a.jpg", "train/a.png", "train/b.jpg", "val/a.jpg"].entries()) {
    const make = name.endsWith("png") ? png : turnedJpeg;
    files[`images/${name}`] = await make(60 + i, 40, 1);
    files[`labels/${name.slice(0, -4)}.txt`] = "0 0.5 0.5 0.25 0.25\n";
  }
  let dataset = await loadDetectionDataset(await makeFolder(files));
  const original = dataset;
  expect(original.splits.train.map(({ id }) => id)).toEqual(["b", "train/a.jpg", "train/a.png"]);
  for (const format of ["voc", "coco", "voc", "yolo"] as const) {
    const out = join(await makeFolder({}), "set");
    await writeDetectionDataset(dataset, out, format);
    dataset = await loadDetectionDataset(out);
    expectSame(dataset, original);
  }
});

test.each(FORMATS)("%s keeps pictures whose names have parts `images` and `labels`", async (format) => {
  const dataset = await makeDataset();
  const ids = ["set1/images/p", "images/p", "images/labels/p", "labels/p", "images", "p", "images/images/p"];
  const samples = Object.values(dataset.splits).flat();
  for (const [i, sample] of samples.entries()) sample.id = ids[i];
  for (const split of Object.values(dataset.splits)) split.sort((a, b) => (a.id < b.id ? -1 : 1));
  dataset.fingerprint = fingerprintDataset(dataset);
  const out = await makeFolder({});
  await writeDetectionDataset(dataset, out, format);
  expectSame(await loadDetectionDataset(out), dataset);
});

test.each(FORMATS)("%s keeps a split that is meant to be empty", async (format) => {
  const dataset = await makeDataset();
  dataset.splits.train.push(...dataset.splits.val.splice(0), ...dataset.splits.test.splice(0));
  dataset.splits.train.sort((a, b) => (a.id < b.id ? -1 : 1));
  dataset.fingerprint = fingerprintDataset(dataset);
  const out = await makeFolder({});
  await writeDetectionDataset(dataset, out, format);
  expectSame(await loadDetectionDataset(out), dataset);
});

test.each<[DetectionFormat, unknown[]]>([
  ["voc", [{ difficult: true }, { crowd: true }, {}]],
  ["coco", [{ difficult: true, area: 20 }, { crowd: true }, {}]],
  ["yolo", [{}, {}]],
])("%s keeps of difficult, crowd and area what it can", async (format, expected) => {
  const dataset = await makeDataset();
  const sample = dataset.splits.train[0];
  const box = [1, 2, 11, 12] as const;
  sample.boxes = [
    { classIndex: 0, box, difficult: true, area: 20 },
    { classIndex: 0, box, crowd: true },
    { classIndex: 0, box },
  ];
  const out = await makeFolder({});
  await writeDetectionDataset(dataset, out, format);
  const found = (await loadDetectionDataset(out)).splits.train[0];
  expect(found.boxes.map(({ classIndex, box, ...rest }) => rest)).toEqual(expected);
});

test("YOLO gets no pictures of crowds alone, which would be background, and says what it lacks", async () => {
  const dataset = await makeDataset();
  const { train, val, test } = dataset.splits;
  const box = [1, 2, 11, 12] as const;
  train[0].boxes = [{ classIndex: 0, box, crowd: true }];
  train[1].boxes = [
    { classIndex: 0, box, crowd: true },
    { classIndex: 1, box, difficult: true },
  ];
  train[2].boxes = [];
  const out = await makeFolder({});
  const { lost, ...written } = await writeDetectionDataset(dataset, out, "yolo");
  expect(lost).toEqual({ crowds: 2, pictures: 1, difficult: 1 });
  const found = await loadDetectionDataset(out);
  expect(found.splits.train.map(({ id, boxes }) => [id, boxes.length])).toEqual([
    [train[1].id, 1],
    [train[2].id, 0],
  ]);
  const samples = Object.values(found.splits).flat();
  expect(samples).toHaveLength(train.length + val.length + test.length - 1);
  const boxes = samples.flatMap((sample) => sample.boxes).length;
  expect(written).toEqual({ pictures: samples.length, boxes, fingerprint: found.fingerprint });
});

test("what has crowds alone is not written as YOLO", async () => {
  const dataset = await makeDataset();
  const crowd = [{ classIndex: 0, box: [1, 2, 11, 12] as const, crowd: true }];
  for (const sample of Object.values(dataset.splits).flat()) sample.boxes = crowd;
  const out = await makeFolder({});
  await expect(writeDetectionDataset(dataset, out, "yolo")).rejects.toMatchObject({ code: "dataset-empty" });
  expect((await writeDetectionDataset(dataset, out, "voc")).lost.crowds).toBe(0);
});

test.each(FORMATS)("a class whose name has a line break is read back from %s", async (format) => {
  const names = '"new\\nline"';
  const root = await makeFolder({
    "data.yaml": `train: images\nnames: [${names}, line]\n`,
    "images/a.png": await png(),
    "labels/a.txt": "0 .5 .5 .5 .5\n1 .5 .5 .5 .5\n",
  });
  const dataset = await loadDetectionDataset(root, { valFraction: 0 });
  const out = await makeFolder({});
  await writeDetectionDataset(dataset, out, format);
  const found = await loadDetectionDataset(out);
  expect(found).toMatchObject({
    classes: ["new line", "line"],
    problems: [],
    fingerprint: dataset.fingerprint,
  });
});

test("pictures are copied byte for byte, or not at all", async () => {
  const dataset = await makeDataset();
  const [copied, bare] = [await makeFolder({}), await makeFolder({})];
  await writeDetectionDataset(dataset, copied, "yolo");
  await writeDetectionDataset(dataset, bare, "yolo", { copyPictures: false });
  const { id, path } = dataset.splits.val[0];
  expect(await readFile(join(copied, `images/val/${id}.png`))).toEqual(await readFile(path));
  await expect(access(join(bare, `images/val/${id}.png`))).rejects.toThrow("ENOENT");
  await access(join(bare, `labels/val/${id}.txt`));
});

test("refuses a folder that has something in it", async () => {
  const out = await makeFolder({ "notes.txt": "" });
  await expect(writeDetectionDataset(await makeDataset(), out, "voc")).rejects.toMatchObject({
    code: "output-exists",
  });
});

test("YOLO numbers have no exponent", async () => {
  const dataset = await makeDataset();
  dataset.splits.train[0].boxes = [{ classIndex: 0, box: [0, 0, 0.00002, 0.00002] }];
  const out = await makeFolder({});
  await writeDetectionDataset(dataset, out, "yolo");
  const text = await readFile(join(out, `labels/train/${dataset.splits.train[0].id}.txt`), "utf8");
  expect(text).toMatch(/^0( 0\.0000\d+){4}\n$/);
});

test.each<[string, (dataset: DetectionDataset) => void, boolean]>([
  ["the order of boxes", ({ splits }) => splits.train[1].boxes.reverse(), true],
  ["the order of pictures", ({ splits }) => splits.train.reverse(), true],
  ["a thousandth of a pixel", ({ splits }) => moveBox(splits, 0.001), true],
  ["a tenth of a pixel", ({ splits }) => moveBox(splits, 0.1), false],
  ["a class's name", ({ classes }) => classes.splice(0, 1, "horse"), false],
  ["a box's class", ({ splits }) => Object.assign(splits.train[1].boxes[0], { classIndex: 3 }), false],
  ["a picture's split", ({ splits }) => splits.val.push(splits.train.pop()!), false],
  ["a box", ({ splits }) => splits.train[1].boxes.pop(), false],
  [
    "a crowd",
    ({ splits }) => splits.train[1].boxes.push({ classIndex: 0, box: [0, 0, 9, 9], crowd: true }),
    true,
  ],
])("the fingerprint and %s", async (_, change, same) => {
  const dataset = await makeDataset();
  dataset.splits.train[1].boxes[0] = { classIndex: 0, box: [1, 2, 3, 4] };
  const before = fingerprintDataset(dataset);
  expect(before).toMatch(/^[0-9a-f]{64}$/);
  change(dataset);
  expect(fingerprintDataset(dataset) === before).toBe(same);
});

function moveBox(splits: DetectionDataset["splits"], by: number): void {
  splits.train[1].boxes[0].box = [1 + by, 2, 3, 4];
}
