import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ClassificationDataset, loadClassificationDataset } from "../../../src/data/classified/index.ts";
import { makeFolder } from "../folder-fixture.ts";
import { countByClass, ids, noDraw, pictures } from "./classified-fixture.ts";

it.each([
  [
    ["10", "9", "100", "1"],
    ["1", "9", "10", "100"],
  ],
  [
    ["1", "-1", "-2", "0"],
    ["-2", "-1", "0", "1"],
  ],
  [
    ["1.5", "1.25", "2"],
    ["1.25", "1.5", "2"],
  ],
  [
    ["n10", "n9", "3", "cat", "20"],
    ["3", "20", "cat", "n9", "n10"],
  ],
])("puts the classes %j in the order %j", async (labels, expected) => {
  const root = await makeFolder({
    "set.csv": [...labels, labels[0]].map((label) => `${label},1,2\n`).join(""),
  });
  const { classes } = await loadClassificationDataset(join(root, "set.csv"), noDraw);
  expect(classes).toEqual(expected);
});

describe("what is drawn for validation", () => {
  /** A table with so many sequences of each class. */
  async function makeTable(counts: Record<string, number>): Promise<string> {
    const lines = Object.entries(counts).flatMap(([label, count]) =>
      Array.from({ length: count }, (_, i) => `${label},${i},1\n`),
    );
    return join(await makeFolder({ "set.csv": lines.join("") }), "set.csv");
  }

  it("is the share of each class, one at least, never all", async () => {
    const path = await makeTable({ a: 100, b: 40, c: 10, d: 3, e: 2, f: 1 });
    const dataset = await loadClassificationDataset(path, { valFraction: 0.2, seed: 5 });
    expect(countByClass(dataset, "val")).toEqual([20, 8, 2, 1, 1, 0]);
    expect(countByClass(dataset, "train")).toEqual([80, 32, 8, 2, 1, 1]);
    expect(dataset.splitSource).toEqual({ seed: 5, valFraction: 0.2 });
    const all = [...ids(dataset, "train"), ...ids(dataset, "val")];
    expect(new Set(all).size).toBe(156);
    const usual = await loadClassificationDataset(path);
    expect(countByClass(usual, "val")).toEqual([10, 4, 1, 1, 1, 0]);
    expect(usual.splitSource).toEqual({ seed: 0, valFraction: 0.1 });
  });

  it("never empties a class, even at the highest share", async () => {
    const path = await makeTable({ a: 10, b: 2, c: 1 });
    const dataset = await loadClassificationDataset(path, { valFraction: 0.999 });
    expect(countByClass(dataset, "train")).toEqual([1, 1, 1]);
    expect(countByClass(dataset, "val")).toEqual([9, 1, 0]);
  });

  it("depends on the seed", async () => {
    const path = await makeTable({ a: 60, b: 60 });
    const draw = async (seed: number) => loadClassificationDataset(path, { seed, valFraction: 0.25 });
    const [first, again, other] = [await draw(1), await draw(1), await draw(2)];
    expect(again).toEqual(first);
    expect(ids(other, "val")).toHaveLength(30);
    expect(ids(other, "val")).not.toEqual(ids(first, "val"));
    // Ids that differ in little are drawn independently: 8 of 30 are expected in both.
    const both = ids(first, "val").filter((id) => ids(other, "val").includes(id));
    expect(both.length).toBeGreaterThan(1);
    expect(both.length).toBeLessThan(20);
  });

  it("leaves who was drawn where other classes join", async () => {
    const files = (classes: string[]) =>
      pictures(...classes.flatMap((name) => Array.from({ length: 12 }, (_, i) => `${name}/${i}.png`)));
    const small = await loadClassificationDataset(await makeFolder(files(["b"])), { valFraction: 0.25 });
    const large = await loadClassificationDataset(await makeFolder(files(["a", "b"])), { valFraction: 0.25 });
    expect(ids(small, "val")).toHaveLength(3);
    expect(ids(large, "val").filter((id) => id.startsWith("b/"))).toEqual(ids(small, "val"));
  });

  it("is nothing where the share is 0, and where files define it", async () => {
    const path = await makeTable({ a: 10 });
    const none = await loadClassificationDataset(path, noDraw);
    expect([none.splits.val.length, none.splitSource]).toEqual([0, "files"]);
    const root = await makeFolder(pictures(...["1", "2", "3"].map((i) => `train/a/${i}.png`), "val/a/1.png"));
    const declared = await loadClassificationDataset(root, { valFraction: 0.5 });
    expect([ids(declared, "val"), declared.splitSource]).toEqual([["val/a/1.png"], "files"]);
  });
});

it("has a fingerprint that tells labels, splits, names and contents apart, not places", async () => {
  const base = ["train/a/1.png", "train/b/2.png", "val/a/3.png"];
  const sets = {
    base,
    ofOneClass: base.map((path) => path.replace("/b/", "/a/")),
    renamed: ["train/a/1.png", "train/b/22.png", "val/a/3.png"],
    moved: ["train/a/1.png", "train/b/2.png", "test/a/3.png"],
    fewer: base.slice(1),
    renamedClass: base.map((path) => path.replace("/b/", "/c/")),
  };
  const prints = await Promise.all(
    Object.values(sets).map(async (paths) => {
      const { fingerprint } = await loadClassificationDataset(await makeFolder(pictures(...paths)), noDraw);
      return fingerprint;
    }),
  );
  expect(prints[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(prints).size).toBe(prints.length);
  const copy = await loadClassificationDataset(await makeFolder(pictures(...base)), noDraw);
  expect(copy.fingerprint).toBe(prints[0]);
  const table = async (text: string) => {
    const path = join(await makeFolder({ "set.csv": text }), "set.csv");
    return (await loadClassificationDataset(path, noDraw)).fingerprint;
  };
  expect(await table("a,1\nb,2\na,3\n")).toBe(await table("a,1\nb,2\na,3\n"));
  expect(await table("a,1\nb,2\na,3\n")).not.toBe(await table("a,1\nb,2\nb,3\n"));
  expect(await table("a,1\nb,2\na,3\n")).not.toBe(await table("a,1\nb,2\na,4\n"));
  const longer = { ...pictures(...base), "train/a/1.png": "another picture" };
  const replaced = await loadClassificationDataset(await makeFolder(longer), noDraw);
  expect(replaced.fingerprint).not.toBe(prints[0]);
});

it("has a fingerprint that tells where one split ends and the next begins", async () => {
  const root = await makeFolder(pictures("a/1.png", "a/2.png", "a/3.png"));
  const all = ["a/1.png", "a/2.png", "a/3.png"];
  let compared = 0;
  for (let seed = 0; seed < 60; seed++) {
    const [one, two] = [
      await loadClassificationDataset(root, { seed, valFraction: 0.3 }),
      await loadClassificationDataset(root, { seed, valFraction: 0.7 }),
    ];
    expect([one.splits.val.length, two.splits.val.length]).toEqual([1, 2]);
    expect(one.fingerprint).not.toBe(two.fingerprint);
    const inOrder = (set: ClassificationDataset) =>
      `${[...ids(set, "train"), ...ids(set, "val")]}` === `${all}`;
    compared += Number(inOrder(one) && inOrder(two));
  }
  expect(compared, "draws that differ in nothing but the boundary").toBeGreaterThan(0);
});
