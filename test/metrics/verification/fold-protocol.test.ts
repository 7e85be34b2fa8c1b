import { describe, expect, it } from "vitest";
import { evaluateVerification, stratifiedFolds, verifyInFolds } from "../../../src/metrics/index.ts";

describe("verifyInFolds", () => {
  it("by hand: each fold is judged by the others' threshold", () => {
    const distances = [0.1, 0.5, 0.3, 0.7, 0.2, 0.25];
    const same = [true, false, true, false, true, false];
    const { folds, accuracy, std, standardError } = verifyInFolds(distances, same, [1, 1, 2, 2, 3, 3]);
    // Without fold 1 three of four are right from .2 to .25 and from .3 to .7, without 2 all from .2 to .25, without 3
    // all from .3 to .5.
    expect(folds.map(({ fold, threshold }) => [fold, Number(threshold.toFixed(6))])).toEqual([
      [1, 0.225],
      [2, 0.225],
      [3, 0.4],
    ]);
    // .3 is not below .225, .25 not above .4.
    expect(folds.map((fold) => fold.accuracy)).toEqual([1, 0.5, 0.5]);
    expect(folds.map(({ falseMatches, falseNonMatches }) => [falseMatches, falseNonMatches])).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
    ]);
    expect(accuracy).toBeCloseTo(2 / 3, 12);
    expect(std).toBeCloseTo(Math.sqrt(1 / 12), 12);
    expect(standardError).toBeCloseTo(1 / 6, 12);
  });

  it("mean, deviation and standard error of the folds", () => {
    // Fold 2 is wrong in both of its pairs, the others' thresholds stand.
    const distances = [0.1, 0.9, 0.2, 0.8, 0.95, 0.05, 0.1, 0.9];
    const same = [true, false, true, false, true, false, true, false];
    const { accuracy, std, standardError } = verifyInFolds(distances, same, [1, 1, 7, 7, 2, 2, 4, 4]);
    expect(accuracy).toBe(0.75);
    expect(std).toBeCloseTo(0.5, 12);
    expect(standardError).toBeCloseTo(0.25, 12);
  });

  it("refuses one fold, and folds for other pairs", () => {
    expect(() => verifyInFolds([1, 2], [true, false], [1, 1])).toThrow(
      expect.objectContaining({ code: "folds-too-few" }),
    );
    expect(() => verifyInFolds([1, 2], [true, false], [1])).toThrow(
      expect.objectContaining({ code: "folds-too-few" }),
    );
  });
});

describe("stratifiedFolds", () => {
  it("cuts a sorted list into runs with as many of each kind", () => {
    const same = Array.from({ length: 60 }, (_, i) => i < 20);
    const folds = stratifiedFolds(same);
    expect(folds.slice(0, 4)).toEqual([1, 1, 2, 2]);
    expect(folds.slice(20, 28)).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    for (let fold = 1; fold <= 10; fold++) {
      expect(folds.filter((one, i) => one === fold && same[i])).toHaveLength(2);
      expect(folds.filter((one, i) => one === fold && !same[i])).toHaveLength(4);
    }
  });

  it("spreads what does not divide", () => {
    const folds = stratifiedFolds([true, true, true, false, false, false, false, false], 3);
    expect(folds).toEqual([1, 2, 3, 1, 1, 2, 2, 3]);
  });

  it.each([1, 0, 2.5, 4, Number.NaN])("refuses %s folds of three pairs of a kind", (count) => {
    const same = [true, true, true, false, false, false];
    expect(() => stratifiedFolds(same, count)).toThrow(expect.objectContaining({ code: "folds-too-few" }));
  });
});

describe("evaluateVerification", () => {
  it("gathers all figures of pairs that are told apart", () => {
    const same = Array.from({ length: 40 }, (_, i) => i % 2 === 0);
    const distances = same.map((one, i) => (one ? 0.2 : 0.8) + i / 1000);
    const figures = evaluateVerification(distances, same);
    expect(figures.protocol.folds).toHaveLength(10);
    expect([figures.protocol.accuracy, figures.auc, figures.eer.rate, figures.best.accuracy]).toEqual([
      1, 1, 0, 1,
    ]);
    expect(figures.tarAtFar.map(({ tar }) => tar)).toEqual([1, Number.NaN, Number.NaN]);
  });
});
