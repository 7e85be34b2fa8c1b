import { describe, expect, it } from "vitest";
import { PicturePyramid } from "../../../src/data/index.ts";
import { drawLevel, levelsOf, type WindowsCard } from "../../../src/detect/windows/index.ts";
import { objectIn, windowAt } from "../../../src/detect/windows/pyramid.ts";

const card: WindowsCard = {
  task: "windows",
  classes: ["a"],
  window: { width: 64, height: 32 },
  filled: 0.8,
  sizes: [0.1, 0.2],
  scoreThreshold: 0.5,
  iouThreshold: 0.3,
  trainedOn: "",
  version: "",
};

describe("levelsOf", () => {
  it("brings objects of each size to four fifths of a window, with a quarter of a window around", () => {
    const levels = levelsOf({ width: 320, height: 240 }, card);
    // An object of 32 pixels shall fill .8 of a window of √(64·32) = 45.25: 36.2 pixels.
    expect(levels.map(({ scale }) => Number(scale.toFixed(4)))).toEqual([1.1314, 0.5657]);
    expect(levels[0]).toMatchObject({ width: 362 + 32, height: 272 + 16, borderX: 16, borderY: 8 });
  });

  it("leaves out sizes in which no window fits", () => {
    expect(levelsOf({ width: 320, height: 20 }, card)).toHaveLength(1);
    expect(levelsOf({ width: 320, height: 1 }, card)).toHaveLength(0);
  });
});

describe("windows of a level", () => {
  it("lie where the picture lies, less the border", () => {
    const [level] = levelsOf({ width: 64, height: 64 }, { ...card, sizes: [0.8 * Math.SQRT1_2] });
    expect(level.scale).toBeCloseTo(1, 12); // a window is as large as 64 × 32 pixels of the picture
    expect(windowAt(0, 0, card.window, level)).toEqual([-16, -8, 48, 24]);
    expect(windowAt(16, 8, card.window, level)).toEqual([0, 0, 64, 32]);
  });

  it("hold their object in the middle", () => {
    const box = objectIn([0, 0, 100, 50], 0.8);
    for (const [i, corner] of [10, 5, 90, 45].entries()) expect(box[i]).toBeCloseTo(corner, 12);
  });
});

describe("drawLevel", () => {
  it("draws the picture amid grey", () => {
    const data = new Uint8Array(3 * 64 * 64).fill(200);
    const picture = { width: 64, height: 64, data };
    const [level] = levelsOf(picture, { ...card, sizes: [0.8 * Math.SQRT1_2] });
    const { shape, data: drawn } = drawLevel(new PicturePyramid(picture), level);
    expect(shape).toEqual([1, 3, 80, 96]);
    const at = (x: number, y: number) => drawn[y * 96 + x];
    expect([at(15, 40), at(16, 40), at(79, 40), at(80, 40)]).toEqual([114, 200, 200, 114]);
    expect([at(40, 7), at(40, 8), at(40, 71), at(40, 72)]).toEqual([114, 200, 200, 114]);
  });
});
