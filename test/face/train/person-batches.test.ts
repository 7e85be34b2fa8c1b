import { describe, expect, it } from "vitest";
import { personBatches } from "../../../src/face/train/person-batches.ts";

/** People with these numbers of pictures: indices count on from person to person. */
function people(counts: readonly number[]): number[][] {
  let next = 0;
  return counts.map((count) => Array.from({ length: count }, () => next++));
}

const personOf = (byPerson: readonly (readonly number[])[], index: number) =>
  byPerson.findIndex((own) => own.includes(index));

describe("personBatches", () => {
  const byPerson = people([5, 4, 2, 6, 3, 8, 2]);
  const options = { people: 3, pictures: 3, seed: 4 };

  it("has P people with K pictures each, none of them twice", () => {
    const { size, of } = personBatches(byPerson, options);
    expect(size).toBe(9);
    for (let step = 0; step < 50; step++) {
      const batch = of(step);
      expect(batch).toHaveLength(9);
      const groups = [batch.slice(0, 3), batch.slice(3, 6), batch.slice(6, 9)];
      const persons = groups.map((group) => {
        const [person, ...others] = group.map((index) => personOf(byPerson, index));
        expect(others).toEqual([person, person]);
        expect(new Set(group).size).toBe(Math.min(3, byPerson[person].length)); // who has fewer repeats
        return person;
      });
      expect(new Set(persons).size).toBe(3);
    }
  });

  it("shows everybody once a round, and every picture in time", () => {
    const { of } = personBatches(byPerson, options);
    const seen = new Map<number, number>();
    for (let step = 0; step < 400; step++) {
      for (const index of new Set(of(step))) seen.set(index, (seen.get(index) ?? 0) + 1);
    }
    expect(seen.size).toBe(30);
    const round = [...of(0), ...of(1)].map((index) => personOf(byPerson, index));
    expect(new Set(round).size).toBe(6); // two batches of three; the seventh waits
    const ofLast = byPerson[6].map((index) => seen.get(index)!);
    expect(Math.min(...ofLast)).toBeGreaterThan(100);
  });

  it("depends on seed and step only", () => {
    const [a, b] = [personBatches(byPerson, options), personBatches(byPerson, options)];
    for (let step = 9; step >= 0; step--) b.of(step);
    expect([0, 1, 2, 3].map(a.of)).toEqual([0, 1, 2, 3].map(b.of));
    const other = personBatches(byPerson, { ...options, seed: 5 });
    expect([0, 1, 2, 3].map(other.of)).not.toEqual([0, 1, 2, 3].map(a.of));
  });

  it("brings people with a single picture as negatives, in turn", () => {
    const mixed = people([4, 4, 1, 4, 1, 1, 1]);
    const { size, of } = personBatches(mixed, { people: 2, pictures: 3, seed: 1 });
    expect(size).toBe(8);
    const singles = new Set<number>();
    for (let step = 0; step < 30; step++) {
      const last = of(step).slice(6);
      expect(new Set(last).size).toBe(2);
      for (const index of last) {
        expect(mixed[personOf(mixed, index)]).toHaveLength(1);
        singles.add(index);
      }
    }
    expect(singles.size).toBe(4);
  });

  it("counts an epoch by the pictures of people with two or more", () => {
    expect(personBatches(byPerson, options).stepsPerEpoch).toBe(3); // 30 pictures, 9 a step
    expect(personBatches(people([2, 2]), { people: 2, pictures: 8, seed: 0 }).stepsPerEpoch).toBe(1);
  });

  it.each([
    ["more people than there are", [3, 3], 3, 2],
    ["one picture each", [3, 3], 2, 1],
    ["one person alone", [3], 1, 2],
    ["half a person", [3, 3], 1.5, 2],
  ])("refuses %s", (_, counts, count, pictures) => {
    expect(() => personBatches(people(counts), { people: count, pictures, seed: 0 })).toThrow(
      expect.objectContaining({ code: "argument-range" }),
    );
  });
});
