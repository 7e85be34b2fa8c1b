import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/index.ts";
import {
  areaUnderRoc,
  bestThreshold,
  detCurve,
  equalErrorRate,
  rocAt,
  rocCurve,
  tarAtFar,
} from "../../../src/metrics/index.ts";

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

/** Distances of same and of different pairs as labelled pairs. */
function labelled(same: readonly number[], different: readonly number[]) {
  return [
    [...same, ...different],
    [...same.map(() => true), ...different.map(() => false)],
  ] as const;
}

/** Random pairs with many equal distances. */
function drawPairs(random: Random): readonly [number[], boolean[]] {
  const count = 2 + random.integer(40);
  const same = Array.from({ length: count }, (_, i) => (i < 2 ? i === 0 : random.chance(0.5)));
  return [same.map((one) => (random.integer(10) + (one ? 0 : 3)) / 10), same];
}

describe("rocCurve", () => {
  it("by hand: the example of scikit-learn's roc_curve, scores turned into distances", () => {
    // y = [1, 1, 2, 2], scores = [.1, .4, .35, .8]: fpr 0 0 .5 .5 1, tpr 0 .5 .5 1 1.
    const curve = rocCurve([-0.1, -0.4, -0.35, -0.8], [false, false, true, true]);
    expect([...curve.thresholds]).toEqual([-infinity, -0.8, -0.4, -0.35, -0.1]);
    expect([...curve.falseMatchRate]).toEqual([0, 0, 0.5, 0.5, 1]);
    expect([...curve.trueMatchRate]).toEqual([0, 0.5, 0.5, 1, 1]);
    expect(areaUnderRoc(curve)).toBe(0.75);
    expect([...detCurve(curve).falseNonMatchRate]).toEqual([1, 0.5, 0.5, 0, 0]);
  });

  it("by hand: equal distances make one point", () => {
    const curve = rocCurve(...labelled([0.2, 0.5, 0.5], [0.5, 0.9]));
    expect([...curve.thresholds]).toEqual([-infinity, 0.2, 0.5, 0.9]);
    expect([...curve.falseMatchRate]).toEqual([0, 0, 0.5, 1]);
    expect([...curve.trueMatchRate]).toEqual([0, 1 / 3, 1, 1]);
    // Of 6 combinations 4 are right, 2 are equal.
    expect(areaUnderRoc(curve)).toBeCloseTo(5 / 6, 12);
  });

  it("rocAt equals counting, and the area equals comparing all combinations", () => {
    const random = new Random(5);
    for (let round = 0; round < 60; round++) {
      const [distances, same] = drawPairs(random);
      const curve = rocCurve(distances, same);
      for (const threshold of [-1, 0, 0.25, random.integer(13) / 10, 2]) {
        const share = (kind: boolean) => {
          const own = distances.filter((_, i) => same[i] === kind);
          return own.filter((distance) => distance <= threshold).length / own.length;
        };
        expect(rocAt(curve, threshold)).toEqual({
          threshold,
          falseMatchRate: share(false),
          trueMatchRate: share(true),
        });
      }
      let [sum, count] = [0, 0];
      for (const [i, a] of distances.entries()) {
        for (const [j, b] of distances.entries()) {
          if (!same[i] || same[j]) continue;
          sum += a < b ? 1 : a === b ? 0.5 : 0;
          count++;
        }
      }
      expect(areaUnderRoc(curve)).toBeCloseTo(sum / count, 12);
    }
  });

  it("pairs that no threshold matches come last", () => {
    const curve = rocCurve(...labelled([0.1, infinity], [0.5, infinity]));
    expect([...curve.thresholds]).toEqual([-infinity, 0.1, 0.5, infinity]);
    expect(rocAt(curve, 1e9)).toMatchObject({ falseMatchRate: 0.5, trueMatchRate: 0.5 });
    expect(bestThreshold(curve)).toEqual({ threshold: expect.closeTo(0.3, 12), accuracy: 0.75 });
  });

  it("has NaN rates where there are no pairs of a kind", () => {
    const curve = rocCurve([1, 2], [true, true]);
    expect(rocAt(curve, 1)).toEqual({ threshold: 1, falseMatchRate: nan, trueMatchRate: 0.5 });
    expect(areaUnderRoc(curve)).toBeNaN();
    expect(equalErrorRate(curve).rate).toBeNaN();
    expect(areaUnderRoc(rocCurve([], []))).toBeNaN();
    expect(bestThreshold(curve)).toEqual({ threshold: 2, accuracy: 1 });
  });

  it("refuses distances that are no numbers, and lists of two lengths", () => {
    expect(() => rocCurve([nan], [true])).toThrow(expect.objectContaining({ code: "distance-invalid" }));
    expect(() => rocCurve([1], [])).toThrow(expect.objectContaining({ code: "pairs-length" }));
  });
});

describe("equalErrorRate", () => {
  it("by hand: where a point lies on the diagonal, and between two", () => {
    // At .3 one of four different pairs is matched, one of four same ones missed.
    const exact = rocCurve(...labelled([0.1, 0.2, 0.25, 0.5], [0.3, 0.6, 0.7, 0.8]));
    expect(equalErrorRate(exact).rate).toBeCloseTo(0.25, 12);
    // From (0, ½) at .2 to (½, 1) at .4: errors 0 / ½ and ½ / 0 meet in the middle.
    const between = equalErrorRate(rocCurve(...labelled([0.2, 0.4], [0.4, 0.6])));
    expect(between.rate).toBeCloseTo(0.25, 12);
    expect(between.threshold).toBeCloseTo(0.3, 12);
  });

  it("is 0 for pairs told apart, 1 for pairs told the wrong way, a half for equal distances", () => {
    expect(equalErrorRate(rocCurve(...labelled([0.1, 0.2], [0.3, 0.4])))).toMatchObject({
      rate: 0,
      threshold: 0.2,
    });
    expect(equalErrorRate(rocCurve(...labelled([3, 4], [1, 2]))).rate).toBe(1);
    expect(equalErrorRate(rocCurve(...labelled([1, 1], [1, 1]))).rate).toBe(0.5);
  });

  it("has as many errors of one kind as of the other at its threshold, up to one pair", () => {
    const random = new Random(6);
    const pairs = labelled(
      Array.from({ length: 300 }, () => random.normal(0.4, 0.1)),
      Array.from({ length: 500 }, () => random.normal(0.7, 0.1)),
    );
    const curve = rocCurve(...pairs);
    const { rate, threshold } = equalErrorRate(curve);
    const point = rocAt(curve, threshold);
    expect(Math.abs(point.falseMatchRate - rate)).toBeLessThanOrEqual(1 / 300);
    expect(Math.abs(1 - point.trueMatchRate - rate)).toBeLessThanOrEqual(1 / 300);
    // Two normal distributions three deviations apart: Φ(−1.5) = .0668.
    expect(rate).toBeCloseTo(0.0668, 1);
  });
});

describe("tarAtFar", () => {
  const different = Array.from({ length: 100 }, (_, i) => 0.5 + i / 100);
  const curve = rocCurve(...labelled([0.1, 0.4, 0.505, 0.6, 0.9], different));

  it("by hand", () => {
    // One in a hundred may be matched: the one at .5. The same pairs up to below .51 are three.
    expect(tarAtFar(curve, 0.01)).toMatchObject({ far: 0.01, tar: 0.6, threshold: 0.505, needed: 100 });
    // Ten may: those to .59.
    expect(tarAtFar(curve, 0.1)).toMatchObject({ tar: 0.6, threshold: 0.59 });
    expect(tarAtFar(curve, 1)).toMatchObject({ tar: 1 });
  });

  it("says that there are too few different pairs", () => {
    expect(tarAtFar(curve, 0.001)).toMatchObject({ tar: nan, threshold: nan, needed: 1000 });
    expect(tarAtFar(rocCurve([1], [false]), 1).tar).toBeNaN();
  });

  it("is 0 where already the nearest pairs are too many different ones", () => {
    expect(tarAtFar(rocCurve(...labelled([2], [1, 1, 3])), 1 / 3)).toMatchObject({
      tar: 0,
      threshold: -infinity,
    });
  });
});

describe("bestThreshold", () => {
  it("takes the middle of the middle one of equally good gaps", () => {
    // From .2 to .3, from .4 to .5 and from .6 to .9 two of seven are wrong.
    const curve = rocCurve(...labelled([0.1, 0.2, 0.4, 0.6], [0.3, 0.5, 0.9]));
    expect(bestThreshold(curve)).toEqual({ threshold: expect.closeTo(0.45, 12), accuracy: 5 / 7 });
    // Of two the lower one.
    const two = rocCurve(...labelled([0.1, 0.2, 0.4], [0.3, 0.9]));
    expect(bestThreshold(two)).toEqual({ threshold: expect.closeTo(0.25, 12), accuracy: 0.8 });
  });

  it("is as good as the best of all thresholds", () => {
    const random = new Random(7);
    for (let round = 0; round < 60; round++) {
      const [distances, same] = drawPairs(random);
      const accuracyAt = (threshold: number) =>
        distances.filter((distance, i) => distance <= threshold === same[i]).length / same.length;
      const { threshold, accuracy } = bestThreshold(rocCurve(distances, same));
      expect(accuracyAt(threshold)).toBeCloseTo(accuracy, 12);
      expect(accuracy).toBeCloseTo(Math.max(accuracyAt(-infinity), ...distances.map(accuracyAt)), 12);
    }
  });

  it("matches nothing where that is best", () => {
    expect(bestThreshold(rocCurve([1, 2, 3], [false, true, false])).accuracy).toBeCloseTo(2 / 3, 12);
    expect(bestThreshold(rocCurve([1, 2], [false, false])).threshold).toBe(-infinity);
  });
});
