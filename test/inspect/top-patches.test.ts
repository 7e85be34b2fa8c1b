import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/index.ts";
import { PATCHES, TopPatches } from "../../src/inspect/patches/index.ts";

describe("TopPatches", () => {
  it("keeps what sorting everything would keep, and goes on from its state", () => {
    const random = new Random(4);
    const offers = Array.from({ length: 400 }, (_, picture) => {
      return { picture, activation: Math.fround(random.normal()), place: random.integer(64) };
    });
    let top = new TopPatches(3);
    for (const [i, offer] of offers.entries()) {
      top.offer(1, offer);
      top.offer(2, { ...offer, activation: -offer.activation });
      if (i === 150) top = new TopPatches(3, JSON.parse(JSON.stringify(top.toState())));
    }
    const best = [...offers].sort((a, b) => b.activation - a.activation).slice(0, PATCHES);
    expect(top.of(1)).toEqual(best);
    const worst = [...offers].sort((a, b) => a.activation - b.activation).slice(0, PATCHES);
    expect(top.of(2).map(({ picture }) => picture)).toEqual(worst.map(({ picture }) => picture));
    expect(top.of(0)).toEqual([]);
    expect(top.totals(1).fired).toBe(offers.filter(({ activation }) => activation > 0).length);
  });

  it("knows units that never answer, and passes over what is no number", () => {
    const top = new TopPatches(2);
    top.offer(0, { picture: 0, activation: 0, place: 0 });
    top.offer(0, { picture: 1, activation: Number.NaN, place: 0 });
    top.offer(1, { picture: 0, activation: 0.1, place: 3 });
    expect([top.isAlive(0), top.isAlive(1)]).toEqual([false, true]);
    expect(top.of(0)).toEqual([{ picture: 0, activation: 0, place: 0 }]);
  });
});
