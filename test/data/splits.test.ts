import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { DetectionSample, SplitName } from "../../src/data/dataset.ts";
import { loadDetectionDataset } from "../../src/data/index.ts";
import { assignSplits, type SplitOptions } from "../../src/data/splits.ts";
import { makeFolder, png, vocXml } from "./folder-fixture.ts";

const sample = (id: string): DetectionSample => ({ id, path: `/${id}.png`, width: 9, height: 9, boxes: [] });
const samples = Array.from({ length: 50 }, (_, i) => sample(`picture-${i}`));

function split(some: readonly DetectionSample[], options: Partial<SplitOptions> = {}) {
  return assignSplits(some, {
    declared: new Set(),
    splitOf: new Map(),
    together: [],
    seed: 0,
    valFraction: 0.2,
    ...options,
  });
}

const idsOf = (some: readonly DetectionSample[]) => some.map(({ id }) => id);

test("draws the share that is asked for, without overlap, sorted by id", () => {
  const { splits, splitSource } = split(samples);
  expect([splits.train.length, splits.val.length, splits.test.length]).toEqual([40, 10, 0]);
  expect([...idsOf(splits.train), ...idsOf(splits.val)].sort()).toEqual(idsOf(samples).sort());
  expect(idsOf(splits.train)).toEqual(idsOf(splits.train).sort());
  expect(splitSource).toEqual({ seed: 0, valFraction: 0.2 });
});

test("a draw depends on the seed, not on the order", () => {
  const val = idsOf(split(samples).splits.val);
  expect(idsOf(split([...samples].reverse()).splits.val)).toEqual(val);
  expect(idsOf(split(samples, { seed: 1 }).splits.val)).not.toEqual(val);
});

test("a new picture moves at most one of the others", () => {
  const before = new Set(idsOf(split(samples).splits.val));
  const after = idsOf(split([...samples, sample("new")]).splits.val);
  expect(after.filter((id) => id !== "new" && !before.has(id)).length).toBeLessThanOrEqual(1);
  expect(after.filter((id) => before.has(id)).length).toBeGreaterThanOrEqual(9);
});

test.each([
  [2, 0.2, 1],
  [2, 0.9, 1],
  [1, 0.2, 0],
  [10, 0, 0],
  [10, 0.25, 3],
  [10, 0.99, 9],
])("of %i pictures, a share of %f is %i", (count, valFraction, expected) => {
  expect(split(samples.slice(0, count), { valFraction }).splits.val.length).toBe(expected);
});

test("copies of a picture are drawn together", () => {
  const together = [samples.slice(0, 5), samples.slice(5, 7)];
  for (let seed = 0; seed < 20; seed++) {
    const val = new Set(idsOf(split(samples, { together, seed }).splits.val));
    expect(val.size).toBe(10);
    for (const group of together) expect(new Set(idsOf(group).map((id) => val.has(id))).size).toBe(1);
  }
});

test("a group larger than the share is not drawn where others are not, else the smallest is", () => {
  const ten = samples.slice(0, 10);
  for (let seed = 0; seed < 8; seed++) {
    const valOf = (...sizes: number[]) => {
      const together = sizes.map((size, i) => ten.slice(3 * i, 3 * i + size));
      return idsOf(split(ten, { together, seed }).splits.val);
    };
    expect(valOf(8)).toHaveLength(2);
    expect(valOf(3, 7)).toEqual(idsOf(ten.slice(0, 3)));
    expect(valOf(10)).toEqual([]);
  }
});

test("groups that share a picture are one", () => {
  const [a, b, c, d] = samples;
  const together = [
    [b, d],
    [a, c],
    [c, d],
  ];
  for (let seed = 0; seed < 20; seed++) {
    const val = new Set(idsOf(split(samples, { together, seed, valFraction: 0.5 }).splits.val));
    expect(new Set([a, b, c, d].map(({ id }) => val.has(id))).size).toBe(1);
  }
});

/** A YOLO set of ten pictures, in three versions each as Roboflow exports them. */
async function versions(places: string): Promise<string> {
  const files: Record<string, string | Uint8Array> = { "data.yaml": `${places}names: [cat]\n` };
  for (let i = 0; i < 30; i++) {
    const name = `img${i % 10}_jpg.rf.${i.toString(16).padStart(32, "0")}`;
    files[`train/images/${name}.png`] = await png(100, 80, i);
    files[`train/labels/${name}.txt`] = "0 .5 .5 .5 .5";
  }
  return makeFolder(files);
}

test("versions of a picture that Roboflow made are drawn together", async () => {
  const root = await versions("train: train/images\n");
  for (let seed = 0; seed < 5; seed++) {
    const { splits } = await loadDetectionDataset(root, { seed });
    expect([splits.train.length, splits.val.length]).toEqual([24, 6]);
    const names = (some: readonly DetectionSample[]) => new Set(some.map(({ id }) => id.split("_")[0]));
    expect([names(splits.train).size, names(splits.val).size]).toEqual([8, 2]);
  }
});

test.each([
  ["folder", "valid/images", {}],
  ["folders", "[gone/images, away/images]", {}],
  ["list whose pictures are not there", "val.txt", { "val.txt": "gone.png\n" }],
])("a `val` that names a missing %s is drawn, and named", async (_, val, lists: Record<string, string>) => {
  const root = await versions(`train: train/images\nval: ${val}\n`);
  for (const [name, text] of Object.entries(lists)) await writeFile(join(root, name), text);
  const { splits, splitSource, problems } = await loadDetectionDataset(root);
  expect([splits.train.length, splits.val.length]).toEqual([24, 6]);
  expect(splitSource).toEqual({ seed: 0, valFraction: 0.2 });
  expect(problems.length).toBeGreaterThan(0);
});

// a and b are listed, c is not.
test.each<[string, Record<string, SplitName>, SplitName[], Record<SplitName, string>, boolean]>([
  ["train and val", { a: "train", b: "val" }, ["train", "val"], { train: "a", val: "b", test: "" }, false],
  ["only val", { b: "val" }, ["val"], { train: "a", val: "b", test: "" }, false],
  ["val and test", { a: "test", b: "val" }, ["val", "test"], { train: "", val: "b", test: "a" }, false],
  ["all of it val", { a: "val", b: "val" }, ["val"], { train: "", val: "a b", test: "" }, false],
  ["all of it test", { a: "test", b: "test" }, ["test"], { train: "", val: "", test: "a b" }, false],
  ["an empty val", { a: "train", b: "train" }, ["train", "val"], { train: "a b", val: "", test: "" }, false],
])("files that define %s", (_, places, declared, expected, drawn) => {
  const { splits, splitSource } = split([sample("a"), sample("b")], {
    declared: new Set(declared),
    splitOf: new Map(Object.entries(places)),
  });
  const found = Object.entries(splits).map(([name, some]) => [name, idsOf(some).join(" ")]);
  expect(Object.fromEntries(found)).toEqual(expected);
  expect(splitSource !== "files").toBe(drawn);
});

test("files that define train and test have val drawn from train, and test untouched", () => {
  const splitOf = new Map(samples.map(({ id }, i) => [id, i < 30 ? "train" : "test"] as const));
  const { splits, splitSource } = split(samples, { declared: new Set(["train", "test"]), splitOf });
  expect([splits.train.length, splits.val.length]).toEqual([24, 6]);
  expect(idsOf(splits.test)).toEqual(idsOf(samples.slice(30)).sort());
  expect(splitSource).toEqual({ seed: 0, valFraction: 0.2 });
});

async function twoCopies(lists: Record<string, string>) {
  const xml = vocXml({ objects: [["cat", 1, 2, 3, 4]] });
  const picture = await png();
  const root = await makeFolder({
    "annotations/a.xml": xml,
    "annotations/b.xml": xml,
    "annotations/c.xml": xml,
    "images/a.png": picture,
    "images/b.png": await png(100, 80, 1),
    "images/c.png": picture,
    ...lists,
  });
  return loadDetectionDataset(root);
}

test("a picture that is copied into another split is kept and named", async () => {
  const { root, splits, problems } = await twoCopies({ "train.txt": "a\nb\n", "val.txt": "c\n" });
  expect([idsOf(splits.train), idsOf(splits.val)]).toEqual([["a", "b"], ["c"]]);
  expect(problems).toEqual([
    {
      kind: "duplicate",
      file: `${root}/images/a.png`,
      detail: "Picture `a` of train is, byte for byte, `c` of val: kept, but it leaks.",
    },
  ]);
});

test.each([
  ["within a split", { "train.txt": "a\nb\nc\n", "val.txt": "" }],
  ["in a set that is drawn", {}],
])("copies %s leak nothing", async (_, lists: Record<string, string>) => {
  expect((await twoCopies(lists)).problems).toEqual([]);
});

test("`trainval.txt` is divided, `test.txt` is not", async () => {
  const { splits, splitSource } = await twoCopies({ "trainval.txt": "a\nb\n", "test.txt": "c\n" });
  expect([splits.train.length, splits.val.length, idsOf(splits.test)]).toEqual([1, 1, ["c"]]);
  expect(splitSource).toEqual({ seed: 0, valFraction: 0.2 });
});
