import { describe, expect, it } from "vitest";
import { scoreCurve } from "../../src/metrics/index.ts";
import { figureAt, overRecall, overThreshold } from "../../src/report/evaluation-curves.ts";
import { madeUpEvaluation } from "./evaluation.ts";

// Four objects, found at .9, .7 and .5, with a false detection at .8.
const curve = scoreCurve([0.9, 0.8, 0.7, 0.5], [true, false, true, true], 4);

describe("overThreshold", () => {
  it("is constant between scores, and nothing is found above them", () => {
    const recall = new Map(overThreshold(curve, "recall"));
    expect([0, 0.5, 0.505, 0.7, 0.9, 0.905, 1].map((t) => recall.get(t))).toEqual([
      0.75, 0.75, 0.5, 0.5, 0.25, 0, 0,
    ]);
    expect(figureAt(curve, "precision", 0.95)).toBeNaN();
    expect(figureAt(curve, "f1", 0.95)).toBe(0);
  });

  it("is NaN without objects", () => {
    const nothing = scoreCurve([0.5], [false], 0);
    for (const figure of ["precision", "recall", "f1"] as const) {
      expect(overThreshold(nothing, figure).every(([, value]) => Number.isNaN(value))).toBe(true);
    }
  });
});

describe("overRecall", () => {
  it("interpolates precision from the right", () => {
    const precision = new Map(overRecall(curve));
    expect([0, 0.25, 0.26, 0.5, 0.75, 0.76, 1].map((r) => precision.get(r))).toEqual([
      1, 1, 0.75, 0.75, 0.75, 0, 0,
    ]);
  });

  it("has COCO's AP50 as its mean", () => {
    const { perClass, curves } = madeUpEvaluation(["a", "b", "c"]);
    for (const [k, { AP50 }] of perClass.entries()) {
      const points = overRecall(curves.perClass[k]);
      expect(points.reduce((sum, [, precision]) => sum + precision, 0) / points.length).toBeCloseTo(AP50, 9);
    }
  });

  it("is NaN without objects, 0 without detections", () => {
    expect(overRecall(scoreCurve([0.5], [false], 0)).every(([, p]) => Number.isNaN(p))).toBe(true);
    expect(overRecall(scoreCurve([], [], 2)).every(([, p]) => p === 0)).toBe(true);
  });
});
