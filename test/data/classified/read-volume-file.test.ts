import { join } from "node:path";
import { expect, test } from "vitest";
import { readVolumeFile } from "../../../src/data/classified/read-volumes.ts";
import { makeFolder } from "../folder-fixture.ts";
import { npy, npyOfBytes, npyTexts, npz } from "./npy-fixture.ts";

const COUNT = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const SHAPE = [2, 1, 2, 3];
const voxels = npy("|u1", SHAPE, COUNT);
const labels = npy("<i8", [2], [1, 0]);

async function readFiles(files: Record<string, string | Uint8Array>) {
  const root = await makeFolder(files);
  const read = await readVolumeFile(join(root, "set.npz"));
  return {
    ...read,
    faults: read.problems.map(({ kind, file, detail }) => [kind, file.slice(root.length + 1), detail]),
  };
}

const readArrays = (arrays: Record<string, Uint8Array>) => readFiles({ "set.npz": npz(arrays) });

test("reads voxels and labels into one shared piece of memory", async () => {
  const { kind, shape, examples, classes, problems } = await readArrays({ voxels, labels });
  expect([kind, shape, classes, problems]).toEqual(["volumes", [1, 1, 2, 3], undefined, []]);
  expect(examples.map(({ id, label }) => [id, label])).toEqual([
    ["set.npz:0", "1"],
    ["set.npz:1", "0"],
  ]);
  expect(examples.map(({ values }) => values)).toEqual([
    new Uint8Array([0, 1, 2, 3, 4, 5]),
    new Uint8Array([6, 7, 8, 9, 10, 11]),
  ]);
  expect(examples[0].values.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(examples[1].values.buffer).toBe(examples[0].values.buffer);
});

test.each([
  "|b1",
  "|u1",
  "|i1",
  "<u2",
  ">u2",
  "<i2",
  ">i2",
  "<u4",
  ">u4",
  "<i4",
  ">i4",
  "<u8",
  ">u8",
  "<i8",
])("reads elements of type %s", async (dtype) => {
  const { examples } = await readArrays({ x: npy(dtype, SHAPE, COUNT), y: labels });
  expect([...examples[0].values, ...examples[1].values]).toEqual(COUNT);
  expect(examples[0].values instanceof Uint8Array).toBe(dtype === "|b1" || dtype === "|u1");
});

test.each([
  ["<f4", npy("<f4", [1, 1, 1, 3], [0.1, -2, 1e30])],
  [">f4", npy(">f4", [1, 1, 1, 3], [0.1, -2, 1e30])],
  ["<f8", npy("<f8", [1, 1, 1, 3], [0.1, -2, 1e30])],
  [">f8", npy(">f8", [1, 1, 1, 3], [0.1, -2, 1e30])],
  ["version 2", npyOfBytes("<f4", [1, 1, 1, 3], bytesOf(0.1, -2, 1e30), false, 2)],
  ["version 3", npyOfBytes("<f4", [1, 1, 1, 3], bytesOf(0.1, -2, 1e30), false, 3)],
])("reads floats: %s", async (_, array) => {
  const { examples } = await readArrays({ voxels: array, labels: npy("|u1", [1], [0]) });
  expect(examples[0].values).toEqual(new Float32Array([0.1, -2, 1e30]));
});

test("reads the only array of four axes whatever others hold", async () => {
  const names = npyOfBytes("|O", [2], new Uint8Array(9));
  const record = npyOfBytes("|V8", [2], new Uint8Array(16));
  const { examples } = await readArrays({ names, record, data: npy("|u1", SHAPE, COUNT), labels });
  expect([...examples[0].values, ...examples[1].values]).toEqual(COUNT);
});

function bytesOf(...floats: number[]): Uint8Array {
  return new Uint8Array(new Float32Array(floats).buffer);
}

test.each([
  ["<f2", [0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00]],
  [">f2", [0x3c, 0x00, 0xc0, 0x00, 0x00, 0x01]],
])("reads halves: %s", async (dtype, bytes) => {
  const array = npyOfBytes(dtype, [1, 1, 1, 3], new Uint8Array(bytes));
  const { examples } = await readArrays({ voxels: array, labels: npy("|u1", [1], [0]) });
  expect(examples[0].values).toEqual(new Float32Array([1, -2, 2 ** -24]));
});

test("reads Fortran order", async () => {
  // Element [n, 0, y, x] is 6n + 3y + x; stored with n running fastest.
  const stored = [0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11];
  for (const dtype of ["|u1", "<f8", ">i8"]) {
    const { examples } = await readArrays({ voxels: npy(dtype, SHAPE, stored, true), labels });
    expect([...examples[0].values, ...examples[1].values]).toEqual(COUNT);
  }
});

test("reads channels", async () => {
  const { shape, examples } = await readArrays({ voxels: npy("|u1", [2, 2, 1, 1, 3], COUNT), labels });
  expect([shape, [...examples[1].values]]).toEqual([
    [2, 1, 1, 3],
    [6, 7, 8, 9, 10, 11],
  ]);
});

test.each([
  ["X and Y", { X: voxels, Y: labels }],
  ["the only array of four axes", { grids: voxels, ids: npy("<i4", [2], [5, 6]), labels }],
  ["labels of shape [N, 1]", { voxels, labels: npy("<i4", [2, 1], [1, 0]) }],
  ["labels as floats", { voxels, labels: npy("<f8", [2], [1, 0]) }],
])("finds %s", async (_, arrays) => {
  const { examples } = await readArrays(arrays as unknown as Record<string, Uint8Array>);
  expect(examples.map(({ label, values }) => [label, values[0]])).toEqual([
    ["1", 0],
    ["0", 6],
  ]);
});

test.each(["<U5", ">U5", "|S5"])("reads labels of type %s", async (dtype) => {
  const { examples } = await readArrays({ voxels, labels: npyTexts(dtype, ["chair", "bed"]) });
  expect(examples.map(({ label }) => label)).toEqual(["chair", "bed"]);
});

test("takes names from classes.txt", async () => {
  const named = await readFiles({
    "set.npz": npz({ voxels, labels }),
    "classes.txt": "bed\r\nchair\r\nsofa\r\n",
  });
  expect([named.classes, named.problems]).toEqual([["bed", "chair", "sofa"], []]);
  expect(named.examples.map(({ label }) => label)).toEqual(["chair", "bed"]);
  const texts = npz({ voxels, labels: npyTexts("<U5", ["chair", "bed"]) });
  const ordered = await readFiles({ "set.npz": texts, "classes.txt": "chair\nbed\n" });
  expect([ordered.classes, ordered.problems]).toEqual([["chair", "bed"], []]);
  expect(ordered.examples.map(({ label }) => label)).toEqual(["chair", "bed"]);
});

test.each([
  ["bed\n", "1 lines have no class for label `1`"],
  ["bed\n\nchair\n", "Line 2 is blank"],
  ["bed\nbed\n", "Class `bed` is named twice"],
  ["", "Line 1 is blank"],
])("leaves aside a classes.txt of %j", async (content, fault) => {
  const read = await readFiles({ "set.npz": npz({ voxels, labels }), "classes.txt": content });
  expect([read.classes, read.examples.map(({ label }) => label)]).toEqual([undefined, ["1", "0"]]);
  const detail = `${fault}: not used, the labels stand for themselves. Write one class name in each line.`;
  expect(read.faults).toEqual([["annotation-unreadable", "classes.txt", detail]]);
});

test("skips volumes that are not finite or have no label", async () => {
  const values = [0, 1, Number.NaN, 3, 1e300, 5];
  const { examples, faults } = await readArrays({
    voxels: npy("<f8", [6, 1, 1, 1], values),
    labels: npyTexts("<U1", ["a", "", "a", "b", "b", "b"]),
  });
  expect(examples.map(({ id, values }) => [id, values[0]])).toEqual([
    ["set.npz:0", 0],
    ["set.npz:3", 3],
    ["set.npz:5", 5],
  ]);
  expect(faults).toEqual([
    ["example-unreadable", "set.npz", "Volume 1: The label is empty: skipped."],
    [
      "example-unreadable",
      "set.npz",
      "Volume 2: Voxel 0 is NaN, which is not a finite 32-bit number: skipped.",
    ],
    [
      "example-unreadable",
      "set.npz",
      "Volume 4: Voxel 0 is Infinity, which is not a finite 32-bit number: skipped.",
    ],
  ]);
});

const whole = npz({
  voxels: npy(
    "<f4",
    [50, 2, 2, 2],
    Array.from({ length: 400 }, (_, i) => Math.sin(i)),
  ),
  labels,
});

test.each<[string, Uint8Array | string, string, RegExp]>([
  ["text", "voxels", "dataset-unreadable", /is no \.npz file or is truncated/],
  ["nothing", "", "dataset-unreadable", /is no \.npz file or is truncated/],
  ["half a zip file", whole.subarray(0, whole.length / 2), "dataset-unreadable", /is truncated/],
  ["an empty zip file", npz({}), "dataset-unreadable", /no array `labels` or `y`, only nothing/],
  ["no labels", npz({ voxels }), "dataset-unreadable", /no array `labels` or `y`, only `voxels`/],
  ["no voxels", npz({ labels }), "dataset-unreadable", /no array `voxels` or `x` and no others/],
  [
    "two voxels",
    npz({ a: voxels, b: voxels, y: labels }),
    "dataset-unreadable",
    /and several others .*`a`, `b`/,
  ],
  [
    "too few axes",
    npz({ voxels: npy("|u1", [2, 6], COUNT), labels }),
    "dataset-unreadable",
    /set\.npz:voxels` cannot be read: its shape is \[2, 6\]; it must be/,
  ],
  [
    "an empty axis",
    npz({ voxels: npy("|u1", [2, 0, 2, 3], []), labels }),
    "dataset-unreadable",
    /\[2, 0, 2, 3\]/,
  ],
  [
    "too many labels",
    npz({ voxels, labels: npy("|u1", [3], [0, 1, 2]) }),
    "dataset-unreadable",
    /set\.npz:labels` cannot be read: its shape is \[3\]; 2 volumes need labels of shape \[2\]/,
  ],
  [
    "broken labels",
    npz({ voxels, labels: npy("<f4", [2], [0, 0.5]) }),
    "dataset-unreadable",
    /label 0\.5 is no/,
  ],
  [
    "no volumes",
    npz({ voxels: npy("|u1", [0, 1, 2, 3], []), labels: npy("|u1", [0], []) }),
    "dataset-empty",
    /no usable/,
  ],
  [
    "voxels as texts",
    npz({ x: npyOfBytes("<U1", SHAPE, new Uint8Array(48)), labels }),
    "dataset-unreadable",
    /are texts/,
  ],
  [
    "complex voxels",
    npz({ x: npyOfBytes("<c8", SHAPE, new Uint8Array(96)), labels }),
    "dataset-unreadable",
    /`<c8`/,
  ],
  [
    "objects",
    npz({ voxels, y: npyOfBytes("|O", [2], new Uint8Array(9)) }),
    "dataset-unreadable",
    /Python objects/,
  ],
  [
    "a truncated array",
    npz({ voxels: voxels.subarray(0, -1), labels }),
    "dataset-unreadable",
    /139 bytes and needs 140/,
  ],
  [
    "a truncated header",
    npz({ voxels: voxels.subarray(0, 40), labels }),
    "dataset-unreadable",
    /40 bytes and needs 128/,
  ],
  ["no header", npz({ voxels: voxels.subarray(0, 8), labels }), "dataset-unreadable", /8 bytes and needs 12/],
  [
    "no array",
    npz({ voxels: new Uint8Array(99), labels }),
    "dataset-unreadable",
    /not begin as an \.npy file/,
  ],
  [
    "a future version",
    npz({ x: npyOfBytes("|u1", SHAPE, new Uint8Array(12), false, 9), labels }),
    "dataset-unreadable",
    /version is 9/,
  ],
])("refuses an .npz with %s", async (_, content, code, message) => {
  const error = await readFiles({ "set.npz": content }).catch((thrown) => thrown);
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
});

test("refuses what is not there", async () => {
  const root = await makeFolder({ "a/readme.md": "" });
  await expect(readVolumeFile(join(root, "gone.npz"))).rejects.toMatchObject({ code: "dataset-missing" });
  await expect(readVolumeFile(root)).rejects.toMatchObject({ code: "dataset-unreadable" });
});
