import { describe, expect, it } from "vitest";
import type { PointSample } from "../../src/data/index.ts";
import { locateInRegions } from "../../src/landmarks/locate-in-regions.ts";
import type { LandmarkCard } from "../../src/landmarks/model-card.ts";
import { boxOfPicture, boxOfSample, isWithoutSize, regionAround } from "../../src/landmarks/regions.ts";
import type { Program } from "../../src/runtime/index.ts";

const MARGIN = 0.2;

function sampleOf(points: PointSample["points"], box?: PointSample["box"]): PointSample {
  return { id: "a", path: "a.png", width: 200, height: 100, points, box, group: "a" };
}

describe("the region that is looked at", () => {
  it.each([
    [{ width: 200, height: 100 }, [0, -50, 200, 150]],
    [{ width: 100, height: 200 }, [-50, 0, 150, 200]],
  ])("just holds a whole picture of %j", (picture, region) => {
    const found = regionAround(boxOfPicture(picture, MARGIN), MARGIN);
    for (const [i, corner] of found.entries()) expect(corner).toBeCloseTo(region[i], 9);
  });

  const whole = boxOfPicture({ width: 200, height: 100 }, MARGIN);
  const spread = [[50, 40], undefined, [90, 60]] as const;
  it.each([
    ["the points' own box", sampleOf(spread), [50, 40, 90, 60]],
    ["that of points on a line", sampleOf([[50, 40], undefined, [50, 60]]), [50, 40, 50, 60]],
    ["the labelled box of one point", sampleOf([[50, 40]], [40, 30, 60, 50]), [40, 30, 60, 50]],
    ["the whole picture of one point", sampleOf([[50, 40]]), whole],
    ["the whole picture of points in one spot", sampleOf([[50, 40], undefined, [57, 45]]), whole],
    [
      "a small thing's own box in a large picture",
      sampleOf([[50, 40], undefined, [59, 45]]),
      [50, 40, 59, 45],
    ],
    ["the whole picture of nothing", sampleOf([undefined, undefined]), whole],
  ])("is around %s", (_, sample, box) => {
    expect(boxOfSample(sample, MARGIN)).toEqual(box);
  });

  it("is around a given box, and around the sample's own where none was found", () => {
    const sample = sampleOf(spread, [40, 30, 95, 70]);
    expect(boxOfSample(sample, MARGIN, new Map([["a", [1, 2, 3, 4] as const]]))).toEqual([1, 2, 3, 4]);
    expect(boxOfSample(sample, MARGIN, new Map([["a", undefined]]))).toEqual([40, 30, 95, 70]);
  });

  it("is the whole picture where the size of the thing is not known", () => {
    const given = new Map([["a", [1, 2, 3, 4] as const]]);
    expect(isWithoutSize(sampleOf([[50, 40]]))).toBe(true);
    expect(isWithoutSize(sampleOf([[50, 40]]), given)).toBe(false);
    expect(isWithoutSize(sampleOf([[50, 40]], [40, 30, 60, 50]))).toBe(false);
    expect(isWithoutSize(sampleOf(spread))).toBe(false);
    expect(isWithoutSize(sampleOf([undefined]))).toBe(false);
  });
});

describe("locateInRegions", () => {
  const picture = { width: 200, height: 100, data: new Uint8Array(3 * 200 * 100) };
  const card = { margin: MARGIN, ownBoxes: true } as LandmarkCard;

  /** Sides of the boxes that a net which always finds the same points looks at. */
  async function sidesOf(
    points: [number, number][],
    boxes?: readonly (readonly [number, number, number, number])[],
  ) {
    const sides: number[] = [];
    const program = {
      async run({ box }: Record<string, { data: Float32Array }>) {
        const [x1, , x2] = box.data;
        sides.push(x2 - x1);
        const data = Float32Array.from(points.flat());
        return { points: { data }, scores: { data: points.map(() => 1) }, presence: { data: [1] } };
      },
    } as unknown as Program;
    await locateInRegions(program, card, picture, boxes);
    return sides;
  }

  it("looks again, ever closer, where points were found", async () => {
    const sides = await sidesOf([
      [50, 20],
      [110, 70],
    ]);
    expect(sides).toHaveLength(4);
    expect(sides[3]).toBeLessThan(sides[0]);
  });

  it("does not look closer at one point, or at points in one spot", async () => {
    expect(await sidesOf([[50, 20]])).toHaveLength(1);
    const spot: [number, number][] = [
      [50, 20],
      [51, 22],
    ];
    expect(await sidesOf(spot)).toHaveLength(1);
    expect(await sidesOf(spot, [[40, 10, 60, 30]])).toHaveLength(3); // of a small box they are not
    expect(await sidesOf([[50, 20]], [[40, 10, 60, 30]])).toHaveLength(1);
  });
});
