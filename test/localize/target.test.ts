import { describe, expect, it } from "vitest";
import { feedsOf, largestBox, localizationTarget } from "../../src/localize/target.ts";

const input = { width: 200, height: 100 };

describe("localizationTarget", () => {
  it("is [Pc, bx, by, bh, bw, c1, c2, c3] in fractions of the input", () => {
    // A car, the textbook's second class, around (100, 70), 60 wide and 30 high.
    const target = localizationTarget({ classIndex: 1, box: [70, 55, 130, 85] }, input, 3);
    expect(Array.from(target, (x) => Number(x.toFixed(6)))).toEqual([1, 0.5, 0.7, 0.3, 0.3, 0, 1, 0]);
  });

  it("of background is Pc = 0", () => {
    expect([...localizationTarget(undefined, input, 3)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it("of the whole picture is its centre and the size 1", () => {
    expect([...localizationTarget({ classIndex: 0, box: [0, 0, 200, 100] }, input, 1)]).toEqual([
      1, 0.5, 0.5, 1, 1, 1,
    ]);
  });
});

describe("largestBox", () => {
  it("is the one of most area, the first of equal ones, none of none", () => {
    const small = { classIndex: 0, box: [0, 0, 4, 4] as const };
    const large = { classIndex: 1, box: [0, 0, 2, 9] as const };
    const equal = { classIndex: 2, box: [5, 5, 14, 7] as const };
    expect(largestBox([small, large, equal])).toBe(large);
    expect(largestBox([])).toBeUndefined();
  });
});

describe("feedsOf", () => {
  it("asks for the largest object of each picture", () => {
    const batch = {
      ...input,
      images: new Uint8Array(2 * 3 * 200 * 100),
      boxes: [
        [
          { classIndex: 0, box: [0, 0, 20, 10] as const },
          { classIndex: 1, box: [100, 50, 200, 100] as const },
        ],
        [],
      ],
      sampleIds: ["a", "b"],
    };
    const { pictures, targets } = feedsOf(batch, 2);
    expect(pictures.shape).toEqual([2, 3, 100, 200]);
    expect(targets.shape).toEqual([2, 7]);
    expect([...targets.data]).toEqual([1, 0.75, 0.75, 0.5, 0.5, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
  });
});
