import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { FoveaError } from "../../../src/core/index.ts";
import {
  type FittedExample,
  type ReadUnlabelledOptions,
  readUnlabelled,
} from "../../../src/data/classified/index.ts";
import { makeFolder } from "../folder-fixture.ts";
import { nifti } from "./nifti-fixture.ts";
import { npy, npyTexts, npz } from "./npy-fixture.ts";

async function read(
  name: string,
  content: string | Uint8Array,
  shape: number[],
  options?: ReadUnlabelledOptions,
) {
  const path = join(await makeFolder({ [name]: content }), name);
  const found = await readUnlabelled(path, shape, options);
  return found.map(({ id, values }) => ({ id: id.replace(path, name), values: [...values] }));
}

async function expectRefused(
  name: string,
  content: string | Uint8Array,
  shape: number[],
  code: string,
  message: RegExp,
  options?: ReadUnlabelledOptions,
): Promise<void> {
  await expect(read(name, content, shape, options)).rejects.toMatchObject({
    name: "FoveaError",
    code,
    message: expect.stringMatching(message),
  });
}

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

describe("a volume", () => {
  const shape = [1, 1, 2, 3];
  const values = [0, 1, 2, 3, 4, 5];

  it.each([
    ["bytes", "1.npy", npy("|u1", [1, 2, 3], values)],
    ["floats with a channel", "1.npy", npy("<f4", shape, values)],
    ["64-bit integers", "1.NPY", npy(">i8", [1, 2, 3], values)],
    ["NIfTI", "1.nii", nifti({ dims: [3, 2, 1], datatype: 4, values })],
    ["packed NIfTI", "1.nii.gz", gzipSync(nifti({ dims: [3, 2, 1], datatype: 2, values }))],
  ])("of %s", async (_, name, content) => {
    expect(await read(name, content, shape)).toEqual([{ id: name, values }]);
  });

  it("of another number of slices is cut or filled up, and told", async () => {
    const told: FittedExample[] = [];
    const content = npy("|u1", [3, 1, 2], values);
    const found = await read("1.npy", content, [1, 2, 1, 2], { onFitted: (one) => told.push(one) });
    expect([found[0].values, told.length]).toEqual([[0, 1, 2, 3], 1]);
  });

  it.each<[string, string, Uint8Array | string, string, RegExp]>([
    [
      "another shape of the same size",
      "1.npy",
      npy("|u1", [1, 3, 2], values),
      "example-unreadable",
      /1\.npy` cannot be classified: its shape is \[1, 1, 3, 2\], the classifier takes \[1, 1, 2, 3\]\.$/,
    ],
    [
      "a value that is not finite",
      "1.npy",
      npy("<f4", [1, 2, 3], [0, 1, Number.NaN, 3, 4, 5]),
      "example-unreadable",
      /cannot be classified: Voxel 2 is NaN, which is not a finite/,
    ],
    [
      "two axes",
      "1.npy",
      npy("|u1", [2, 3], values),
      "dataset-unreadable",
      /its shape is \[2, 3\]; it must be/,
    ],
    [
      "its end cut off",
      "1.npy",
      npy("|u1", [1, 2, 3], values).subarray(0, -1),
      "dataset-unreadable",
      /truncated/,
    ],
    ["text in it", "1.nii", "no volume".repeat(99), "dataset-unreadable", /not begin as a NIfTI file does/],
  ])("with %s is refused", async (_, name, content, code, message) => {
    await expectRefused(name, content, shape, code, message);
  });
});

describe("an .npz file", () => {
  const shape = [1, 1, 2, 2];
  const values = [0, 1, 2, 3, 4, 5, 6, 7];
  const voxels = npy("|u1", [2, 1, 2, 2], values);
  const expected = [
    { id: "set.npz:0", values: [0, 1, 2, 3] },
    { id: "set.npz:1", values: [4, 5, 6, 7] },
  ];

  it.each([
    ["without labels", { voxels }],
    ["with an array of another name", { grids: voxels, ids: npy("<i4", [2], [5, 6]) }],
    ["with labels", { voxels, labels: npy("|u1", [2], [1, 0]) }],
    ["with labels that are empty", { voxels, labels: npyTexts("<U1", ["a", ""]) }],
    ["of floats with a channel", { x: npy("<f8", [2, 1, 1, 2, 2], values) }],
  ])("%s", async (_, arrays) => {
    expect(await read("set.npz", npz(arrays as unknown as Record<string, Uint8Array>), shape)).toEqual(
      expected,
    );
  });

  it("with a bad volume gives the others", async () => {
    const failures: FoveaError[] = [];
    const content = npz({ voxels: npy("<f4", [2, 1, 2, 2], [0, 1, Number.NaN, 3, 4, 5, 6, 7]) });
    const onFailure = (failure: FoveaError) => void failures.push(failure);
    expect(await read("set.npz", content, shape, { onFailure })).toEqual(expected.slice(1));
    expect(failures.map(({ message }) => message)).toEqual([
      "`set.npz:0` cannot be classified: Voxel 2 is NaN, which is not a finite 32-bit number.",
    ]);
  });

  it.each<[string, Uint8Array | string, string, RegExp]>([
    ["of text", "no archive", "dataset-unreadable", /is no \.npz file or is truncated/],
    [
      "without volumes",
      npz({ labels: npy("|u1", [2], [1, 0]) }),
      "dataset-unreadable",
      /has no array `voxels`/,
    ],
    ["with none in it", npz({ voxels: npy("|u1", [0, 1, 2, 2], []) }), "dataset-empty", /no usable example/],
    [
      "with volumes of another shape",
      npz({ voxels: npy("|u1", [1, 2, 2, 2], values) }),
      "example-unreadable",
      /`set\.npz:0` cannot be classified: its shape is \[1, 2, 2, 2\], the classifier takes \[1, 1, 2, 2\]/,
    ],
    [
      "with a value that is not finite",
      npz({ voxels: npy("<f4", [2, 1, 2, 2], [0, 1, 2, 3, 4, 5, Number.POSITIVE_INFINITY, 7]) }),
      "example-unreadable",
      /`set\.npz:1` cannot be classified: Voxel 2 is Infinity/,
    ],
  ])("%s is refused", async (_, content, code, message) => {
    await expectRefused("set.npz", content, shape, code, message);
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
