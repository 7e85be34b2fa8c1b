import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { FoveaError } from "../../../src/core/index.ts";
import type { FittedExample } from "../../../src/data/classified/index.ts";
import { nifti } from "./nifti-fixture.ts";
import { npy, npyTexts, npz } from "./npy-fixture.ts";
import { expectRefused, read } from "./unlabelled-fixture.ts";

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
