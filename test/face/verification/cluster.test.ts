import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/index.ts";
import { clusterEncodings, medoidOf, requireClusterable } from "../../../src/face/verification/index.ts";
import { bCubed } from "../../../src/metrics/index.ts";

const at = (...places: number[]) => places.map((place) => Float32Array.of(place, 0));

/** Average linkage as one would write it down: always join the nearest two groups. */
function slowly(encodings: readonly Float32Array[], cut: number): number[][] {
  let groups = encodings.map((_, i) => [i]);
  const apart = (a: number[], b: number[]) => {
    let sum = 0;
    for (const i of a)
      for (const j of b) sum += Math.hypot(...encodings[i].map((x, k) => x - encodings[j][k]));
    return sum / (a.length * b.length);
  };
  for (;;) {
    let best: [number[], number[]] | undefined;
    for (const [i, a] of groups.entries()) {
      for (const b of groups.slice(0, i)) {
        if (!best || apart(a, b) < apart(...best)) best = [b, a];
      }
    }
    if (!best || apart(...best) > cut) return groups;
    const [a, b] = best;
    groups = [...groups.filter((group) => group !== a && group !== b), [...a, ...b]];
  }
}

function asSets(numbers: readonly number[]): string[] {
  const groups = new Map<number, number[]>();
  for (const [i, number] of numbers.entries()) groups.set(number, [...(groups.get(number) ?? []), i]);
  return [...groups.values()].map((group) => group.join()).sort();
}

describe("clusterEncodings", () => {
  it("by hand: joins by the mean distance, not by the least", () => {
    // The fourth is 1.6 from the third, but 2.4667 from the three in the mean.
    const places = at(0, 1, 1.8, 3.4);
    expect(clusterEncodings(places, 2)).toEqual([0, 0, 0, 1]);
    expect(clusterEncodings(places, 2.4668)).toEqual([0, 0, 0, 0]);
    // The third is 1.4 from the fourth, and 1.5 from the first two in the mean.
    expect(clusterEncodings(at(0, 1, 2, 3.4), 2)).toEqual([0, 0, 1, 1]);
    expect(clusterEncodings(places, 0.5)).toEqual([0, 1, 2, 3]);
  });

  it("numbers the largest group first, then by the earlier face", () => {
    expect(clusterEncodings(at(9, 5, 5.1, 1, 1.1, 1.2, 7, 7.1), 0.5)).toEqual([3, 1, 1, 0, 0, 0, 2, 2]);
  });

  it("finds the groups of the slow way", () => {
    const random = new Random(3);
    for (let round = 0; round < 25; round++) {
      const encodings = Array.from({ length: 2 + random.integer(28) }, () =>
        Float32Array.from({ length: 3 }, () => random.normal(random.integer(3), 0.4)),
      );
      const cut = random.uniform(0.2, 2);
      const expected = slowly(encodings, cut).map((group) => group.sort((a, b) => a - b).join());
      expect(asSets(clusterEncodings(encodings, cut))).toEqual(expected.sort());
    }
  });

  it("ends where many distances are equal", () => {
    const grid = Array.from({ length: 36 }, (_, i) => Float32Array.of(i % 6, Math.floor(i / 6)));
    for (const cut of [0, 0.9, 1, 1.2, 2, 10]) expect(clusterEncodings(grid, cut)).toHaveLength(36);
    expect(new Set(clusterEncodings(grid, 10)).size).toBe(1);
    expect(new Set(clusterEncodings(grid, 0.9)).size).toBe(36);
    expect(clusterEncodings(at(4, 4, 4), 0)).toEqual([0, 0, 0]);
  });

  it("tells people apart whose encodings lie in heaps", () => {
    const random = new Random(8);
    const people = Array.from({ length: 200 }, (_, i) => i % 25);
    const middles = Array.from({ length: 25 }, () => Array.from({ length: 16 }, () => random.normal()));
    const encodings = people.map((person) =>
      Float32Array.from(middles[person], (x) => random.normal(x, 0.2)),
    );
    expect(bCubed(clusterEncodings(encodings, 2), people).f1).toBe(1);
  });

  it("has nothing to do for no face and for one", () => {
    expect(clusterEncodings([], 1)).toEqual([]);
    expect(clusterEncodings(at(1), 1)).toEqual([0]);
  });

  it("refuses too many faces, and a cut that is no distance", () => {
    expect(() => requireClusterable(20_001)).toThrow(expect.objectContaining({ code: "faces-too-many" }));
    expect(() => requireClusterable(20_000)).not.toThrow();
    expect(() => clusterEncodings(at(1, 2), -1)).toThrow(expect.objectContaining({ code: "argument-range" }));
    expect(() => clusterEncodings(at(1, 2), Number.NaN)).toThrow(
      expect.objectContaining({ code: "argument-range" }),
    );
  });
});

describe("medoidOf", () => {
  it("is the face in the middle", () => {
    expect(medoidOf(at(0, 10, 4, 5))).toBe(2);
    expect(medoidOf(at(3))).toBe(0);
  });
});
