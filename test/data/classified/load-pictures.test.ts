import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadClassificationDataset } from "../../../src/data/classified/index.ts";
import { makeFolder } from "../folder-fixture.ts";
import { contents, ids, noDraw, packFolderAs, pictures } from "./classified-fixture.ts";
import { makeTar, packFolder } from "./tar-fixture.ts";

describe("pictures", () => {
  it("in folders named after their classes", async () => {
    const root = await makeFolder({
      ...pictures("dog/1.png", "cat/2.PNG", "cat/deep/3.png", "bird/images/4.jpg"),
      "cat/notes.txt": "no picture",
    });
    const dataset = await loadClassificationDataset(root, noDraw);
    expect(dataset).toMatchObject({ kind: "pictures", root, splitSource: "files", problems: [] });
    expect(dataset.classes).toEqual(["bird", "cat", "deep", "dog"]);
    expect(contents(dataset).train).toEqual([
      "bird/images/4.jpg bird",
      "cat/2.PNG cat",
      "cat/deep/3.png deep",
      "dog/1.png dog",
    ]);
    expect(dataset.splits.train[3]).toEqual({
      id: "dog/1.png",
      classIndex: 3,
      bytes: { file: join(root, "dog/1.png") },
    });
  });

  it("tells of those that lie in no folder", async () => {
    const files = pictures("cat/1.png", "stray.png");
    const problem = (root: string) => ({
      kind: "example-unreadable",
      file: join(root, "stray.png"),
      detail: "The file lies in no class's folder and so has no label: skipped.",
    });
    const [root, archive] = [await makeFolder(files), await makeTar(files)];
    for (const path of [root, archive]) {
      const dataset = await loadClassificationDataset(path, noDraw);
      expect(dataset.problems).toEqual([problem(path)]);
      expect(ids(dataset, "train")).toEqual(["cat/1.png"]);
    }
  });

  const withSplits = [
    "train/cat/1.png",
    "train/dog/1.png",
    "valid/cat/2.png",
    "test2017/cat/3.png",
    "test2017/dog/images/3.png",
  ];
  const expected = {
    train: ["train/cat/1.png cat", "train/dog/1.png dog"],
    val: ["valid/cat/2.png cat"],
    test: ["test2017/cat/3.png cat", "test2017/dog/images/3.png dog"],
  };

  it("in folders of splits", async () => {
    const dataset = await loadClassificationDataset(await makeFolder(pictures(...withSplits)));
    expect(dataset.splitSource).toBe("files");
    expect(dataset.classes).toEqual(["cat", "dog"]);
    expect(contents(dataset)).toEqual(expected);
    expect(dataset.splits.test[0]).not.toHaveProperty("split");
  });

  it("in folders of splits within one folder, as archives have them", async () => {
    const within = pictures(...withSplits.map((path) => `leaves/${path}`));
    for (const path of [await makeFolder(within), await makeTar(within)]) {
      const dataset = await loadClassificationDataset(path);
      const prefixed = Object.entries(expected).map(([split, lines]) => [
        split,
        lines.map((line) => `leaves/${line}`),
      ]);
      expect(contents(dataset)).toEqual(Object.fromEntries(prefixed));
    }
  });

  it("takes a single class's folder for no folder around the set", async () => {
    const root = await makeFolder(pictures("cat/test/1.png", "cat/2.png"));
    expect(contents(await loadClassificationDataset(root, noDraw)).train).toEqual([
      "cat/2.png cat",
      "cat/test/1.png test",
    ]);
  });

  it.each(["ustar", "gnu", "pax"])("in a tar file: %s", async (format) => {
    const folder = await makeFolder(pictures(...withSplits));
    const archive = await packFolder(folder, [`--format=${format}`]);
    const dataset = await loadClassificationDataset(archive);
    expect(dataset).toMatchObject({ kind: "pictures", root: archive, problems: [] });
    expect(contents(dataset)).toEqual(expected);
    const { bytes } = dataset.splits.val[0] as { bytes?: unknown } & (typeof dataset.splits.val)[0];
    expect(bytes).toEqual({
      file: archive,
      offset: expect.any(Number),
      length: Object.values(pictures("one"))[0].length,
    });
  });

  it("in a tar file have the same order and fingerprint however they were packed, and as in folders", async () => {
    const folder = await makeFolder(pictures("b/1.png", "a/1.png", "a/2.png"));
    const packings = [
      await packFolder(folder, [], ["b/1.png", "a/2.png", "a/1.png"]),
      await packFolder(folder, ["--sort=name"], ["./a", "./b"]),
      folder,
    ];
    const sets = await Promise.all(packings.map((path) => loadClassificationDataset(path, noDraw)));
    for (const set of sets) expect(ids(set, "train")).toEqual(["a/1.png", "a/2.png", "b/1.png"]);
    expect(new Set(sets.map(({ fingerprint }) => fingerprint)).size).toBe(1);
  });

  it("are not the hidden files that macOS packs beside them", async () => {
    const files = pictures("cat/1.png", "cat/._1.png", ".trash/cat/2.png", "._train/cat/1.png");
    for (const path of [await makeFolder(files), await makeTar(files)]) {
      expect(ids(await loadClassificationDataset(path, noDraw), "train")).toEqual(["cat/1.png"]);
    }
  });

  it("in a tar file for each split, which may hold the same names", async () => {
    const root = await makeFolder({ "readme.txt": "pictures", "labels.csv": "a,b\n" });
    const parts = { "train.tar": ["cat/1.png", "dog/2.png"], "leaves_val.tar": ["cat/1.png"] };
    for (const [name, paths] of Object.entries(parts)) {
      const folder = await makeFolder(pictures(...paths, "stray.png"));
      await packFolderAs(join(root, name), folder);
    }
    const dataset = await loadClassificationDataset(root);
    expect(dataset.splitSource).toBe("files");
    expect(contents(dataset)).toEqual({
      train: ["train/cat/1.png cat", "train/dog/2.png dog"],
      val: ["leaves_val/cat/1.png cat"],
      test: [],
    });
    const strays = ["leaves_val.tar", "train.tar"].map((name) => join(root, name, "stray.png"));
    const leaking = join(root, "train.tar/train/cat/1.png");
    expect(dataset.problems.map(({ file }) => file)).toEqual([...strays, leaking]);
  });

  it("in a tar file beside one without classes, whose files are named", async () => {
    const root = await makeFolder({});
    await packFolderAs(join(root, "train.tar"), await makeFolder(pictures("cat/1.png", "dog/2.png")));
    await packFolderAs(join(root, "test.tar"), await makeFolder(pictures("3.png", "4.png")));
    await packFolderAs(join(root, "val.tar"), await makeFolder({ "notes.txt": "later" }));
    const dataset = await loadClassificationDataset(root, noDraw);
    expect(contents(dataset)).toEqual({
      train: ["train/cat/1.png cat", "train/dog/2.png dog"],
      val: [],
      test: [],
    });
    const unlabelled = "The file lies in no class's folder and so has no label: skipped.";
    expect(dataset.problems.map(({ file, detail }) => [file.slice(root.length + 1), detail])).toEqual([
      ["test.tar/3.png", unlabelled],
      ["test.tar/4.png", unlabelled],
      ["val.tar", "The archive has no picture among its files (1): nothing is read of it."],
    ]);
  });

  it("may be of classes that look like files", async () => {
    const root = await makeFolder(pictures("train.tar/1.png", "test.csv/2.png"));
    expect((await loadClassificationDataset(root, noDraw)).classes).toEqual(["test.csv", "train.tar"]);
  });

  it("lie beside what a training or an evaluation left, which is not read", async () => {
    const runs = { "run/checkpoint.fovea": "", "run/results.csv": "1,2\n", "run/plots/batch.png": "" };
    const own = {
      "checkpoint.fovea": "",
      "results.csv": "1,2\n",
      "plots/batch.png": "",
      "eval/evaluation.json": "",
    };
    for (const left of [runs, { ...own, ...pictures("eval/plots/mistakes.png") }]) {
      const root = await makeFolder({ ...pictures("cat/1.png", "dog/1.png"), ...left });
      const { classes, problems } = await loadClassificationDataset(root, noDraw);
      expect([classes, problems]).toEqual([["cat", "dog"], []]);
    }
  });

  it("may have a few other files among them", async () => {
    const notes = { "cat/notes.csv": "1,2\n" };
    const root = await makeFolder({ ...pictures("cat/1.png", "cat/2.png", "dog/1.png"), ...notes });
    const dataset = await loadClassificationDataset(root, noDraw);
    expect(ids(dataset, "train")).toHaveLength(3);
    expect(dataset.problems).toEqual([
      {
        kind: "example-unreadable",
        file: join(root, "cat/notes.csv"),
        detail: "The file is none of the pictures that lie beside it: skipped.",
      },
    ]);
  });

  it("make one class of names that differ in their spelling only", async () => {
    const root = await makeFolder(pictures("train/A\u0308pfel/1.png", "test/\u00C4pfel/2.png"));
    const { classes, problems } = await loadClassificationDataset(root, noDraw);
    expect([classes, problems]).toEqual([["\u00C4pfel"], []]);
  });

  it("of classes that several folders are named after are told of", async () => {
    const root = await makeFolder(pictures("shoes/red/1.png", "hats/red/2.png", "hats/blue/3.png"));
    const { classes, problems } = await loadClassificationDataset(root, noDraw);
    expect(classes).toEqual(["blue", "red"]);
    expect(problems).toEqual([
      {
        kind: "class-merged",
        file: root,
        detail: expect.stringMatching(
          /^Class `red` comes from 2 folders \(`hats\/red`, `shoes\/red`\), because/,
        ),
      },
    ]);
    const splits = pictures("train/red/1.png", "test/red/2.png", "train/blue/images/3.png");
    expect((await loadClassificationDataset(await makeFolder(splits), noDraw)).problems).toEqual([]);
  });

  it("lie beside empty folders, which are told of", async () => {
    const files = pictures("train/cat/1.png", "train/dog/1.png", "test/cat/2.png");
    const root = await makeFolder({ ...files, "test/dog/readme.txt": "later" });
    await mkdir(join(root, "train/cow"));
    await mkdir(join(root, "val"));
    const { problems } = await loadClassificationDataset(root, noDraw);
    expect(problems.map(({ kind, file }) => [kind, file.slice(root.length + 1)])).toEqual([
      ["class-empty", "test/dog"],
      ["class-empty", "train/cow"],
    ]);
    expect(problems[1].detail).toMatch(
      /^The folder has no pictures: nothing is learnt .* of a class `cow` by it\.$/,
    );
  });
});
