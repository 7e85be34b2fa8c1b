import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadClassificationDataset } from "../../../src/data/classified/index.ts";
import { makeFolder } from "../folder-fixture.ts";
import { contents, expectRefused, noDraw, pictures } from "./classified-fixture.ts";

const names = "id,label\n1,0\n2,1\n3,0\n";
const sequences = "a,1,2,3\nb,4,5,6\na,7,8,9\n";
const ofClasses = ["cat/1.png", "dog/2.png"];
const ofSplits = ["train/cat/1.png", "test/dog/2.png"];

describe("a table beside pictures", () => {
  it.each<[string, string[], string]>([
    ["names pictures in folders of classes", ofClasses, names],
    ["names their files", ofClasses, "Width,Path\n27,cat/1.png\n"],
    ["has one number for each", ofClasses, "a,1\nb,2\na,3\n"],
    ["has a line for each", ofClasses, "id,width,height\n1,27,30\n2,28,31\n3,26,30\n"],
    ["holds sequences, but the pictures lie in folders of splits", ofSplits, sequences],
  ])("is not read where it %s", async (_, paths, table) => {
    const root = await makeFolder({ ...pictures(...paths), "train.csv": table });
    const dataset = await loadClassificationDataset(root, noDraw);
    expect(dataset).toMatchObject({ kind: "pictures", classes: ["cat", "dog"] });
    expect(dataset.problems[0]).toEqual({
      kind: "annotation-unreadable",
      file: join(root, "train.csv"),
      detail: expect.stringMatching(/^The table is not read, because folders beside it hold pictures/),
    });
  });

  it.each([
    ["in one folder", ["plots/1.png"]],
    ["in folders of anything", ["runs/1/plots/1.png", "runs/1/samples/2.png"]],
  ])("is read where it holds sequences, and the pictures lie %s", async (_, paths) => {
    const root = await makeFolder({
      ...pictures(...paths),
      "x_TRAIN.csv": sequences,
      "x_TEST.csv": "b,3,2,1\n",
    });
    const dataset = await loadClassificationDataset(root, noDraw);
    expect(dataset).toMatchObject({ kind: "sequences", shape: [1, 3] });
    expect(contents(dataset).test).toEqual(["x_TEST/x_TEST.csv:1 b"]);
    expect(dataset.problems).toEqual([
      {
        kind: "example-unreadable",
        file: join(root, paths[0]),
        detail: expect.stringMatching(
          /^\d pictures in folders are not read, .*: tables beside them hold sequences/,
        ),
      },
    ]);
    const wrong = { channels: 0 };
    await expectRefused(root, "argument-range", /`channels` \(=0\)/, wrong);
  });

  it("is refused where the pictures lie in no classes", async () => {
    const root = await makeFolder({
      ...pictures("train_images/1.png", "train_images/2.png", "train_images/3.png"),
      "train.csv": "image_id,label\n1.png,0\n2.png,1\n3.png,0\n",
    });
    const message =
      /pictures \(`train_images\/1\.png`\) in no folders of classes, and a table that holds no sequences/;
    await expectRefused(root, "dataset-format", message);
  });
});

describe("a table of which each row has a class of its own", () => {
  /** A table with a row for each label. */
  const rows = (count: number, labelOf: (i: number) => string | number) =>
    Array.from({ length: count }, (_, i) => `${labelOf(i)},${i},7\n`).join("");

  it.each<[string, (i: number) => string | number, RegExp]>([
    ["names", (i) => `${i}.png`, /\(`0\.png`, `1\.png`, …\)/],
    ["long numbers", (i) => 10_001 + i, /\(`10001`, `10002`, …\)/],
    ["numbers that grow long", (i) => 990 + i, /\(`990`, `991`, …\)/],
    ["numbers of rows", (i) => i, /\(`0`, `1`, …\)/],
  ])("is refused where they are %s, alone and as one of several", async (_, labelOf, named) => {
    const root = await makeFolder({ "train.csv": rows(20, labelOf) });
    const message = new RegExp(
      `has 20 rows, each with a class of its own ${named.source}: the first cell of`,
    );
    await expectRefused(root, "dataset-format", message);
    await expectRefused(join(root, "train.csv"), "dataset-format", message);
  });

  it("is refused where more than half of the rows have one, or most have fractions", async () => {
    const root = await makeFolder({
      "few.csv": rows(20, (i) => i % 11),
      "last.csv": rows(48, (i) => (i % 12) / 7),
    });
    await expectRefused(join(root, "few.csv"), "dataset-format", /has 20 rows of 11 classes \(`0`, `1`, …\)/);
    const last = /has 48 rows of 12 classes .*; where the label comes last, move it to the front\.$/;
    await expectRefused(join(root, "last.csv"), "dataset-format", last);
  });

  it.each<[string, string, number]>([
    ["is small, as Fungi of the UCR archive", rows(18, (i) => i + 1), 18],
    ["is what three known classes are measured on", rows(3, (i) => "abc"[i]), 3],
    ["has numbers of classes, each twice", rows(60, (i) => i % 30), 30],
    ["has each class twice", rows(20, (i) => `class ${i % 10}`), 10],
    ["calls two classes by fractions", rows(20, (i) => (i % 2) - 0.5), 2],
  ])("is read where it %s", async (_, table, classes) => {
    const root = await makeFolder({ "set.csv": table, "in/x_TRAIN.csv": table });
    expect((await loadClassificationDataset(join(root, "set.csv"))).classes).toHaveLength(classes);
    expect((await loadClassificationDataset(join(root, "in"))).classes).toHaveLength(classes);
  });

  it("is read where two tables name the same classes", async () => {
    const table = rows(20, (i) => `n${i}`);
    const root = await makeFolder({ "train.csv": table, "test.csv": table });
    expect((await loadClassificationDataset(root)).classes).toHaveLength(20);
  });
});
