import { describe, expect, it } from "vitest";
import { evaluateLocalization, type LocalizedPicture } from "../../src/metrics/index.ts";

const square = [0, 0, 10, 10] as const;
const half = [0, 0, 10, 5] as const; // IoU 0.5 with the square
const less = [0, 0, 10, 4] as const; // IoU 0.4

function picture(
  truth: LocalizedPicture["truth"],
  classIndex: number,
  box: typeof square | typeof half | typeof less,
  present = true,
): LocalizedPicture {
  return { id: "", truth, answer: { present, presence: present ? 0.9 : 0.1, classIndex, box } };
}

const a = { classIndex: 0, box: square };
const b = { classIndex: 1, box: square };

describe("evaluateLocalization", () => {
  it("counts what is said of objects and of background", () => {
    const result = evaluateLocalization(
      ["a", "b", "c"],
      [
        picture(a, 0, square), // right
        picture(a, 0, half), // just right
        picture(a, 0, less), // in the wrong place
        picture(b, 0, square), // for another
        picture(b, 1, square, false), // missed
        picture(undefined, 0, square), // a false alarm
        picture(undefined, 0, square, false), // right
        picture(undefined, 0, square, false), // right
      ],
    );
    expect(result).toMatchObject({
      objects: 5,
      backgrounds: 3,
      classAccuracy: 4 / 5,
      correct: 2 / 5,
      missed: 1 / 5,
      falseAlarms: 1 / 3,
      right: 4 / 8,
    });
    expect(result.meanIou).toBeCloseTo((1 + 0.5 + 0.4 + 1 + 1) / 5, 12);
    expect(result.perClass.map(({ name, count, correct }) => [name, count, correct])).toEqual([
      ["a", 3, 2 / 3],
      ["b", 2, 0],
      ["c", 0, Number.NaN],
    ]);
  });

  it("has no figure where there is nothing to count", () => {
    const result = evaluateLocalization(["a"], [picture(a, 0, square)]);
    expect(result).toMatchObject({ falseAlarms: Number.NaN, meanIou: 1, right: 1 });
    expect(evaluateLocalization(["a"], []).meanIou).toBeNaN();
  });
});

it("refuses classes that there are not", () => {
  const place = { classIndex: 9, box: [0, 0, 1, 1] as const };
  const one = { id: "x", truth: place, answer: { ...place, present: true, presence: 1 } };
  expect(() => evaluateLocalization(["a"], [one])).toThrow(expect.objectContaining({ code: "class-index" }));
});
