import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/index.ts";
import { blurOf } from "../../../src/face/index.ts";

const SIDE = 40;

function noise(): Float32Array {
  const random = new Random(3);
  return Float32Array.from({ length: SIDE * SIDE }, () => 255 * random.next());
}

/** Means of squares of `reach` pixels to each side. */
function softened(grey: Float32Array, reach: number): Float32Array {
  return grey.map((_, at) => {
    const [row, column] = [Math.floor(at / SIDE), at % SIDE];
    let [sum, count] = [0, 0];
    for (let y = Math.max(0, row - reach); y <= Math.min(SIDE - 1, row + reach); y++) {
      for (let x = Math.max(0, column - reach); x <= Math.min(SIDE - 1, column + reach); x++) {
        sum += grey[y * SIDE + x];
        count++;
      }
    }
    return sum / count;
  });
}

describe("blurOf", () => {
  it("is 1/9 for one sharp edge: the second blur leaves a ninth of the step between two neighbours", () => {
    const edge = Float32Array.from({ length: SIDE * SIDE }, (_, at) => (at % SIDE < 20 ? 0 : 100));
    expect(blurOf(edge, SIDE, SIDE)).toBeCloseTo(1 / 9, 6);
  });

  it("rises the more a picture is softened", () => {
    const grey = noise();
    const blurs = [grey, softened(grey, 1), softened(grey, 2), softened(grey, 4)].map((each) =>
      blurOf(each, SIDE, SIDE),
    );
    for (let i = 1; i < blurs.length; i++) expect(blurs[i]).toBeGreaterThan(blurs[i - 1]);
    expect(blurs[0]).toBeGreaterThanOrEqual(0);
    expect(blurs[3]).toBeLessThanOrEqual(1);
  });

  it("does not depend on contrast and brightness", () => {
    const grey = softened(noise(), 1);
    const pale = grey.map((value) => 100 + value / 8);
    expect(blurOf(pale, SIDE, SIDE)).toBeCloseTo(blurOf(grey, SIDE, SIDE), 4);
  });

  it("takes the axis that is blurred more", () => {
    const grey = noise();
    const smeared = grey.map((_, at) => {
      const [row, column] = [Math.floor(at / SIDE), at % SIDE];
      let sum = 0;
      for (let i = -3; i <= 3; i++) sum += grey[row * SIDE + Math.min(SIDE - 1, Math.max(0, column + i))];
      return sum / 7;
    });
    expect(blurOf(smeared, SIDE, SIDE)).toBeGreaterThan(blurOf(grey, SIDE, SIDE) + 0.1);
  });

  it("is 1 for a picture of one colour", () => {
    expect(blurOf(new Float32Array(SIDE * SIDE).fill(7), SIDE, SIDE)).toBe(1);
  });
});
