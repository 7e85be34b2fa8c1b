import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type ClassificationDataset,
  type LoadClassificationOptions,
  loadClassificationDataset,
} from "../../../src/data/classified/index.ts";
import { makeFolder, png } from "../folder-fixture.ts";
import { npy, npz } from "./npy-fixture.ts";
import { makeTar, packFolder } from "./tar-fixture.ts";

const noDraw: LoadClassificationOptions = { valFraction: 0 };

let picture: Uint8Array;
beforeAll(async () => {
  picture = await png(8, 6);
});

/** Files of the given paths, all the same small picture. */
function pictures(...paths: string[]): Record<string, Uint8Array> {
  return Object.fromEntries(paths.map((path) => [path, picture]));
}

/** `id class` of each example, by split. */
function contents({ classes, splits }: ClassificationDataset): Record<string, string[]> {
  const lists: [split: string, examples: { id: string; classIndex: number }[]][] = Object.entries(splits);
  const lines = lists.map(([split, examples]) => [
    split,
    examples.map(({ id, classIndex }) => `${id} ${classes[classIndex]}`),
  ]);
  return Object.fromEntries(lines);
}

function ids(dataset: ClassificationDataset, split: "train" | "val" | "test"): string[] {
  return dataset.splits[split].map(({ id }) => id);
}

function countByClass(dataset: ClassificationDataset, split: "train" | "val" | "test"): number[] {
  const counts = dataset.classes.map(() => 0);
  for (const { classIndex } of dataset.splits[split]) counts[classIndex]++;
  return counts;
}

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
    "test2017/owl/images/3.png",
    "train/4.png",
  ];
  const expected = {
    // A class may itself be called `train`.
    train: ["train/4.png train", "train/cat/1.png cat", "train/dog/1.png dog"],
    val: ["valid/cat/2.png cat"],
    test: ["test2017/cat/3.png cat", "test2017/owl/images/3.png owl"],
  };

  it("in folders of splits", async () => {
    const dataset = await loadClassificationDataset(await makeFolder(pictures(...withSplits)));
    expect(dataset.splitSource).toBe("files");
    expect(dataset.classes).toEqual(["cat", "dog", "owl", "train"]);
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
    expect(bytes).toEqual({ file: archive, offset: expect.any(Number), length: picture.length });
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
    expect(dataset.problems.map(({ file }) => file)).toEqual(strays);
  });

  it("may be of classes that look like files", async () => {
    const root = await makeFolder(pictures("train.tar/1.png", "test.csv/2.png"));
    expect((await loadClassificationDataset(root, noDraw)).classes).toEqual(["test.csv", "train.tar"]);
  });
});

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
    expect(dataset.problems.map(({ file }) => file)).toEqual([join(root, "Beats_TEST.tsv:3")]);
    const drawn = await loadClassificationDataset(root, { valFraction: 0.4 });
    expect([drawn.splits.train, drawn.splits.val, drawn.splits.test].map((split) => split.length)).toEqual([
      2, 1, 2,
    ]);
    expect(drawn.splitSource).toEqual({ seed: 0, valFraction: 0.4 });
  });

  it("in folders named after their classes", async () => {
    const root = await makeFolder({
      "train/sit/1.csv": "1,2\n3,4\n",
      "train/walk/1.csv": "5,6\n7,8\n",
      "val/sit/2.csv": "1,2\n3,4\n",
    });
    const dataset = await loadClassificationDataset(root);
    expect(dataset).toMatchObject({ kind: "sequences", shape: [2, 2], splitSource: "files" });
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
  const root = await makeFolder({ "set.csv": labels.map((label) => `${label},1,2\n`).join("") });
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

it("has a fingerprint that tells labels, splits and names apart, not places", async () => {
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

describe("bad input", () => {
  it("is refused where nothing is there to be read", async () => {
    const root = await makeFolder({ "empty.tar": "", "notes.md": "", "cat/readme.txt": "" });
    await mkdir(join(root, "void"));
    await expectRefused(join(root, "gone"), "dataset-missing", /^There is no file or folder `.*gone`: check/);
    await expectRefused(
      join(root, "void"),
      "dataset-empty",
      /`.*void` has no labelled pictures, sequences or/,
    );
    await expectRefused(root, "dataset-empty", /put them into folders named after their classes/);
    await expectRefused(join(root, "empty.tar"), "dataset-empty", /has 0 files and no labelled picture/);
    await expectRefused(join(root, "notes.md"), "dataset-format", /`.*notes\.md` is no data set to classify/);
  });

  it("is refused where pictures lie in no class's folder", async () => {
    const files = pictures("1.png", "2.png");
    await expectRefused(await makeFolder(files), "dataset-empty", /put them into folders named after/);
    await expectRefused(
      await makeTar(files),
      "dataset-empty",
      /has 2 files and no labelled picture among them/,
    );
    const root = await makeFolder({});
    await packFolderAs(join(root, "train.tar"), await makeFolder(files));
    await expectRefused(root, "dataset-empty", /train\.tar` has 2 files/);
  });

  it("is refused where an archive is damaged", async () => {
    const root = await makeFolder({ "train.tar": "no archive" });
    await expectRefused(root, "tar-unreadable", /train\.tar` is damaged or not a plain tar file/);
  });

  const series = "1,2\n3,4\n";
  const volume = npy("|u1", [1, 1, 2], [1, 2]);
  it.each<[string, Record<string, string | Uint8Array>, RegExp]>([
    [
      "pictures and sequences",
      { "cat/1.png": "", "beat/1.csv": series },
      /mixes sequences \(`beat\/1\.csv`\) and pictures \(`cat\/1\.png`\)/,
    ],
    [
      "pictures and volumes",
      { "cat/1.png": "", "cup/1.npy": volume },
      /mixes volumes \(`cup\/1\.npy`\) and pictures/,
    ],
    [
      "sequences and volumes",
      { "train/beat/1.tsv": series, "val/cup/1.nii.gz": "" },
      /mixes volumes \(`val\/cup\/1\.nii\.gz`\) and sequences/,
    ],
    [
      "tables of other lengths",
      { "X_TRAIN.csv": "a,1,2\n", "X_TEST.csv": "a,1,2,3\n" },
      /mixes sequences of 1×3 \(`X_TEST\.csv`\) and sequences of 1×2 \(`X_TRAIN\.csv`\)/,
    ],
    [
      "tables and .npz files",
      {
        "train.csv": "a,1,2\n",
        "val.npz": npz({ x: npy("|u1", [1, 1, 1, 2], [1, 2]), y: npy("|u1", [1], [0]) }),
      },
      /mixes sequences of 1×2 .* and volumes of 1×1×1×2/,
    ],
  ])("is refused where a folder mixes %s", async (_, files, message) => {
    await expectRefused(await makeFolder(files), "dataset-format", message);
  });

  it("is refused where a folder mixes a tar file and a table", async () => {
    const root = await makeFolder({ "test.csv": "a,1,2\n" });
    await packFolderAs(join(root, "train.tar"), await makeFolder(pictures("cat/1.png")));
    await expectRefused(root, "dataset-format", /mixes sequences of 1×2 .* and pictures \(`train\.tar`\)/);
  });

  it.each([-0.1, 1, 1.5, Number.NaN])("is refused where valFraction is %s", async (valFraction) => {
    const root = await makeFolder(pictures("cat/1.png"));
    const message = new RegExp(
      `^\`valFraction\` \\(=${valFraction}\\) must be at least 0 and less than 1\\.$`,
    );
    await expectRefused(root, "dataset-split", message, { valFraction });
  });
});

const inPart = (part: string) => (line: string) => `${part}/${line}`;

/** Packs a folder into an archive at a path. */
async function packFolderAs(path: string, folder: string): Promise<void> {
  await writeFile(path, await readFile(await packFolder(folder)));
}

/** Expects an error of one sentence. */
async function expectRefused(
  path: string,
  code: string,
  message: RegExp,
  options: LoadClassificationOptions = {},
): Promise<void> {
  const error = await loadClassificationDataset(path, options).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "FoveaError", code, message: expect.stringMatching(message) });
  expect((error as Error).message).toMatch(/\.$/);
  expect((error as Error).message).not.toContain("\n");
}
