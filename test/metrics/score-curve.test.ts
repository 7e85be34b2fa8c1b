import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/index.ts";
import { bestF1, curveAt, meanCurve, scoreCurve } from "../../src/metrics/index.ts";

const { NaN: nan } = Number;

describe("scoreCurve", () => {
  test("by hand: equal scores make one point", () => {
    const curve = scoreCurve([0.9, 0.6, 0.6, 0.2], [true, true, false, true], 4);
    expect([...curve.thresholds]).toEqual([0.9, 0.6, 0.2]);
    expect([...curve.precision]).toEqual([1, 2 / 3, 3 / 4]);
    expect([...curve.recall]).toEqual([1 / 4, 2 / 4, 3 / 4]);
    expect([...curve.f1]).toEqual([2 / 5, 4 / 7, 6 / 8]);
  });

  test("without detections, without objects", () => {
    expect(scoreCurve([], [], 3).thresholds).toHaveLength(0);
    const curve = scoreCurve([0.5], [false], 0);
    expect([curve.precision[0], curve.recall[0]]).toEqual([0, nan]);
  });

  test("curveAt equals counting at any threshold", () => {
    const random = new Random(41);
    for (let round = 0; round < 50; round++) {
      const scores = Array.from({ length: random.integer(25) }, () => random.integer(10) / 10);
      scores.sort((a, b) => b - a);
      const right = scores.map(() => random.chance(0.6));
      const count = right.filter(Boolean).length + random.integer(3) + 1;
      const curve = scoreCurve(scores, right, count);
      for (const threshold of [-1, 0, 0.35, random.integer(10) / 10, 0.9, 1.5]) {
        const kept = right.filter((_, i) => scores[i] >= threshold);
        const hits = kept.filter(Boolean).length;
        const [precision, recall] = [hits / kept.length, hits / count];
        const point = curveAt(curve, threshold);
        expect(point).toMatchObject({ threshold, precision, recall });
        const f1 = hits === 0 ? 0 : (2 * precision * recall) / (precision + recall);
        expect(point.f1).toBeCloseTo(f1, 12);
      }
    }
  });
});

describe("meanCurve", () => {
  test("averages classes that have objects, at a thousand and one thresholds", () => {
    const sure = scoreCurve([0.8], [true], 1);
    const unsure = scoreCurve([0.4, 0.3], [false, true], 1);
    const absent = scoreCurve([0.9], [false], 0);
    const mean = meanCurve([sure, unsure, absent]);
    expect(mean.count).toBe(2);
    expect(mean.thresholds).toHaveLength(1001);
    expect([mean.thresholds[0], mean.thresholds[1000]]).toEqual([1, 0]);
    expect(curveAt(mean, 0.9)).toMatchObject({ precision: nan, recall: 0, f1: 0 });
    expect(curveAt(mean, 0.6)).toMatchObject({ precision: 1, recall: 0.5, f1: 0.5 });
    expect(curveAt(mean, 0.35)).toMatchObject({ precision: 0.5, recall: 0.5, f1: 0.5 });
    expect(curveAt(mean, 0.1)).toMatchObject({ precision: 0.75, recall: 1, f1: (1 + 2 / 3) / 2 });
  });
});

describe("bestF1", () => {
  test("the highest point of an exact curve, half-way to the next lower score", () => {
    expect(bestF1(scoreCurve([0.9, 0.6, 0.2, 0.1], [true, true, false, false], 2))).toEqual({
      threshold: 0.4,
      precision: 1,
      recall: 1,
      f1: 1,
    });
  });

  test("half-way to 0 where all that is detected is right", () => {
    expect(bestF1(scoreCurve([0.9, 0.6], [true, true], 2))?.threshold).toBe(0.3);
  });

  test("a mean's threshold is one that was looked at", () => {
    const mean = meanCurve([
      scoreCurve([0.9, 0.8], [true, true], 2),
      scoreCurve([0.8, 0.799], [true, false], 1),
    ]);
    expect(bestF1(mean)).toMatchObject({ threshold: 0.8, f1: 1 });
  });

  test("the middle of a plateau of the mean curve", () => {
    const mean = meanCurve([scoreCurve([0.9, 0.3], [true, false], 1)]);
    expect(bestF1(mean)?.threshold).toBeCloseTo((0.9 + 0.301) / 2, 12);
    expect(bestF1(mean)?.f1).toBe(1);
  });

  test("is as good as any threshold", () => {
    const random = new Random(43);
    for (let round = 0; round < 30; round++) {
      const scores = Array.from({ length: 20 }, () => random.next()).sort((a, b) => b - a);
      const right = scores.map(() => random.chance(0.5));
      const curve = scoreCurve(scores, right, 15);
      const best = bestF1(curve)!;
      expect(best.f1).toBe(Math.max(...curve.f1));
      expect(curveAt(curve, best.threshold).f1).toBe(best.f1);
    }
  });

  test("there is none without points or objects", () => {
    expect(bestF1(scoreCurve([], [], 2))).toBeUndefined();
    expect(bestF1(scoreCurve([0.5], [false], 0))).toBeUndefined();
    expect(bestF1(meanCurve([]))).toBeUndefined();
  });
});
