import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadClassificationDataset } from "../../../src/data/classified/index.ts";
import { makeFolder } from "../folder-fixture.ts";
import { contents, expectRefused, noDraw, pictures } from "./classified-fixture.ts";
import { npy } from "./npy-fixture.ts";
import { makeTar } from "./tar-fixture.ts";

const NO_LABEL = "The file lies in no class's folder and so has no label: skipped.";
const NO_CLASS_WITHIN =
  "The file lies in no class's folder within its split's: skipped. Folders of splits must lie above those of classes: train/cat/1.jpg.";
const NO_SPLIT = "The file lies in no folder of a split such as train, as others do: skipped.";

/** What is read of pictures in a folder and in an archive, which must be the same: `id class` by split, and problems by path. */
async function read(paths: string[], others: Record<string, string> = {}) {
  const files = { ...pictures(...paths), ...others };
  const roots = [await makeFolder(files), await makeTar(files)];
  const sets = await Promise.all(roots.map((root) => loadClassificationDataset(root, noDraw)));
  const [first, second] = sets.map((dataset, i) => ({
    ...contents(dataset),
    problems: dataset.problems.map(({ file, detail }) => [file.slice(roots[i].length + 1), detail]),
  }));
  expect(second).toEqual(first);
  return first;
}

describe("folders of splits", () => {
  it("without classes beside some with classes have no labels", async () => {
    expect(await read(["train/cat/1.png", "train/dog/1.png", "test/1.png", "val/images/2.png"])).toEqual({
      train: ["train/cat/1.png cat", "train/dog/1.png dog"],
      val: [],
      test: [],
      problems: [
        ["test/1.png", NO_LABEL],
        ["val/images/2.png", NO_LABEL],
      ],
    });
  });

  it("are those of Tiny ImageNet as it is published, with a list of classes for val", async () => {
    const files = ["n01", "n02"].map((name) => `train/${name}/images/${name}_0.JPEG`);
    const list = "val_0.JPEG\tn02\t0\t0\t9\t9\r\nval_1.JPEG\tn01\t0\t0\t9\t9\r\n";
    const val = ["val/images/val_0.JPEG", "val/images/val_1.JPEG", "val/images/val_2.JPEG"];
    const others = {
      "val/val_annotations.txt": list,
      "train/n01/n01_boxes.txt": "n01_0.JPEG\t0\t0\t9\t9\n",
      "wnids.txt": "n01\nn02\n",
    };
    expect(await read([...files, ...val, "test/images/test_0.JPEG"], others)).toEqual({
      train: ["train/n01/images/n01_0.JPEG n01", "train/n02/images/n02_0.JPEG n02"],
      val: ["val/images/val_0.JPEG n02", "val/images/val_1.JPEG n01"],
      test: [],
      problems: [
        ["test/images/test_0.JPEG", NO_LABEL],
        ["val/images/val_2.JPEG", NO_LABEL],
      ],
    });
  });

  it("lie anywhere, the outermost one counts, and what lies beside them is in no split", async () => {
    const inner = ["train/cat/1.png", "test/cat/2.png"];
    const deep = inner.map((path) => `ILSVRC/Data/CLS-LOC/${path}`);
    const twice = [...inner, ...inner.map((path) => `set/${path}`), "test/train/3.png"];
    expect(await read([...deep, "ILSVRC/docs/logo.png", "cover.png"])).toEqual({
      train: [`${deep[0]} cat`],
      val: [],
      test: [`${deep[1]} cat`],
      problems: [
        ["ILSVRC/docs/logo.png", NO_SPLIT],
        ["cover.png", NO_LABEL],
      ],
    });
    expect(await read(twice)).toMatchObject({
      train: ["set/train/cat/1.png cat", "train/cat/1.png cat"],
      test: ["set/test/cat/2.png cat", "test/cat/2.png cat", "test/train/3.png train"],
    });
  });

  it("that are only measured on leave the classes beside them to train with", async () => {
    const beside = ["birch/1.png", "maple/1.png", "oak/1.png"];
    for (const split of ["test", "val"]) {
      const measured = [`${split}/maple/2.png`, `${split}/oak/2.png`];
      expect(await read([...beside, ...measured, "cover.png", `${split}/3.png`])).toEqual({
        train: ["birch/1.png birch", "maple/1.png maple", "oak/1.png oak"],
        val: [],
        test: [],
        [split]: [`${measured[0]} maple`, `${measured[1]} oak`],
        problems: [
          ["cover.png", NO_LABEL],
          [`${split}/3.png`, NO_LABEL],
        ],
      });
    }
    expect(await read(["docs/logo.png", "test/oak/1.png"])).toMatchObject({
      train: [],
      problems: [["docs/logo.png", NO_SPLIT]],
    });
    expect(await read(["oak/1.png", "test/oak/2.png", "train/oak/3.png"])).toMatchObject({
      train: ["train/oak/3.png oak"],
      problems: [["oak/1.png", NO_SPLIT]],
    });
  });

  it("beside which the classes lie leave it to the draw what to validate with", async () => {
    const beside = ["oak", "maple"].flatMap((name) => [1, 2, 3].map((i) => `${name}/${i}.png`));
    const root = await makeFolder(pictures(...beside, "test/oak/1.png"));
    const { splits, splitSource } = await loadClassificationDataset(root, { seed: 2 });
    expect([splits.train.length, splits.val.length, splits.test.length]).toEqual([4, 2, 1]);
    expect(splitSource).toEqual({ seed: 2, valFraction: 0.1 });
  });

  it("may be named at the end, where there are several, and be repeated", async () => {
    expect(
      await read([
        "seg_train/seg_train/sea/1.png",
        "seg_test/seg_test/sea/1.png",
        "seg_pred/seg_pred/1.png",
        "seg_val/seg_val/2.png",
      ]),
    ).toEqual({
      train: ["seg_train/seg_train/sea/1.png sea"],
      val: [],
      test: ["seg_test/seg_test/sea/1.png sea"],
      problems: [
        ["seg_pred/seg_pred/1.png", NO_SPLIT],
        ["seg_val/seg_val/2.png", NO_LABEL],
      ],
    });
    expect(await read(["my-test/train/cat/1.png", "my-test/val/cat/1.png"])).toMatchObject({
      train: ["my-test/train/cat/1.png cat"],
      val: ["my-test/val/cat/1.png cat"],
    });
  });

  it("may be names of classes where none has classes, or in another split's folder", async () => {
    const vehicles = ["bullet_train/red/1.png", "car/red/2.png", "train/images/3.png", "test/4.png"];
    expect(await read(vehicles)).toMatchObject({
      train: [
        "bullet_train/red/1.png red",
        "car/red/2.png red",
        "test/4.png test",
        "train/images/3.png train",
      ],
      problems: [
        ["", expect.stringMatching(/^Class `red` comes from 2 folders \(`bullet_train\/red`, `car\/red`\)/)],
      ],
    });
    expect(await read(["train/car/1.png", "train/train/2.png", "val/car/3.png", "val/train/4.png"])).toEqual({
      train: ["train/car/1.png car", "train/train/2.png train"],
      val: ["val/car/3.png car", "val/train/4.png train"],
      test: [],
      problems: [],
    });
  });

  it("without any class are refused", async () => {
    const files = pictures("train/1.png", "val/images/2.png");
    const message =
      /must lie in folders named after their classes, as cat\/1\.jpg\. First problem, in .*train\/1/;
    await expectRefused(await makeFolder(files), "dataset-empty", message);
    await expectRefused(await makeTar(files), "dataset-empty", /2 files and no labelled picture among them/);
  });

  it("below folders of classes are refused, and their place is said", async () => {
    const files = pictures("oak/test/2.png", "oak/train/1.png");
    const message =
      /First problem, in .*oak\/test\/2\.png: .* Folders of splits must lie above those of classes: train\/cat/;
    await expectRefused(await makeFolder(files), "dataset-empty", message);
    await expectRefused(await makeTar(files), "dataset-empty", message);
    expect((await read(["oak/train/1.png", "train/oak/1.png"])).problems).toEqual([
      ["oak/train/1.png", NO_CLASS_WITHIN],
    ]);
  });

  it("hold volumes by the same rules", async () => {
    const volume = npy("|u1", [1, 1, 2], [1, 2]);
    const root = await makeFolder({
      "v_train/cup/1.npy": volume,
      "v_test/cup/2.npy": volume,
      "v_test/3.npy": volume,
    });
    const dataset = await loadClassificationDataset(root, noDraw);
    expect(contents(dataset)).toEqual({
      train: ["v_train/cup/1.npy cup"],
      val: [],
      test: ["v_test/cup/2.npy cup"],
    });
    const unread = dataset.problems.filter(({ kind }) => kind === "example-unreadable");
    expect(unread.map(({ file }) => file)).toEqual([join(root, "v_test/3.npy")]);
  });
});

it("names classes that are measured on and never learnt", async () => {
  const root = await makeFolder(
    pictures(
      "train/cat/1.png",
      "train/dog/1.png",
      "val/cat/2.png",
      "val/owl/1.png",
      "val/owl/2.png",
      "test/elk/1.png",
    ),
  );
  const problem = (detail: string) => ({ kind: "class-untrained", file: root, detail });
  expect((await loadClassificationDataset(root)).problems).toEqual([
    problem("Class `owl` has 2 in val and none in train: kept, but it is never learnt."),
    problem("Class `elk` has 1 in test and none in train: kept, but it is never learnt."),
  ]);
  const measured = await makeFolder(pictures("val/cat/1.png", "val/dog/2.png"));
  expect((await loadClassificationDataset(measured)).problems).toEqual([]);
});

describe("pictures of kinds that cannot be read", () => {
  const bmp = Buffer.concat([Buffer.from("BM"), Buffer.alloc(60)]);

  it("are named", async () => {
    const files = {
      ...pictures("a/1.png"),
      "a/2.bmp": bmp,
      "b/1.HEIC": "no picture",
      "c/1.pnm": "P5 1 1 255 x",
    };
    for (const root of [await makeFolder(files), await makeTar(files)]) {
      const dataset = await loadClassificationDataset(root, noDraw);
      expect(dataset.classes).toEqual(["a", "c"]);
      expect(
        dataset.problems.map(({ kind, file, detail }) => [kind, file.slice(root.length + 1), detail]),
      ).toEqual([
        [
          "picture-unreadable",
          "a/2.bmp",
          expect.stringMatching(/is a BMP file, which cannot be read: convert it/),
        ],
        ["picture-unreadable", "b/1.HEIC", expect.stringMatching(/is not a picture file/)],
      ]);
    }
  });

  it("are the reason where there are no others", async () => {
    const root = await makeFolder({ "a/1.bmp": bmp, "b/2.bmp": bmp });
    await expectRefused(root, "dataset-empty", /First problem, in .*a\/1\.bmp: Picture .* is a BMP file/);
    await writeFile(join(root, "a", "1.csv"), "1,2\n3,4\n");
    expect(await loadClassificationDataset(root, noDraw)).toMatchObject({
      kind: "sequences",
      classes: ["a"],
    });
  });
});
