import { rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { findCopies } from "../../src/data/duplicates.ts";
import type { Stretch } from "../../src/data/hash-stretches.ts";
import { makeFolder } from "./folder-fixture.ts";

const read: number[] = [];
vi.mock("../../src/data/hash-stretches.ts", async (importOriginal) => {
  const { hashStretches } = await importOriginal<typeof import("../../src/data/hash-stretches.ts")>();
  return {
    hashStretches: (stretches: readonly Stretch[], onHashed?: (more: number) => void) => {
      for (const { length } of stretches) read.push(length);
      return hashStretches(stretches, onHashed);
    },
  };
});
beforeEach(() => {
  read.length = 0;
});

/** Bytes without a pattern, one of them changed. */
function noise(length: number, changed = length): Uint8Array {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * i * 7919) >> 5);
  if (changed < length) bytes[changed] ^= 1;
  return bytes;
}

test("files of equal length are read as a whole only where their ends are equal", async () => {
  const files = {
    "a.jpg": noise(50_000),
    "b.jpg": noise(50_000),
    "begins-otherwise.jpg": noise(50_000, 10),
    "ends-otherwise.jpg": noise(50_000, 49_999),
    "longer.jpg": noise(50_001),
    "empty.jpg": "",
    "void.jpg": "",
  };
  const root = await makeFolder(files);
  const names = Object.keys(files);
  expect(await findCopies(names, (name) => ({ file: join(root, name) }))).toEqual([["a.jpg", "b.jpg"]]);
  expect(read.toSorted((a, b) => a - b)).toEqual([4096, 4096, 4096, 4096, 50_000, 50_000, 50_000]);
});

test("progress is told of in every step, and never goes back", async () => {
  const same = { "a.jpg": noise(9000), "b.jpg": noise(9000), "c.jpg": noise(9000) };
  const root = await makeFolder(same);
  const told: number[] = [];
  await findCopies(
    Object.keys(same),
    (name) => ({ file: join(root, name) }),
    (done, total) => {
      expect(total).toBe(3);
      told.push(done);
    },
  );
  expect(told).toEqual([0, 0, 1, 1, 1, 2, 2, 2, 3, 3]);
});

test("stretches of one file are compared, wherever they lie in it", async () => {
  const pieces = [noise(3000), noise(9000), noise(3000, 5), noise(9000, 5), noise(3000), noise(9000)];
  const gap = Buffer.alloc(100_000);
  const file = join(
    await makeFolder({ "set.tar": Buffer.concat(pieces.flatMap((piece) => [piece, gap])) }),
    "set.tar",
  );
  let offset = 0;
  const places = pieces.map(({ length }, index) => {
    const place = { index, file, offset, length };
    offset += length + gap.length;
    return place;
  });
  const beyond = { index: 6, file, offset: offset - 50, length: 3000 };
  const groups = await findCopies([...places, beyond], (place) => place);
  expect(groups.map((group) => group.map(({ index }) => index))).toEqual([
    [0, 4],
    [1, 5],
  ]);
});

test("a file that is gone is no copy", async () => {
  const root = await makeFolder({ "a.jpg": "same", "b.jpg": "same", "c.jpg": "same" });
  await rm(join(root, "c.jpg"));
  const groups = await findCopies(["a", "b", "c", "d"], (name) => ({
    file: join(root, `${name}.jpg`),
    length: 4,
  }));
  expect(groups).toEqual([["a", "b"]]);
});
