import { describe, expect, it } from "vitest";
import { cosine, emaDecay, oneCycle, steady, steps, warmUp } from "../../src/nn/index.ts";

describe("schedules", () => {
  it("cosine falls from 1 over the middle to its floor", () => {
    const schedule = cosine(0.2);
    expect(schedule(0)).toBe(1);
    expect(schedule(0.5)).toBeCloseTo(0.6, 12);
    expect(schedule(1 / 3)).toBeCloseTo(0.2 + 0.8 * 0.75, 12); // cos 60° = ½
    expect(schedule(1)).toBeCloseTo(0.2, 12);
  });

  it("cosine stays at its ends outside of training", () => {
    expect(cosine(0.1)(-1)).toBe(1);
    expect(cosine(0.1)(1.5)).toBeCloseTo(0.1, 12);
    expect(cosine()(1)).toBeCloseTo(0.01, 12);
  });

  it("steady is always 1", () => {
    expect([0, 0.3, 1].map(steady())).toEqual([1, 1, 1]);
  });

  it("steps falls by a factor at each milestone", () => {
    const schedule = steps([0.5, 0.75], 0.2);
    expect([0, 0.49, 0.5, 0.74, 0.75, 1].map(schedule)).toEqual([1, 1, 0.2, 0.2, 0.2 ** 2, 0.2 ** 2]);
    expect(() => steps([0.5, 0.5])).toThrowError(/`milestones` \(=\[0.5,0.5\]\)/);
  });

  it("one cycle rises to 1, and falls far below where it began", () => {
    const schedule = oneCycle({ rise: 0.25, divisor: 10, finalDivisor: 100 });
    expect(schedule(0)).toBeCloseTo(0.1, 12);
    expect(schedule(0.125)).toBeCloseTo(0.55, 12); // halfway up
    expect(schedule(0.25)).toBeCloseTo(1, 12);
    expect(schedule(0.625)).toBeCloseTo((1 + 0.001) / 2, 12); // halfway down
    expect(schedule(1)).toBeCloseTo(0.001, 12);
  });

  it("warm-up rises linearly and reaches 1 at its last step", () => {
    expect([0, 1, 2, 3, 4].map((step) => warmUp(step, 4))).toEqual([0.25, 0.5, 0.75, 1, 1]);
    expect(warmUp(0, 0)).toBe(1);
  });

  it("the average's decay grows towards its limit", () => {
    expect(emaDecay(0, 0.998)).toBeCloseTo(0.1, 12);
    expect(emaDecay(90, 0.998)).toBeCloseTo(0.91, 12);
    expect(emaDecay(1e6, 0.998)).toBeCloseTo(0.998, 12);
  });
});
