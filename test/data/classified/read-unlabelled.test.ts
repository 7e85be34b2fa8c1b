import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FoveaError } from "../../../src/core/index.ts";
import { type FittedExample, readUnlabelled } from "../../../src/data/classified/index.ts";
import { makeFolder } from "../folder-fixture.ts";
import { expectRefused, read } from "./unlabelled-fixture.ts";

describe("a table", () => {
  const rows = [
    [1, 0.5, -2],
    [2, 0.25, 3],
  ];

  it.each([
    ["without labels", "1,0.5,-2\n2,0.25,3\n"],
    ["separated by blanks", "  1.0e+00 5.0e-01 -2\n  2 0.25 3\n"],
    ["with labels that are numbers", "7\t1\t0.5\t-2\n8\t2\t0.25\t3\n"],
    ["with labels that are names", "beat,1,0.5,-2\nrest,2,0.25,3\n"],
    ["some of whose lines have labels", "beat,1,0.5,-2\n2,0.25,3\n"],
    ["with a header, without labels", "a,b,c\n1,0.5,-2\n2,0.25,3\n"],
    ["with a header and labels", "label,0,1,2\n7,1,0.5,-2\n8,2,0.25,3\n"],
    ["with separators at the ends, without labels", "1,0.5,-2,\n2,0.25,3,\n"],
    ["with separators at the ends, and labels", "7,1,0.5,-2,\n8,2,0.25,3,\n"],
    ["with a byte order mark and blank lines", "\uFEFF1;0.5;-2\r\n\r\n2;0.25;3\r\n"],
  ])("%s", async (_, text) => {
    expect((await read("beats.csv", text, [1, 3])).map(({ values }) => values)).toEqual(rows);
  });

  it("is told by its lines", async () => {
    const found = await read("beats.tsv", "a\tb\n1\t2\n\n3\t4\n", [1, 2]);
    expect(found).toEqual([
      { id: "beats.tsv:2", values: [1, 2] },
      { id: "beats.tsv:4", values: [3, 4] },
    ]);
  });

  it("may have shorter sequences, which end with empty or NaN cells and are filled up as in training", async () => {
    const found = await read("beats.csv", "beat,1,2,\nbeat,3,NaN,NaN\nrest,4,5,6\n", [1, 3]);
    expect(found.map(({ values }) => values)).toEqual([
      [1, 2, 2],
      [3, 3, 3],
      [4, 5, 6],
    ]);
    const channels = await read("beats.csv", "beat,1,2,NaN,4,NaN,NaN\n1,2,3,4,5,6\n", [2, 3]);
    expect(channels.map(({ values }) => values)).toEqual([
      [1, 2, 2, 4, 4, 4],
      [1, 2, 3, 4, 5, 6],
    ]);
  });

  it.each([
    ["columns that are missing in all lines", "1\t5\t6\t7\tNaN\tNaN\n2\t8\t9\tNaN\tNaN\tNaN\n", [1, 3]],
    ["labels before sequences shorter than the classifier's", "1\t5\t6\t7\n2\t8\t9\tNaN\n", [1, 5]],
    ["labels and as many cells as values", "1\t5\t6\t7\tNaN\n2.0\t8\t9\tNaN\tNaN\n", [1, 4]],
  ])("has numbers as labels: %s", async (_, text, shape) => {
    const found = await read("beats.tsv", text, shape, { classes: ["1", "2"] });
    const up = (row: number[]) => [...row, ...Array<number>(shape[1] - row.length).fill(row.at(-1)!)];
    expect(found.map(({ values }) => values)).toEqual([up([5, 6, 7]), up([8, 9])]);
  });

  it("of lines that fit, or do not all begin with a class, has none", async () => {
    const classes = ["1", "2"];
    const fit = await read("beats.csv", "1,5,6\n2,8,9\n", [1, 3], { classes });
    expect(fit.map(({ values }) => values[0])).toEqual([1, 2]);
    const short = await read("beats.csv", "1,5\n2.5,8\n", [1, 3], { classes });
    expect(short.map(({ values }) => values[0])).toEqual([1, 2.5]);
  });

  it.each([
    [
      "without labels",
      "1,2,3\n\n1,2,3,4,5\n",
      /^Line 3 of `.*beats\.csv` cannot be classified: it has 5 time/,
    ],
    ["with labels", "beat,1,2,3,4\n", /^Line 1 .*: it has 4 time steps, the classifier takes 3; cut it, or/],
  ])("with longer sequences is refused, %s", async (_, text, message) => {
    await expectRefused("beats.csv", text, [1, 3], "example-unreadable", message);
  });

  it("has the values of all channels in a line", async () => {
    const found = await read("beats.csv", "1,2,3,4\nbeat,5,6,7,8\n", [2, 2]);
    expect(found.map(({ values }) => values)).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
  });

  it.each([
    [
      "a word",
      "1,2,3\n4,x,6\n",
      /^Line 2 of `.*beats\.csv` is no sequence: value 2 `x` is not a finite 32-bit/,
    ],
    [
      "a word behind a label",
      "a,1,2,3\nb,4,x,6\n",
      /^Line 2 .*: value 2 `x` is not .*; mend or remove it\.$/,
    ],
    ["infinity", "1,2,3\n\n4,5,inf\n", /^Line 3 .*: value 3 `inf` is not a finite/],
    ["a gap", "1,,3\n", /^Line 1 .*: value 2 is missing, though later ones are there/],
    ["a gap at the start", "1,2,3\n,5,6\n", /^Line 2 .*: value 1 is missing/],
    ["NaN at the start", "1,2,3\nNaN,5,6\n", /^Line 2 .*: value 1 is missing/],
    ["a label alone", "a,1,2,3\nb,,,\n", /^Line 2 .*: there are no values; mend/],
  ])("with a bad cell is refused: %s", async (_, text, message) => {
    await expectRefused("beats.csv", text, [1, 3], "example-unreadable", message);
  });

  it.each([
    [
      "1,2,3\n4,x,6\n7,8,9\n",
      [[2, "value 2 `x` is not"]],
      [
        [1, 2, 3],
        [7, 8, 9],
      ],
    ],
    [
      "1,1,2,3\n2,4,5,6,7,8,9\n,7,8,9\n2,,8,9\n",
      [
        [2, "it has 6 time steps"],
        [4, "value 1 is missing"],
      ],
      [
        [1, 2, 3],
        [7, 8, 9],
      ],
    ],
    [
      "1,1,2\n2,4,5,6,7,8,9,9\n,7,8\n",
      [[2, "it has 7 time steps"]],
      [
        [1, 2, 2, 2, 2],
        [7, 8, 8, 8, 8],
      ],
    ],
  ])("with bad lines says so of each, and gives the others: %j", async (text, faults, values) => {
    const shape = [1, values[0].length];
    const failures: FoveaError[] = [];
    const onFailure = (failure: FoveaError) => void failures.push(failure);
    const found = await read("beats.csv", text, shape, { classes: ["1", "2"], onFailure });
    expect(found.map((example) => example.values)).toEqual(values);
    expect(failures.map(({ message }) => message)).toEqual(
      faults.map(([line, fault]) =>
        expect.stringMatching(new RegExp(`^Line ${line} of .*beats\\.csv\`.*: ${fault}`)),
      ),
    );
  });

  it("with shorter lines tells how much of the time steps they have", async () => {
    const told: FittedExample[] = [];
    const found = await read("beats.csv", "1,2,3,4\n5\n6,7\n", [1, 4], { onFitted: (one) => told.push(one) });
    expect(found.map(({ values }) => values[3])).toEqual([4, 5, 7]);
    expect(told.map(({ id, share }) => [id.split(":").at(-1), share])).toEqual([
      ["2", 0.25],
      ["3", 0.5],
    ]);
  });

  it("with an index and a header of pandas", async () => {
    const text = ",label,0,1,2\n0,a,1,0.5,-2\n1,b,2,0.25,3\n";
    expect((await read("beats.csv", text, [1, 3])).map(({ values }) => values)).toEqual(rows);
  });

  it("of bad lines alone is refused once", async () => {
    const onFailure = () => expect.unreachable();
    await expectRefused(
      "beats.csv",
      "1,x,3\n4,x,6\n7,x,9\n",
      [1, 3],
      "example-unreadable",
      /^Line 1 .*; mend or remove it\. Nor can the 2 others in that file be used\.$/,
      { onFailure },
    );
  });

  it.each([
    ["nothing", ""],
    ["blank lines", "\n \n"],
    ["a header alone", "a,b,c\n"],
  ])("with %s is refused", async (_, text) => {
    const message = /beats\.csv` has no usable example: each line must hold the values of a sequence\.$/;
    await expectRefused("beats.csv", text, [1, 3], "dataset-empty", message);
  });
});

describe("a file with a row for each time step", () => {
  const layout = "files";

  it.each([
    ["of as many steps", "1,2\n3,4\n5,6\n", [1, 3, 5, 2, 4, 6]],
    ["with a header", "x,y\n1,2\n3,4\n5,6\n", [1, 3, 5, 2, 4, 6]],
    ["that ends earlier", "1,2\n3,4\n", [1, 3, 3, 2, 4, 4]],
    ["one of whose channels ends earlier", "1,2\n3,\n5,NaN\n", [1, 3, 5, 2, 2, 2]],
  ])("%s is one sequence", async (_, text, values) => {
    expect(await read("sit.csv", text, [2, 3], { layout })).toEqual([{ id: "sit.csv", values }]);
  });

  it.each([
    ["of more steps", "1,2\n3,4\n5,6\n7,8\n", /^`.*sit\.csv` cannot be classified: it has 4 time steps/],
    ["of other channels", "1,2,3\n4,5,6\n", /^`.*sit\.csv` is no sequence: it has 3 channels, .* takes 2,/],
    ["with a word", "1,2\n3,x\n", /^`.*sit\.csv`, line 2 is no sequence: Column 2: the value `x` is not/],
    ["without values", "", /^`.*sit\.csv` is no sequence: The file has no values/],
  ])("%s is refused", async (_, text, message) => {
    await expectRefused("sit.csv", text, [2, 3], "example-unreadable", message, { layout });
  });
});

it.each([
  ["gone.csv", [1, 3]],
  ["gone.npy", [1, 1, 2, 2]],
  ["gone.nii.gz", [1, 1, 2, 2]],
  ["gone.npz", [1, 1, 2, 2]],
])("says when there is no file %s, or a folder of this name", async (name, shape) => {
  const path = join(await makeFolder({}), name);
  await expect(readUnlabelled(path, shape)).rejects.toMatchObject({
    name: "FoveaError",
    code: "dataset-missing",
    message: expect.stringMatching(new RegExp(`^There is no file \`.*${basename(path)}\`: check the path`)),
  });
  await mkdir(path);
  await expect(readUnlabelled(path, shape)).rejects.toMatchObject({ code: "dataset-unreadable" });
});
