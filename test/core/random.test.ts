import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/index.ts";

const firstOf = (...stream: number[]) => {
  const random = new Random(...stream);
  return [random.next(), random.next()];
};

describe("a stream of random numbers", () => {
  it("is the same for the same numbers, another for others", () => {
    expect(firstOf(3, 1)).toEqual(firstOf(3, 1));
    for (const other of [[3], [1, 3], [3, 2], [4, 1]]) expect(firstOf(3, 1)).not.toEqual(firstOf(...other));
  });

  it("tells seeds apart that differ beyond 32 bits, or in the fraction", () => {
    const seeds = [7, 7 + 2 ** 32, 7 + 2 ** 40, 7.5, 7.25, 0.5, 0];
    expect(new Set(seeds.map((seed) => `${firstOf(seed)}`)).size).toBe(seeds.length);
  });
});
