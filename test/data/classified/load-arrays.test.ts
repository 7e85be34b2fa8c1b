import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadClassificationDataset } from "../../../src/data/classified/index.ts";
import { makeFolder } from "../folder-fixture.ts";
import { contents, expectRefused, noDraw } from "./classified-fixture.ts";
import { npy, npz } from "./npy-fixture.ts";

describe("sequences", () => {
  const table = "1\t0.5\t1\t2\n-1\t3\t4\t5\n1\t6\t7\t8\n";

  it("in one table", async () => {
    const root = await makeFolder({ "beats.tsv": table });
    const dataset = await loadClassificationDataset(join(root, "beats.tsv"), noDraw);
    expect(dataset).toMatchObject({ kind: "sequences", shape: [1, 3], splitSource: "files", problems: [] });
    expect(contents(dataset).train).toEqual(["beats.tsv:1 1", "beats.tsv:2 -1", "beats.tsv:3 1"]);
    expect(dataset.splits.train[1]).toEqual({
      id: "beats.tsv:2",
      classIndex: 0,
      values: Float32Array.of(3, 4, 5),
    });
  });

  it.each([".csv", ".txt"])("in one table %s, with channels", async (extension) => {
    const root = await makeFolder({ [`beats${extension}`]: "a,1,2,3,4\nb,5,6,7,8\n" });
    const path = join(root, `beats${extension}`);
    const dataset = await loadClassificationDataset(path, { ...noDraw, channels: 2 });
    expect(dataset).toMatchObject({ kind: "sequences", shape: [2, 2], classes: ["a", "b"] });
  });

  it("in a table for each split", async () => {
    const root = await makeFolder({
      "Beats_TRAIN.tsv": table,
      "Beats_TEST.tsv": "1\t1\t2\t3\n7\t4\t5\t6\nbad\n",
      "README.md": "",
    });
    const dataset = await loadClassificationDataset(root, noDraw);
    expect(dataset).toMatchObject({ kind: "sequences", shape: [1, 3], classes: ["-1", "1", "7"] });
    expect(contents(dataset)).toEqual({
      train: ["Beats_TRAIN.tsv:1 1", "Beats_TRAIN.tsv:2 -1", "Beats_TRAIN.tsv:3 1"].map(
        inPart("Beats_TRAIN"),
      ),
      val: [],
      test: ["Beats_TEST.tsv:1 1", "Beats_TEST.tsv:2 7"].map(inPart("Beats_TEST")),
    });
    expect(dataset.problems.map(({ kind, file }) => [kind, file])).toEqual([
      ["example-unreadable", join(root, "Beats_TEST.tsv:3")],
      ["class-untrained", root],
    ]);
    const drawn = await loadClassificationDataset(root, { valFraction: 0.4 });
    expect([drawn.splits.train, drawn.splits.val, drawn.splits.test].map((split) => split.length)).toEqual([
      2, 1, 2,
    ]);
    expect(drawn.splitSource).toEqual({ seed: 0, valFraction: 0.4 });
  });

  it("in tables of different lengths, as variable-length sets of the UCR archive are", async () => {
    const root = await makeFolder({
      "V_TRAIN.tsv": "1\t1\t2\t3\tNaN\n2\t4\t5\tNaN\tNaN\n",
      "V_TEST.tsv": "1\t6\t7\t8\t9\tNaN\n",
    });
    const dataset = await loadClassificationDataset(root, noDraw);
    expect(dataset).toMatchObject({ kind: "sequences", shape: [1, 4], layout: "lines", classes: ["1", "2"] });
    const rows = (split: "train" | "test") =>
      dataset.splits[split].map((example) => ("values" in example ? [...example.values] : []));
    expect(rows("train")).toEqual([
      [1, 2, 3, 3],
      [4, 5, 5, 5],
    ]);
    expect(rows("test")).toEqual([[6, 7, 8, 9]]);
    expect(
      dataset.problems.map(({ kind, file, detail }) => [kind, file.slice(root.length + 1), detail]),
    ).toEqual([
      ["example-padded", "V_TRAIN.tsv:1", "The sequence has 3 of 4 time steps: its last value is repeated."],
      ["example-padded", "V_TRAIN.tsv:2", "The sequence has 2 of 4 time steps: its last value is repeated."],
    ]);
  });

  it("in folders named after their classes", async () => {
    const root = await makeFolder({
      "train/sit/1.csv": "1,2\n3,4\n",
      "train/walk/1.csv": "5,6\n7,8\n",
      "val/sit/2.csv": "1,2\n3,4\n",
    });
    const dataset = await loadClassificationDataset(root);
    expect(dataset).toMatchObject({
      kind: "sequences",
      shape: [2, 2],
      layout: "files",
      splitSource: "files",
    });
    expect(contents(dataset).val).toEqual(["val/sit/2.csv sit"]);
    expect((dataset.splits.train[1] as { values?: unknown }).values).toEqual(Float32Array.of(5, 7, 6, 8));
  });
});

describe("volumes", () => {
  const voxels = (count: number) =>
    npy(
      "|u1",
      [count, 1, 2, 2],
      Array.from({ length: 4 * count }, (_, i) => i),
    );
  const set = (...labels: number[]) =>
    npz({ voxels: voxels(labels.length), labels: npy("<i8", [labels.length], labels) });

  it("in one .npz file", async () => {
    const root = await makeFolder({ "set.npz": set(10, 2, 10) });
    const dataset = await loadClassificationDataset(join(root, "set.npz"), noDraw);
    expect(dataset).toMatchObject({ kind: "volumes", shape: [1, 1, 2, 2], classes: ["2", "10"] });
    expect(contents(dataset).train).toEqual(["set.npz:0 10", "set.npz:1 2", "set.npz:2 10"]);
    expect((dataset.splits.train[1] as { values?: unknown }).values).toEqual(Uint8Array.of(4, 5, 6, 7));
  });

  it("in an .npz file for each split, with classes in their declared order", async () => {
    const root = await makeFolder({
      "train.npz": set(0, 1),
      "test.npz": set(1),
      "classes.txt": "sofa\nbed\nunused\n",
    });
    const dataset = await loadClassificationDataset(root, noDraw);
    expect(dataset.classes).toEqual(["sofa", "bed", "unused"]);
    expect(contents(dataset)).toEqual({
      train: ["train/train.npz:0 sofa", "train/train.npz:1 bed"],
      val: [],
      test: ["test/test.npz:0 bed"],
    });
  });

  it("in .npz files of which classes.txt fits only one are refused", async () => {
    for (const [train, test] of [
      [set(0, 1), set(2)],
      [set(0, 2), set(1)],
    ]) {
      const root = await makeFolder({ "train.npz": train, "test.npz": test, "classes.txt": "sofa\nbed\n" });
      await expectRefused(
        root,
        "dataset-format",
        /have names in only one of `test\.npz` and `train\.npz`: mend/,
      );
    }
  });

  it("in folders named after their classes", async () => {
    const volume = npy("<f4", [1, 2, 2], [1, 2, 3, 4]);
    const root = await makeFolder({ "bowl/1.npy": volume, "cup/2.npy": volume, "cup/notes.txt": "" });
    const dataset = await loadClassificationDataset(root, noDraw);
    expect(dataset).toMatchObject({ kind: "volumes", shape: [1, 1, 2, 2], classes: ["bowl", "cup"] });
    expect(contents(dataset).train).toEqual(["bowl/1.npy bowl", "cup/2.npy cup"]);
    const around = await makeFolder({ "set/train/bowl/1.npy": volume, "set/test/bowl/1.npy": volume });
    expect(contents(await loadClassificationDataset(around, noDraw))).toEqual({
      train: ["set/train/bowl/1.npy bowl"],
      val: [],
      test: ["set/test/bowl/1.npy bowl"],
    });
  });
});

const inPart = (part: string) => (line: string) => `${part}/${line}`;
