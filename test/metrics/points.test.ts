import { describe, expect, it } from "vitest";
import { evaluatePoints, type LocatedPoints, pointScale } from "../../src/metrics/index.ts";

/** A thing of two points, the first found `error` pixels off, of scale 100. */
function thing(id: string, errors: [number, number] | undefined): LocatedPoints {
  const truth = [
    [10, 10],
    [20, 30],
  ] as const;
  const answer = errors && truth.map(([x, y], i) => [x, y + errors[i]] as const);
  return { id, truth, answer, scale: 100 };
}

describe("evaluatePoints", () => {
  const result = evaluatePoints(
    ["a", "b"],
    [
      thing("exact", [0, 0]),
      thing("near", [2, 4]), // 3 %
      thing("far", [8, 10]), // 9 %
      thing("gone", [20, 22]), // 21 %
    ],
  );

  it("is the mean over things of the mean over points, divided by the scale", () => {
    expect(result.nme).toBeCloseTo((0 + 0.03 + 0.09 + 0.21) / 4, 12);
    expect(result.median).toBeCloseTo(0.06, 12);
    expect(result.errors.map(({ error }) => Number(error.toFixed(9)))).toEqual([0, 0.03, 0.09, 0.21]);
  });

  it("counts failures, and measures the area below the curve of cumulative errors", () => {
    expect([result.failureRate8, result.failureRate10]).toEqual([0.5, 0.25]);
    // The curve up to 8 %: 1/4 from 0, 2/4 from 3 %.
    expect(result.auc8).toBeCloseTo((0.25 * 0.03 + 0.5 * 0.05) / 0.08, 12);
    expect(result.auc10).toBeCloseTo((0.25 * 0.03 + 0.5 * 0.06 + 0.75 * 0.01) / 0.1, 12);
  });

  it("tells how far off answers are on average, with the sign", () => {
    expect(result.offset[0]).toBe(0);
    expect(result.offset[1]).toBeCloseTo((2 + 4 + 8 + 10 + 20 + 22) / 8, 12);
  });

  it("tells each point's", () => {
    expect(result.perPoint[0]).toMatchObject({ name: "a", count: 4, failureRate10: 0.25 });
    expect(result.perPoint[0].nme).toBeCloseTo((0 + 2 + 8 + 20) / 400, 12);
  });

  it("leaves out points that are not labelled, and counts things that are not found as failures", () => {
    const half = { ...thing("half", [1, 50]), truth: [[10, 10], undefined] as const };
    const { nme, missed, failureRate8, auc8, perPoint } = evaluatePoints(
      ["a", "b"],
      [half, thing("none", undefined)],
    );
    expect([nme, missed, failureRate8]).toEqual([0.01, 1, 0.5]);
    expect(auc8).toBeCloseTo((1 - 0.01 / 0.08) / 2, 12);
    expect(perPoint.map(({ count }) => count)).toEqual([1, 0]);
    expect(perPoint[1].nme).toBeNaN();
  });

  it("takes things with a labelled point that is nowhere for not found", () => {
    const nowhere = {
      ...thing("nowhere", [0, 0]),
      answer: [
        [10, 10],
        [Number.NaN, 30],
      ] as const,
    };
    const result = evaluatePoints(["a", "b"], [thing("near", [2, 4]), nowhere]);
    expect(result).toMatchObject({ missed: 1, failureRate8: 0.5, failureRate10: 0.5 });
    expect(result.nme).toBeCloseTo(0.03, 12);
    expect(result.errors[1].error).toBe(Number.POSITIVE_INFINITY);
    expect(result.perPoint.map(({ count }) => count)).toEqual([1, 1]);
    expect(result.offset).toEqual([0, 3]);
    expect(evaluatePoints(["a", "b"], [nowhere])).toMatchObject({ missed: 1, failureRate8: 1, auc8: 0 });
  });

  it("does not ask where a point is that is not labelled", () => {
    const { truth, answer } = thing("half", [3, 0]);
    const half = {
      id: "half",
      truth: [truth[0], undefined],
      answer: [answer![0], [NaN, NaN]] as const,
      scale: 100,
    };
    expect(evaluatePoints(["a", "b"], [half])).toMatchObject({ missed: 0, nme: 0.03 });
  });

  it("refuses an answer of another number of points", () => {
    const wrong = { ...thing("wrong", [1, 1]), answer: [[1, 1]] as const };
    expect(() => evaluatePoints(["a", "b"], [wrong])).toThrow(
      '`answer` of "wrong" has 1 points, the truth 2',
    );
  });
});

describe("pointScale", () => {
  const points = [[0, 0], [3, 4], undefined, [12, 1]] as const;

  it("is the distance of the eyes, the box's size, or its diagonal", () => {
    expect(pointScale("interocular", points, undefined, [0, 1])).toBe(5);
    expect(pointScale("box", points, [0, 0, 9, 4], undefined)).toBe(6);
    expect(pointScale("diagonal", points, [0, 0, 3, 4], undefined)).toBe(5);
    expect(pointScale("picture", [[1, 1]], undefined, undefined, { width: 60, height: 80 })).toBe(100);
    expect(pointScale("box", points, undefined, undefined)).toBeCloseTo(Math.sqrt(12 * 4), 12);
  });

  it("cannot be told of an eye that is not labelled, or of no size", () => {
    expect(pointScale("interocular", points, undefined, [0, 2])).toBeUndefined();
    expect(pointScale("interocular", points, undefined, undefined)).toBeUndefined();
    expect(pointScale("box", [[1, 1]], undefined, undefined)).toBeUndefined();
  });
});

it("refuses lengths to divide by that are none", () => {
  for (const scale of [-1, 0, Number.NaN, Number.POSITIVE_INFINITY]) {
    const thing = { id: "x", truth: [[0, 0]] as const, answer: [[0, 0]] as const, scale };
    expect(() => evaluatePoints(["a"], [thing])).toThrow(`\`scale\` of "x" (=${scale})`);
  }
});
