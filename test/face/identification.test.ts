import { describe, expect, it } from "vitest";
import { calibrateDistances, identificationThreshold, pairRate } from "../../src/face/index.ts";

describe("pairRate", () => {
  it("is the rate itself for one face", () => {
    expect(pairRate(0.01, 1)).toBeCloseTo(0.01, 15);
  });

  it.each([2, 100, 10_000])("keeps a stranger's chance among %s faces", (faces) => {
    const rate = pairRate(0.01, faces);
    expect(1 - (1 - rate) ** faces).toBeCloseTo(0.01, 10);
    expect(rate).toBeLessThan(0.0101 / faces);
  });

  it.each([
    [0, 10],
    [1, 10],
    [0.1, 0],
    [Number.NaN, 5],
  ])("refuses %s for %s faces", (rate, faces) => {
    expect(() => pairRate(rate, faces)).toThrow(expect.objectContaining({ code: "argument-range" }));
  });
});

describe("identificationThreshold", () => {
  /** So many different pairs, at 1, 2, 3, … */
  const calibrationOf = (pairs: number) =>
    calibrateDistances(
      { same: [0.5], different: Array.from({ length: pairs }, (_, i) => i + 1) },
      { encoder: { name: "made up", digest: "d", size: 4 }, mirror: false },
    );

  it("holds the rate where there are pairs enough, else the smallest that they tell", () => {
    expect(identificationThreshold(calibrationOf(1000), 0.05, 10)).toMatchObject({
      threshold: 5,
      falseAlarmRate: 0.05,
    });
    const { threshold, falseMatchRate } = identificationThreshold(calibrationOf(100), 0.01, 10);
    expect([threshold, falseMatchRate]).toEqual([3, 0.03]);
  });

  it.each([1, 2, 3, 5])("refuses a calibration of %s different pairs, by which strangers pass", (pairs) => {
    expect(() => identificationThreshold(calibrationOf(pairs), 0.01, 1)).toThrow(
      expect.objectContaining({
        code: "calibration-too-small",
        message: `A threshold needs 6 pairs of different people to be measured, but the calibration has ${pairs}: calibrate with more pictures.`,
      }),
    );
  });
});
