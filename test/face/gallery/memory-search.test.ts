import { afterEach, describe, expect, it, vi } from "vitest";
import { Random } from "../../../src/core/index.ts";
import { EncodingIndex } from "../../../src/face/gallery/index.ts";
import { encodingDistance } from "../../../src/face/index.ts";
import { Program } from "../../../src/runtime/index.ts";

const open: EncodingIndex[] = [];
afterEach(async () => {
  for (const index of open.splice(0)) await index.close();
});

function indexOf(rows: ReadonlyMap<number, Float32Array>, size: number): EncodingIndex {
  const index = new EncodingIndex(size, { threads: 1 });
  open.push(index);
  for (const [key, row] of rows) index.add(key, row);
  return index;
}

/** All distances, sorted: what the search must equal to the last bit. */
function bruteForce(rows: ReadonlyMap<number, Float32Array>, probe: Float32Array, count: number) {
  return [...rows]
    .map(([key, row]) => ({ key, distance: encodingDistance(row, probe) }))
    .sort((a, b) => a.distance - b.distance || a.key - b.key)
    .slice(0, count);
}

type Rows = Map<number, Float32Array>;
const vector = (size: number, number: (k: number) => number) =>
  Float32Array.from({ length: size }, (_, k) => number(k));
const rowsOf = (count: number, row: (i: number) => Float32Array): Rows =>
  new Map(Array.from({ length: count }, (_, i) => [i, row(i)]));

/** Sets of rows that a bound may be wrong about, and one probe more for each. */
const sets: Record<string, (random: Random, size: number) => { rows: Rows; probe: Float32Array }> = {
  "spread evenly": (random, size) => ({
    rows: rowsOf(3000, () => vector(size, () => random.uniform(-1, 1))),
    probe: vector(size, () => random.uniform(-1, 1)),
  }),
  "in clusters": (random, size) => {
    const centres = Array.from({ length: 40 }, () => vector(size, () => random.normal(0.1, 0.06)));
    const near = () => {
      const centre = random.pick(centres);
      return vector(size, (k) => centre[k] + random.normal(0, 0.025));
    };
    return { rows: rowsOf(3000, near), probe: near() };
  },
  "nearer and nearer": (random, size) => {
    const probe = vector(size, () => random.normal());
    return { probe, rows: rowsOf(3000, (i) => vector(size, (k) => probe[k] + (3000 - i) / 1e5)) };
  },
  "on a grid, with many ties": (random, size) => ({
    rows: rowsOf(2500, () => vector(size, () => random.integer(2))),
    probe: vector(size, () => random.integer(2)),
  }),
  "all the same": (random, size) => {
    const row = vector(size, () => random.normal());
    return { rows: rowsOf(1500, () => row), probe: row };
  },
  "with outliers": (random, size) => ({
    rows: rowsOf(2500, (i) => vector(size, () => random.normal() * (i % 100 === 0 ? 1e6 : 1))),
    probe: vector(size, () => random.normal()),
  }),
  "too great for squares of floats": (random, size) => ({
    rows: rowsOf(1200, (i) => vector(size, () => random.normal() * (i % 2 ? 3e37 : 1e-40))),
    probe: vector(size, () => random.normal() * 3e37),
  }),
  "zero but for one number": (random, size) => ({
    rows: rowsOf(1500, (i) => vector(size, (k) => (k === i % size ? random.uniform(-1, 1) : 0))),
    probe: vector(size, () => 0),
  }),
  "none at all": (random, size) => ({ rows: new Map(), probe: vector(size, () => random.normal()) }),
};

describe("EncodingIndex", () => {
  describe.each(Object.keys(sets))("rows %s", (name) => {
    it.each([1, 5, 128])("of %s numbers: finds what comparing with all finds", async (size) => {
      const random = new Random(size);
      const { rows, probe } = sets[name](random, size);
      const index = indexOf(rows, size);
      const probes = [probe, ...[...rows.values()].slice(0, 9)];
      for (const count of [1, 10, rows.size + 7]) {
        const found = await index.search(count > 10 ? [probe] : probes, count);
        for (const [i, neighbours] of found.entries()) {
          expect(neighbours).toEqual(bruteForce(rows, probes[i], count));
        }
      }
    });
  });

  it("finds the same in rows that are full blocks and rows that are not", async () => {
    const random = new Random(7);
    const rows = rowsOf(140_000, () => vector(8, () => random.normal()));
    const index = indexOf(rows, 8);
    const probes = Array.from({ length: 3 }, () => vector(8, () => random.normal()));
    const check = async () => {
      for (const [i, found] of (await index.search(probes, 12)).entries()) {
        expect(found).toEqual(bruteForce(rows, probes[i], 12));
      }
    };
    await check();
    const removeWhere = (gone: (key: number) => boolean) => {
      const keys = [...rows.keys()].filter(gone);
      expect(index.remove(keys)).toBe(keys.length);
      for (const key of keys) rows.delete(key);
      expect(index.length).toBe(rows.size);
    };
    removeWhere((key) => key % 3 === 0);
    await check();
    removeWhere((key) => key < 60_000 || key > 131_072); // most of a block, and all that is loose
    await check();
    for (let key = 200_000; key < 203_000; key++) {
      const row = vector(8, () => random.normal());
      rows.set(key, row);
      index.add(key, row);
    }
    await check();
  });

  it("adds and removes while it searches", async () => {
    const random = new Random(3);
    const rows = rowsOf(1000, () => vector(16, () => random.normal()));
    const index = indexOf(rows, 16);
    const probe = vector(16, () => random.normal());
    const first = index.search([probe], 3);
    for (let key = 1000; key < 3000; key++) {
      rows.set(
        key,
        vector(16, () => random.normal()),
      );
      index.add(key, rows.get(key)!);
    }
    const second = index.search([probe], 3);
    await first;
    expect((await second)[0]).toEqual(bruteForce(rows, probe, 3));
    const [nearest] = bruteForce(rows, probe, 1);
    index.remove([nearest.key]);
    rows.delete(nearest.key);
    expect((await index.search([probe], 3))[0]).toEqual(bruteForce(rows, probe, 3));
  });

  it("searches, and closes, after its program could not be made", async () => {
    const rows = rowsOf(3, (i) => vector(4, () => i));
    const index = indexOf(rows, 4);
    const load = vi.spyOn(Program, "load").mockRejectedValueOnce(new Error("no memory"));
    await expect(index.search([rows.get(2)!], 1)).rejects.toThrow("no memory");
    expect(await index.search([rows.get(2)!], 1)).toEqual([[{ key: 2, distance: 0 }]]);
    load.mockRejectedValueOnce(new Error("no memory"));
    const other = indexOf(rows, 4);
    await expect(other.search([rows.get(2)!], 1)).rejects.toThrow("no memory");
    await other.close();
    load.mockRestore();
  });

  it("finds nothing in nothing, and nothing where nothing is asked for", async () => {
    const index = indexOf(new Map([[4, Float32Array.of(1, 2)]]), 2);
    expect(await index.search([Float32Array.of(1, 2)], 0)).toEqual([[]]);
    expect(await index.search([], 3)).toEqual([]);
    expect(index.remove([5])).toBe(0);
    expect(index.remove([4])).toBe(1);
    expect(await index.search([Float32Array.of(1, 2)], 1)).toEqual([[]]);
  });

  it.each([
    ["another length", Float32Array.of(1, 2, 3), /3 numbers instead of 2/],
    ["not a number", Float32Array.of(1, Number.NaN), /Number 1 of an encoding is NaN/],
    ["infinity", Float32Array.of(Number.NEGATIVE_INFINITY, 1), /Number 0 of an encoding is -Infinity/],
  ])("refuses %s", async (_, encoding, message) => {
    const index = indexOf(new Map(), 2);
    expect(() => index.add(1, encoding)).toThrow(message);
    expect(() => index.search([encoding], 1)).toThrow(message);
  });
});
