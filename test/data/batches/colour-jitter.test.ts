import { describe, expect, it } from "vitest";
import type { Random } from "../../../src/core/index.ts";
import { drawColourJitter, recolour } from "../../../src/data/batches/colour-jitter.ts";
import { type AugmentOptions, resolveAugment } from "../../../src/data/batches/index.ts";

const unchanged: AugmentOptions = {
  hue: 0,
  saturation: [1, 1],
  brightness: [1, 1],
  contrast: [1, 1],
  grey: 0,
};

/** Draws always the end of a range, and says no to what is a matter of chance. */
const always = (end: "low" | "high") =>
  ({ uniform: (low, high) => (end === "low" ? low : high), chance: () => false }) as Pick<
    Random,
    "uniform" | "chance"
  > as Random;

/** What becomes of a colour where the jitter is as strong as the options allow. */
function jittered(
  colour: readonly number[],
  options: AugmentOptions,
  end: "low" | "high" = "high",
): number[] {
  const data = Uint8Array.from(colour);
  recolour(data, 0, 1, 1, drawColourJitter(always(end), resolveAugment({ ...unchanged, ...options })));
  return [...data];
}

const [red, green, blue] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
];

describe("drawColourJitter", () => {
  it("turns red to green by 120°, to blue by 240°", () => {
    expect(jittered(red, { hue: 120 })).toEqual(green);
    expect(jittered(green, { hue: 120 })).toEqual(blue);
    expect(jittered(blue, { hue: 120 })).toEqual(red);
    // 120° back.
    expect(jittered(red, { hue: 120 }, "low")).toEqual(blue);
  });

  it("doubles the distance from luma by a saturation of 2, halves it by .5", () => {
    // Luma .299 · 100 + .587 · 120 + .114 · 140 = 116.3: 2 · 100 − 116.3 = 83.7, and so on.
    expect(jittered([100, 120, 140], { saturation: [2, 2] })).toEqual([84, 124, 164]);
    // (100 + 116.3) / 2 = 108.15, …
    expect(jittered([100, 120, 140], { saturation: [0.5, 0.5] })).toEqual([108, 118, 128]);
    // Luma of red is 76.2: 2 · 255 − 76.2 and −76.2 lie outside what a byte holds.
    expect(jittered(red, { saturation: [2, 2] })).toEqual([255, 0, 0]);
  });

  it("changes brightness and contrast before it mixes", () => {
    // Contrast about 127.5, then brightness: (200 − 127.5) / 2 + 127.5 = 163.75, times .8 is 131; (0 …) 63.75 → 51.
    expect(jittered([200, 0, 0], { contrast: [0.5, 0.5], brightness: [0.8, 0.8] })).toEqual([131, 51, 51]);
    expect(jittered([200, 0, 0], { contrast: [0.5, 0.5], brightness: [0.8, 0.8], hue: 120 })).toEqual([
      51, 131, 51,
    ]);
  });
});
