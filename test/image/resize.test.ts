import { describe, expect, it } from "vitest";
import { boxToLetterbox, letterbox } from "../../src/geometry/index.ts";
import { cropPicture, letterboxPicture, resizePicture } from "../../src/image/index.ts";
import { largestDifference, makePicture, pixel } from "./pictures.ts";

const plain = makePicture(30, 20, () => [200, 100, 50]);

describe("resizePicture", () => {
  it.each([
    [8, 5],
    [8, 30],
    [40, 3],
    [80, 20],
    [60, 7],
    [41, 11],
  ])("40×10 to %i×%i keeps the content where it is", async (width, height) => {
    // Slopes of 6 and 20 levels a pixel; away from the border a resized slope is the same slope.
    const slopes = makePicture(40, 10, (x, y) => [6 * x, 20 * y, 9]);
    const resized = await resizePicture(slopes, width, height);
    expect(resized).toMatchObject({ width, height });
    expect(resized.data).toHaveLength(width * height * 3);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const column = ((x + 0.5) * 40) / width - 0.5;
        const row = ((y + 0.5) * 10) / height - 0.5;
        const [red, green, blue] = pixel(resized, x, y);
        const place = `(${x}, ${y})`;
        if (column > 2 && column < 37) expect(Math.abs(red - 6 * column), place).toBeLessThanOrEqual(1);
        // Three rows are shrunk by a filter wider than the picture: only the middle one is free of its border.
        if (row > 2 && row < 7 && (height > 3 || y === 1)) {
          expect(Math.abs(green - 20 * row), place).toBeLessThanOrEqual(2);
        }
        expect(Math.abs(blue - 9), place).toBeLessThanOrEqual(1);
      }
    }
  });

  it.each([
    [33, 31],
    [50, 8],
    [9, 44],
    [9, 8],
  ])("to %i×%i: mirrored before is mirrored after", async (width, height) => {
    const color = (x: number, y: number) => [(x * 67 + y * 13) % 256, (x * y * 31) % 256, (x * x * 5) % 256];
    const ahead = await resizePicture(makePicture(20, 15, color), width, height);
    const back = await resizePicture(
      makePicture(20, 15, (x, y) => color(19 - x, 14 - y)),
      width,
      height,
    );
    const turned = makePicture(width, height, (x, y) => pixel(back, width - 1 - x, height - 1 - y));
    expect(largestDifference(ahead, turned, [0, 0, width, height])).toBeLessThanOrEqual(3);
  });

  it("averages when it shrinks", async () => {
    const checks = makePicture(64, 64, (x, y) => ((x + y) % 2 ? [255, 255, 255] : [0, 0, 0]));
    for (const value of (await resizePicture(checks, 8, 8)).data) {
      expect(Math.abs(value - 127.5)).toBeLessThan(8);
    }
  });

  it("one pixel can be enlarged", async () => {
    const one = makePicture(1, 1, () => [7, 8, 9]);
    const large = await resizePicture(one, 5, 3);
    expect([...large.data]).toEqual(Array.from({ length: 15 }, () => [7, 8, 9]).flat());
  });

  it.each([0, -1, 2.5, Number.NaN])("refuses a width of %s", async (width) => {
    await expect(resizePicture(plain, width, 5)).rejects.toMatchObject({
      code: "picture-size",
      message: `resizePicture: \`width\` (=${width}) must be a whole number ≥ 1.`,
    });
  });
});

describe("letterboxPicture", () => {
  it.each([
    [30, 20, 64, 64],
    [20, 31, 64, 64],
    [1, 500, 32, 32],
    [333, 77, 96, 64],
    [8, 8, 5, 9],
  ])("%i×%i in %i×%i lies where geometry's letterbox says", async (width, height, toWidth, toHeight) => {
    const picture = makePicture(width, height, () => [200, 100, 50]);
    const boxed = await letterboxPicture(picture, toWidth, toHeight, [0, 0, 255]);
    expect(boxed).toMatchObject({ width: toWidth, height: toHeight });

    const fit = letterbox(width, height, toWidth, toHeight);
    const [x1, y1, x2, y2] = boxToLetterbox([0, 0, width, height], fit);
    for (let y = 0; y < toHeight; y++) {
      for (let x = 0; x < toWidth; x++) {
        const inside = x >= x1 && x < x2 && y >= y1 && y < y2;
        expect(pixel(boxed, x, y), `(${x}, ${y})`).toEqual(inside ? [200, 100, 50] : [0, 0, 255]);
      }
    }
  });

  it("pads with grey 114 by default", async () => {
    expect(pixel(await letterboxPicture(plain, 40, 40), 0, 0)).toEqual([114, 114, 114]);
  });
});

describe("cropPicture", () => {
  const places = makePicture(30, 20, (x, y) => [x, y, 0]);

  it("takes whole pixels under the box", () => {
    const crop = cropPicture(places, [3, 4, 8, 6]);
    expect(crop).toMatchObject({ width: 5, height: 2 });
    expect(pixel(crop, 0, 0)).toEqual([3, 4, 0]);
    expect(pixel(crop, 4, 1)).toEqual([7, 5, 0]);
  });

  it("grows fractions outwards and stops at the border", () => {
    expect(cropPicture(places, [3.7, 4.2, 3.8, 4.3])).toMatchObject({ width: 1, height: 1 });
    const corner = cropPicture(places, [-5, 10.5, 2.1, 99]);
    expect(corner).toMatchObject({ width: 3, height: 10 });
    expect(pixel(corner, 2, 9)).toEqual([2, 19, 0]);
  });

  it.each([[[30, 0, 40, 20]], [[8, 8, 2, 2]], [[0, 0, Number.NaN, 5]]] as const)("refuses %j", (box) => {
    expect(() => cropPicture(places, box)).toThrow(
      expect.objectContaining({
        code: "crop-empty",
        message: expect.stringContaining(`[${box.join(", ")}]`),
      }),
    );
  });
});
