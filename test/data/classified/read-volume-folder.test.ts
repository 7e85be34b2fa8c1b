import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readVolumeFolder } from "../../../src/data/classified/read-volumes.ts";
import { makeFolder } from "../folder-fixture.ts";
import { nifti } from "./nifti-fixture.ts";
import { npy } from "./npy-fixture.ts";

const SIX = [0, 1, 2, 3, 4, 5];
// x runs fastest in NIfTI: [z = 1, y = 2, x = 3].
const volume = nifti({ dims: [3, 2, 1], datatype: 2, values: SIX });

test("reads folders of bytes", async () => {
  const root = await makeFolder({
    "train/bed/1.npy": npy("|u1", [1, 2, 3], SIX),
    "val/bed/2.npy": npy("|b1", [1, 1, 2, 3], [1, 0, 0, 0, 0, 1]),
    "test/chair/3.nii": volume,
    "train/chair/4.nii.gz": gzipSync(volume),
    "train/chair/notes.txt.gz": gzipSync("no volume"),
  });
  const { kind, shape, examples, problems } = await readVolumeFolder(root);
  expect([kind, shape, problems]).toEqual(["volumes", [1, 1, 2, 3], []]);
  expect(examples.map(({ id, label, split, values }) => [id, label, split, ...values])).toEqual([
    ["test/chair/3.nii", "chair", "test", ...SIX],
    ["train/bed/1.npy", "bed", "train", ...SIX],
    ["train/chair/4.nii.gz", "chair", "train", ...SIX],
    ["val/bed/2.npy", "bed", "val", 1, 0, 0, 0, 0, 1],
  ]);
  expect(examples.every(({ values }) => values instanceof Uint8Array)).toBe(true);
  expect(examples[3].values.buffer).toBe(examples[0].values.buffer);
});

test.each([
  ["int16", nifti({ dims: [3, 2, 1], datatype: 4, values: SIX })],
  ["int16, big-endian", nifti({ dims: [3, 2, 1], datatype: 4, values: SIX, bigEndian: true })],
  ["float32", nifti({ dims: [3, 2, 1], datatype: 16, values: SIX })],
  ["version 2", nifti({ dims: [3, 2, 1], datatype: 4, values: SIX, version: 2 })],
  [
    "version 2, big-endian",
    nifti({ dims: [3, 2, 1], datatype: 4, values: SIX, version: 2, bigEndian: true }),
  ],
  [
    "slope",
    nifti({ dims: [3, 2, 1], datatype: 2, values: [4, 6, 8, 10, 12, 14], slope: 0.5, intercept: -2 }),
  ],
])("reads NIfTI: %s", async (_, file) => {
  const { shape, examples } = await readVolumeFolder(await makeFolder({ "a/1.nii": file }));
  expect([shape, examples[0].values]).toEqual([[1, 1, 2, 3], new Float32Array(SIX)]);
});

test("a fourth axis of NIfTI is channels; bytes among other numbers become floats", async () => {
  const root = await makeFolder({
    "a/1.nii": nifti({ dims: [3, 1, 1, 2], datatype: 2, values: SIX }),
    "a/2.npy": npy(">f4", [2, 1, 1, 3], SIX),
  });
  const { shape, examples } = await readVolumeFolder(root);
  expect(shape).toEqual([2, 1, 1, 3]);
  for (const { values } of examples) expect(values).toEqual(new Float32Array(SIX));
});

test.each<[string, Uint8Array | string, RegExp]>([
  [
    "shape.npy",
    npy("|u1", [3, 2, 1], SIX),
    /^The volume's shape is \[1, 3, 2, 1\], too far from \[1, 1, 2, 3\] to be cut or filled up \(resample it, or put/,
  ],
  ["flat.npy", npy("|u1", [2, 3], SIX), /its shape is \[2, 3\]; it must be \[depth, height, width\] or/],
  [
    "large.npy",
    npy("|u1", [1, 4, 3], [...SIX, ...SIX]),
    /^The volume's shape is \[1, 1, 4, 3\], too far from/,
  ],
  ["channels.npy", npy("|u1", [2, 1, 2, 3], [...SIX, ...SIX]), /^The volume has 2 channels, most have 1: /],
  [
    "last.npy",
    npy("|u1", [5, 5, 5, 1], Array(125).fill(0)),
    /seem to have their channels last; save them as/,
  ],
  ["cut.npy", npy("<f4", [1, 2, 3], SIX).subarray(0, -1), /has 151 bytes and needs 152, so it is truncated/],
  ["text.npy", "0 1 2 3 4 5 6 7 8 9", /does not begin as an \.npy file does/],
  ["empty.npy", "", /does not begin as an \.npy file does/],
  ["nan.npy", npy("<f4", [1, 2, 3], [0, Number.NaN, 2, 3, 4, 5]), /^Voxel 1 is NaN/],
  ["cut.nii", volume.subarray(0, -1), /has 357 bytes and needs 358, so it is truncated/],
  ["short.nii", volume.subarray(0, 100), /does not begin as a NIfTI file does/],
  ["text.nii", "x".repeat(600), /does not begin as a NIfTI file does/],
  [
    "flat.nii",
    nifti({ dims: [3, 2], datatype: 2, values: SIX }),
    /its size is \[3, 2\]; a volume has at least three/,
  ],
  ["colour.nii", nifti({ dims: [3, 2, 1], datatype: 128, values: SIX }), /element type is NIfTI's 128/],
  ["cut.nii.gz", gzipSync(volume).subarray(0, -12), /is no gzip file or is truncated/],
  ["text.nii.gz", "text", /is no gzip file or is truncated/],
  [
    "zeros.nii.gz",
    gzipSync(Buffer.concat([volume, Buffer.alloc(50_000_000)])),
    /it unpacks to more bytes than its header says that it has; save it again/,
  ],
  ["flat.nii.gz", gzipSync(nifti({ dims: [3, 2], datatype: 2, values: SIX })), /at least three axes/],
])("skips a file that is no volume of the set: %s", async (name, content, detail) => {
  const root = await makeFolder({ "a/1.nii": volume, "a/2.nii": volume, [`b/${name}`]: content });
  const { examples, problems } = await readVolumeFolder(root);
  expect(examples.map(({ id }) => id)).toEqual(["a/1.nii", "a/2.nii"]);
  expect(problems).toEqual([
    { kind: "example-unreadable", file: join(root, "b", name), detail: expect.stringMatching(detail) },
  ]);
  expect(problems[0].detail).toMatch(/[^.]: file skipped\.$/);
});

test("cuts volumes of other numbers of slices and fills them up, the middle in the middle", async () => {
  const slices = (count: number) => {
    const values = Array.from({ length: count * 4 }, (_, i) => (i % 4 === 3 ? 7 : Math.floor(i / 4) + 1));
    return npy("<f4", [count, 2, 2], values);
  };
  const root = await makeFolder({
    "a/3.npy": slices(3),
    "a/4.npy": slices(4),
    "b/5.npy": slices(5),
    "b/6.npy": slices(6),
    "b/9.npy": slices(9),
  });
  const { shape, examples, problems } = await readVolumeFolder(root);
  expect(shape).toEqual([1, 5, 2, 2]);
  const corners = examples.map(({ id, values }) => [id, ...[0, 4, 8, 12, 16].map((at) => values[at])]);
  expect(corners).toEqual([
    ["a/3.npy", 3, 1, 2, 3, 3],
    ["a/4.npy", 1, 2, 3, 4, 4],
    ["b/5.npy", 1, 2, 3, 4, 5],
    ["b/6.npy", 1, 2, 3, 4, 5],
    ["b/9.npy", 3, 4, 5, 6, 7],
  ]);
  expect(problems.map(({ kind, file }) => [kind, file.slice(root.length + 1)])).toEqual(
    ["a/3.npy", "a/4.npy", "b/6.npy", "b/9.npy"].map((file) => ["example-fitted", file]),
  );
  expect(problems[0].detail).toMatch(
    /^The volume's shape is \[1, 3, 2, 2\]: cut or filled up to \[1, 5, 2, 2\]/,
  );
  const asked = await readVolumeFolder(root, { shape: [1, 6, 2, 2] });
  expect([asked.shape, asked.examples.length]).toEqual([[1, 6, 2, 2], 4]);
});

test("refuses volumes whose sizes are too far from each other", async () => {
  const lengths = [1, 1, 2, 9, 30, 80];
  const files = lengths.map((length, i) => [`a/${i}.npy`, npy("|u1", [length, 1, 1], Array(length).fill(1))]);
  const message = expect.stringMatching(/have 5 shapes \(\[1, 1, 1, 1\], .*: resample them to one size/);
  const root = await makeFolder(Object.fromEntries(files));
  await expect(readVolumeFolder(root)).rejects.toMatchObject({ code: "dataset-format", message });
});

test("refuses a folder that is not there, or has no volumes", async () => {
  const root = await makeFolder({ "a/readme.md": "", "b/1.npy": "no array" });
  await expect(readVolumeFolder(join(root, "gone"))).rejects.toMatchObject({ code: "dataset-missing" });
  await expect(readVolumeFolder(join(root, "a"))).rejects.toMatchObject({ code: "dataset-empty" });
  const message = expect.stringMatching(/has no usable example: .* First problem, in .*1\.npy: /);
  await expect(readVolumeFolder(root)).rejects.toMatchObject({ code: "dataset-empty", message });
});

test("takes packed volumes whose files are longer than their header, or go on after their last voxel", async () => {
  const values = Array.from({ length: 1000 }, (_, i) => i % 200);
  const second = nifti({ dims: [10, 10, 10], datatype: 2, values, version: 2 });
  const root = await makeFolder({
    "a/1.nii.gz": gzipSync(Buffer.concat([second, Buffer.alloc(1000)])),
    "a/2.nii.gz": Buffer.concat([gzipSync(second.subarray(0, 100)), gzipSync(second.subarray(100))]),
  });
  const { examples, problems } = await readVolumeFolder(root);
  expect(problems).toEqual([]);
  for (const { values: found } of examples) expect([...found]).toEqual(values);
  expect(examples).toHaveLength(2);
});
