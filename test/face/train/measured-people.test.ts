import { describe, expect, it } from "vitest";
import { measuredPeople } from "../../../src/face/train/measured-people.ts";
import type { Person } from "../../../src/face/train/people.ts";

/** People with so many pictures each. */
const people = (counts: readonly number[]): Person[] =>
  counts.map((count, i) => ({
    name: `p${i}`,
    pictures: Array.from({ length: count }, (_, k) => ({ id: `p${i}/${k}` }) as Person["pictures"][number]),
  }));
const counts = (val: readonly number[], train: readonly number[] = []) =>
  measuredPeople({ train: people(train), val: people(val) }).map(({ pictures }) => pictures.length);

describe("measuredPeople", () => {
  it("takes all pictures of people who have no more than a thousand", () => {
    expect(counts([3, 530, 1, 466])).toEqual([3, 530, 1, 466]);
  });

  it("takes as many of each as all together may have", () => {
    expect(counts([1010, 1010, 1010, 1010, 1010])).toEqual([200, 200, 200, 200, 200]);
    expect(counts([5000, 3, 200, 1])).toEqual([796, 3, 200, 1]);
  });

  it("takes two of each of hundreds of people, as long as there is room", () => {
    expect(counts(Array(450).fill(4))).toEqual(Array(450).fill(2));
    expect(counts(Array(700).fill(4))).toEqual(Array(500).fill(2));
  });

  it("looks at some of those to train with where nobody is kept apart", () => {
    expect(counts([], Array(60).fill(3))).toEqual(Array(40).fill(3));
  });
});
