import { join } from "node:path";
import { expect, test } from "vitest";
import { readSeriesFile, readSeriesFolder } from "../../../src/data/classified/read-series.ts";
import { makeFolder } from "../folder-fixture.ts";

async function readText(text: string | Uint8Array, channels?: number) {
  const root = await makeFolder({ "set.tsv": text });
  const { examples, problems, ...rest } = await readSeriesFile(join(root, "set.tsv"), { channels });
  return {
    ...rest,
    examples,
    rows: examples.map(({ label, values }) => [label, ...values]),
    faults: problems.map(({ kind, file, detail }) => [kind, file.slice(root.length + 1), detail]),
  };
}

test.each([
  ["tabs", "1\t0.5\t-2\n2\t1e-1\t3\n"],
  ["commas", "1,0.5,-2\r\n2,.1,3\r\n"],
  ["commas and blanks, numeric labels in another spelling", "1.0000, 0.5, -2\n2.0e0, 0.1, 3\n"],
  ["semicolons", "1;0.5;-2\n\n2;0.1;3"],
  ["blanks", "   1.0000000e+00   5.0e-01  -2.0e+00\n   2.0000000e+00   1.0e-01   3.0e+00\n"],
  ["a separator at the end", "1,0.5,-2,\n2,0.1,3,\n"],
  ["a header", "label,v0,v1\n1,0.5,-2\n2,0.1,3\n"],
  ["a header of time steps", "class,0,1\n1,0.5,-2\n2,0.1,3\n"],
  ["a byte order mark", "\uFEFF1,0.5,-2\n2,0.1,3\n"],
  ["UTF-16", Buffer.from("\uFEFF1\t0.5\t-2\r\n2\t0.1\t3\r\n", "utf16le")],
  ["UTF-16, big-endian", Buffer.from("\uFEFF1\t0.5\t-2\r\n2\t0.1\t3\r\n", "utf16le").swap16()],
  ["what stands for missing values at the end", "1,0.5,-2,NA\n2,0.1,3,null\n"],
])("reads a table with %s", async (_, text) => {
  const { kind, shape, rows, faults } = await readText(text);
  expect([kind, shape, faults]).toEqual(["sequences", [1, 2], []]);
  expect(rows).toEqual([
    ["1", 0.5, -2],
    ["2", Math.fround(0.1), 3],
  ]);
});

test.each([
  ["beat", "beat"],
  ["1.0000000e+00", "1"],
  ["-1", "-1"],
  ["-0.0", "0"],
  ["A\u0308pfel", "\u00C4pfel"],
  ["007", "7"],
  ["1.50", "1.5"],
  ["12345678901234567890", "12345678901234567890"],
  ["0x10", "0x10"],
  ['"walking, fast"', "walking, fast"],
  ['"5"" pipe"', '5" pipe'],
])("names the label %s %s", async (cell, name) => {
  const { examples } = await readText(`${cell},1,2\n${cell},3,4\n`);
  expect(examples.map(({ label }) => label)).toEqual([name, name]);
});

const NINE = "0,1,2,3,4,5,6,7,8";
const VALUES = "9,9,9,9,9,9,9,9,9";

test.each([
  ["whatever its first word", `diagnosis,${NINE}\nbad,${VALUES}\nok,${VALUES}\n`],
  ["behind an index without a name", `,label,${NINE}\n0,bad,${VALUES}\n1,ok,${VALUES}\n`],
  ["behind an index, whatever its first word", `,diagnosis,${NINE}\n0,bad,${VALUES}\n1,ok,${VALUES}\n`],
  ["behind an index that was read again", `Unnamed: 0,label,a,b\n0,bad,1,2\n1,ok,3,4\n`],
])("recognises a header of pandas, %s", async (_, text) => {
  const { rows, faults } = await readText(text);
  expect(rows.map(([label]) => label)).toEqual(["bad", "ok"]);
  const hasIndex = /^(,|Unn)/.test(text);
  const detail = expect.stringMatching(
    /^The column before `(label|diagnosis)` numbers the rows: it is not read/,
  );
  expect(faults).toEqual(hasIndex ? [["column-ignored", "set.tsv:1", detail]] : []);
});

test("takes a class that counts up for a class", async () => {
  const { rows } = await readText(`up,${NINE}\ndown,${VALUES}\nup,${VALUES}\n`);
  expect(rows.map(([label]) => label)).toEqual(["up", "down", "up"]);
});

test("keeps all values in one shared piece of memory, names examples by file and line", async () => {
  const { examples } = await readText("a,1,2\n\nb,3,4\n");
  expect(examples.map(({ id }) => id)).toEqual(["set.tsv:1", "set.tsv:3"]);
  expect(examples[0].values.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(examples[1].values.buffer).toBe(examples[0].values.buffer);
});

test("pads shorter sequences with their last value", async () => {
  const { shape, rows, faults } = await readText("a,1,2,3\nb,4,NaN,nan\nc,5,6\nd,7,8,\n");
  expect(shape).toEqual([1, 3]);
  expect(rows).toEqual([
    ["a", 1, 2, 3],
    ["b", 4, 4, 4],
    ["c", 5, 6, 6],
    ["d", 7, 8, 8],
  ]);
  const detail = (steps: number) => `The sequence has ${steps} of 3 time steps: its last value is repeated.`;
  expect(faults).toEqual([
    ["example-padded", "set.tsv:2", detail(1)],
    ["example-padded", "set.tsv:3", detail(2)],
    ["example-padded", "set.tsv:4", detail(2)],
  ]);
});

test("splits a line into channels, each with an end of its own", async () => {
  const { shape, rows, faults } = await readText("a,1,2,3,4,5,6\nb,1,2,,4,,\nc,1,2,3,4\n", 2);
  expect(shape).toEqual([2, 3]);
  expect(rows).toEqual([
    ["a", 1, 2, 3, 4, 5, 6],
    ["b", 1, 2, 2, 4, 4, 4],
    ["c", 1, 2, 2, 3, 4, 4],
  ]);
  expect(faults.map(([kind, file]) => [kind, file])).toEqual([
    ["example-padded", "set.tsv:2"],
    ["example-padded", "set.tsv:3"],
  ]);
});

test.each([
  ["no number", "b,1,two", 1, "Label `b`: value 2 `two` is not a finite 32-bit number: line skipped."],
  ["infinity", "b,inf,2", 1, "Label `b`: value 1 `inf` is not a finite 32-bit number: line skipped."],
  ["too large", "b,1,1e39", 1, "Label `b`: value 2 `1e39` is not a finite 32-bit number: line skipped."],
  ["gap", "b,1,NaN,3", 1, "Label `b`: value 2 is missing, though later ones are there: line skipped."],
  [
    "decimal comma",
    "b;1;0,5",
    1,
    "Label `b`: value 2 `0,5` has a decimal comma: write decimal points, 0.5: line skipped.",
  ],
  ["no label", ",1,2", 1, "The label is missing: line skipped."],
  ["label alone", "b", 1, "Label `b`: there are no values: line skipped."],
  ["only NaN", "b,NaN,NaN", 1, "Label `b`: there are no values: line skipped."],
  ["channels", "b,1,2,3", 2, "Label `b`: 3 values are not 2 channels of equal lengths: line skipped."],
  ["empty channel", "b,1,2,,", 2, "Label `b`: there are no values: line skipped."],
])("skips a line with a fault: %s", async (_, line, channels, detail) => {
  const separated = (text: string) => (line.includes(";") ? text.replaceAll(",", ";") : text);
  const { rows, faults } = await readText(
    `${separated("a,1,2")}\n${line}\n${separated("c,3,4")}\n`,
    channels,
  );
  expect(rows.map(([label]) => label)).toEqual(["a", "c"]);
  expect(faults).toEqual([["example-unreadable", "set.tsv:2", detail]]);
});

test.each([
  ["an empty file", "", undefined, "dataset-empty", /has no usable example: each line must hold/],
  ["a header alone", "label,a,b\n", undefined, "dataset-empty", /has no usable example/],
  ["nothing but faults", "a,NaN\nb,x\n", undefined, "dataset-empty", /set\.tsv:1: Label `a`: there are no/],
  [
    "a header with the label last",
    "x,y,label\n1,2,a\n",
    undefined,
    "dataset-format",
    /called `label`, but the label must come first/,
  ],
  ["no channels", "a,1\n", 0, "argument-range", /`channels` \(=0\) must be a whole number of at least 1/],
  ["broken channels", "a,1\n", 1.5, "argument-range", /`channels` \(=1\.5\)/],
])("refuses %s", async (_, text, channels, code, message) => {
  const error = await readText(text, channels).catch((thrown) => thrown);
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
});

test("refuses what is not there", async () => {
  const root = await makeFolder({ "a/readme.md": "" });
  await expect(readSeriesFile(join(root, "gone.tsv"))).rejects.toMatchObject({ code: "dataset-missing" });
  await expect(readSeriesFile(root)).rejects.toMatchObject({ code: "dataset-unreadable" });
  await expect(readSeriesFolder(join(root, "gone"))).rejects.toMatchObject({ code: "dataset-missing" });
  await expect(readSeriesFolder(root)).rejects.toMatchObject({ code: "dataset-empty" });
});

test("reads folders of classes: a row for each time step, a column for each channel", async () => {
  const root = await makeFolder({
    "sit/1.csv": "x,y\n1,10\n2,20\n3,30\n",
    "sit/2.tsv": "4\t40\n5\t\n",
    "walk/1.CSV": "6,60\n7,70\n8,80\n",
  });
  const { kind, shape, examples, problems } = await readSeriesFolder(root);
  expect([kind, shape]).toEqual(["sequences", [2, 3]]);
  expect(examples.map(({ id, label, split, values }) => [id, label, split, ...values])).toEqual([
    ["sit/1.csv", "sit", undefined, 1, 2, 3, 10, 20, 30],
    ["sit/2.tsv", "sit", undefined, 4, 5, 5, 40, 40, 40],
    ["walk/1.CSV", "walk", undefined, 6, 7, 8, 60, 70, 80],
  ]);
  expect(problems.map(({ kind, file }) => [kind, file])).toEqual([
    ["example-padded", join(root, "sit/2.tsv")],
  ]);
  expect(examples[2].values.buffer).toBe(examples[0].values.buffer);
});

test("takes splits from the first level of folders; in them no class is called so", async () => {
  const root = await makeFolder({
    "train/sit/1.csv": "1\n2\n",
    "valid/sit/1.csv": "1\n2\n",
    "test/walk/1.csv": "1\n2\n",
    "train/1.csv": "1\n2\n",
  });
  const { examples, problems } = await readSeriesFolder(root);
  expect(examples.map(({ id, label, split }) => [id, label, split])).toEqual([
    ["test/walk/1.csv", "walk", "test"],
    ["train/sit/1.csv", "sit", "train"],
    ["valid/sit/1.csv", "sit", "val"],
  ]);
  expect(problems).toEqual([
    {
      kind: "example-unreadable",
      file: join(root, "train/1.csv"),
      detail: "The file lies in no class's folder and so has no label: skipped.",
    },
  ]);
});

test("refuses folders of files with a row each", async () => {
  const root = await makeFolder({ "a/1.csv": "1,2,3\n", "b/1.csv": "4,5,6\n" });
  const message = expect.stringMatching(
    /have one row of 3 values each \(`a\/1\.csv`\): write a row for each/,
  );
  await expect(readSeriesFolder(root)).rejects.toMatchObject({ code: "dataset-format", message });
});

test.each([
  ["-0,5", "1,25\n-0,5\n"],
  ["1,05", "1,25\n1,05\n"],
  ["0,25", "0,25\n0,5\n"],
])("tells decimal commas from two channels: %s", async (number, text) => {
  const root = await makeFolder({
    "a/1.csv": text,
    "b/1.csv": "512,498\n0,100\n",
    "b/2.csv": "005,010\n1,0\n",
  });
  const { examples, problems } = await readSeriesFolder(root);
  expect(examples.map(({ id }) => id)).toEqual(["b/1.csv", "b/2.csv"]);
  const detail = `\`${number}\` has a decimal comma: write decimal points, ${number.replace(",", ".")}: file skipped.`;
  expect(problems.map((problem) => problem.detail)).toEqual([detail]);
});

test("skips files that are no sequence, and says where", async () => {
  const root = await makeFolder({
    "all.csv": "1,2\n",
    "a/1.csv": "1,2\n3,4\n",
    "a/2.csv": "1,2\n3,4\n",
    "b/empty.csv": "",
    "b/header.csv": "x,y\n",
    "b/hole.csv": "1,2\n,4\n5,6\n",
    "b/one.csv": "1\n2\n",
    "b/ragged.csv": "x,y\n1,2\n3\n",
    "b/word.csv": "1,2\n\n3,no\n",
  });
  const { examples, problems } = await readSeriesFolder(root);
  expect(examples.map(({ id }) => id)).toEqual(["a/1.csv", "a/2.csv"]);
  const faults = problems.map(({ kind, file, detail }) => [kind, file.slice(root.length + 1), detail]);
  expect(faults.sort(([, a], [, b]) => (a < b ? -1 : 1))).toEqual(
    [
      ["all.csv", "The file lies in no class's folder and so has no label: skipped."],
      ["b/empty.csv", "The file has no values: file skipped."],
      ["b/header.csv", "The file has no values: file skipped."],
      ["b/hole.csv:2", "Column 1: the value is missing, though later ones are there: file skipped."],
      ["b/one.csv", "The sequence has 1 channels, most have 2: skipped."],
      ["b/ragged.csv:3", "The row has 1 values, the first one has 2: file skipped."],
      ["b/word.csv:3", "Column 2: the value `no` is not a finite 32-bit number: file skipped."],
    ].map(([file, detail]) => ["example-unreadable", file, detail]),
  );
});
