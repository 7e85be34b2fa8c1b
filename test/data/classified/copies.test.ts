import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadClassificationDataset } from "../../../src/data/classified/index.ts";
import { splitByClass } from "../../../src/data/classified/split-by-class.ts";
import { makeFolder } from "../folder-fixture.ts";
import { contents, countByClass, ids, noDraw, packFolderAs, pictures } from "./classified-fixture.ts";
import { makeTar } from "./tar-fixture.ts";

/** Pictures that are copies of each other. */
function copies(...paths: string[]): Record<string, Uint8Array> {
  const [content] = Object.values(pictures(paths[0]));
  return Object.fromEntries(paths.map((path) => [path, content]));
}

/** Forty pictures of two classes, each there three times. */
function threeOfEach(nameOf: (name: string, copy: number) => string): string[][] {
  return Array.from({ length: 40 }, (_, i) =>
    [0, 1, 2].map((copy) => nameOf(`${i < 20 ? "a" : "b"}/${i}`, copy)),
  );
}

const inNumbers = (path: string) => path.replace(/_?[xyz].*/, "");

describe("what is drawn for validation", () => {
  it.each([
    ["copies", threeOfEach((name, copy) => `${name}_${"xyz"[copy]}.png`), copies],
    [
      "versions that Roboflow made",
      threeOfEach((name, copy) => `${name}_x_jpg.rf.${`${copy}c0ffee0`.repeat(4)}.png`),
      pictures,
    ],
  ])("tears no %s apart", async (_, groups, make) => {
    const files = Object.assign({}, ...groups.map((group) => make(...group)));
    for (const path of [await makeFolder(files), await makeTar(files)]) {
      for (const seed of [0, 1]) {
        const dataset = await loadClassificationDataset(path, { seed });
        expect(dataset.problems).toEqual([]);
        expect(countByClass(dataset, "val")).toEqual([6, 6]);
        const learnt = new Set(ids(dataset, "train").map(inNumbers));
        expect(ids(dataset, "val").filter((id) => learnt.has(inNumbers(id)))).toEqual([]);
      }
    }
  });

  it("tears no equal sequences apart", async () => {
    const lines = Array.from({ length: 40 }, (_, i) => `${"ab"[i % 2]},${i},${i * i},7`);
    const path = join(await makeFolder({ "set.csv": [...lines, ...lines].join("\n") }), "set.csv");
    const dataset = await loadClassificationDataset(path);
    expect(dataset.problems).toEqual([]);
    expect(countByClass(dataset, "val")).toEqual([4, 4]);
    const valuesOf = (split: "train" | "val") =>
      dataset.splits[split].map((example) => ("values" in example ? example.values.join() : ""));
    const learnt = new Set(valuesOf("train"));
    expect(valuesOf("val").filter((values) => learnt.has(values))).toEqual([]);
  });

  it("is the smallest group where none fits, and never all", () => {
    const draw = (sizes: number[]) => {
      const groups = sizes.map((size, g) =>
        Array.from({ length: size }, (_, i) => ({ id: `${g}/${i}`, classIndex: 0 })),
      );
      const { splits } = splitByClass(groups.flat(), { seed: 3, valFraction: 0.1, together: groups });
      return splits.val.map(({ id }) => id);
    };
    expect(draw([4, 2, 3])).toEqual(["1/0", "1/1"]);
    expect(draw([5])).toEqual([]);
    expect(draw([9, 1])).toEqual(["1/0"]);
  });

  it("is the same where a copy of another class joins", async () => {
    const files = pictures(...Array.from({ length: 30 }, (_, i) => `a/${i}.png`));
    const before = await loadClassificationDataset(await makeFolder(files));
    const after = await loadClassificationDataset(
      await makeFolder({ ...files, "b/1.png": files["a/7.png"] }),
    );
    expect(ids(after, "val")).toEqual(ids(before, "val"));
  });
});

describe("a copy", () => {
  it("in another split is named, and kept", async () => {
    const root = await makeFolder({
      ...copies("train/a/1.png", "train/a/2.png", "val/a/9.png"),
      ...pictures("train/b/1.png"),
    });
    const dataset = await loadClassificationDataset(root);
    expect(contents(dataset).train).toHaveLength(3);
    expect(dataset.problems).toEqual(
      [1, 2].map((i) => ({
        kind: "duplicate",
        file: join(root, `train/a/${i}.png`),
        detail: `Picture \`train/a/${i}.png\` of train is, byte for byte, \`val/a/9.png\` of val: kept, but it leaks.`,
      })),
    );
  });

  it("in another class is named, and kept", async () => {
    const root = await makeFolder({ ...copies("a/1.png", "b/1.png"), ...pictures("a/2.png", "b/2.png") });
    const dataset = await loadClassificationDataset(root, noDraw);
    expect(ids(dataset, "train")).toHaveLength(4);
    expect(dataset.problems).toEqual([
      {
        kind: "duplicate",
        file: join(root, "b/1.png"),
        detail:
          "Picture `b/1.png` of class `b` is, byte for byte, `a/1.png` of class `a`: kept, but both labels cannot be right.",
      },
    ]);
  });

  it("in an archive for another split is named by its place there", async () => {
    const root = await makeFolder({});
    await packFolderAs(
      join(root, "train.tar"),
      await makeFolder({ ...copies("a/1.png"), ...pictures("a/2.png") }),
    );
    await packFolderAs(
      join(root, "test.tar"),
      await makeFolder({ "a/7.png": Object.values(copies("a/1.png"))[0] }),
    );
    const { problems } = await loadClassificationDataset(root, noDraw);
    expect(problems).toEqual([
      {
        kind: "duplicate",
        file: join(root, "train.tar/train/a/1.png"),
        detail:
          "Picture `train/a/1.png` of train is, byte for byte, `test/a/7.png` of test: kept, but it leaks.",
      },
    ]);
  });

  it("of a sequence in another class or split is named, and kept", async () => {
    const root = await makeFolder({ "x_TRAIN.csv": "a,1,2\nb,1,2\nb,3,4\n", "x_TEST.csv": "b,3,4\n" });
    const { problems } = await loadClassificationDataset(root, noDraw);
    expect(problems).toEqual(
      [
        "Sequence `x_TRAIN/x_TRAIN.csv:2` of class `b` is, value for value, `x_TRAIN/x_TRAIN.csv:1` of class `a`: kept, but both labels cannot be right.",
        "Sequence `x_TRAIN/x_TRAIN.csv:3` of train is, value for value, `x_TEST/x_TEST.csv:1` of test: kept, but it leaks.",
      ].map((detail) => ({ kind: "duplicate", file: root, detail })),
    );
  });

  it("is none of an empty file", async () => {
    const root = await makeFolder({ "a/1.png": "", "b/1.png": "" });
    expect((await loadClassificationDataset(root, noDraw)).problems).toEqual([]);
  });
});
