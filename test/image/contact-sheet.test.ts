import { describe, expect, it } from "vitest";
import { contactSheet } from "../../src/image/index.ts";
import { makePicture, pixel } from "./pictures.ts";

const colors = [
  [200, 0, 0],
  [0, 200, 0],
  [0, 0, 200],
];
const tiles = colors.map((color, i) => ({ picture: makePicture(80, 40, () => color), caption: `tile ${i}` }));

describe("contactSheet", () => {
  it("lays the pictures out in rows, each in the middle of its tile", async () => {
    const sheet = await contactSheet(tiles, { columns: 2, tileWidth: 60, tileHeight: 50 });
    // Margins and gaps are 12, captions 24 high.
    expect(sheet).toMatchObject({ width: 12 + 2 * 72, height: 12 + 2 * (50 + 24 + 12) });
    expect(pixel(sheet, 12 + 30, 12 + 25)).toEqual([200, 0, 0]);
    expect(pixel(sheet, 84 + 30, 12 + 25)).toEqual([0, 200, 0]);
    expect(pixel(sheet, 12 + 30, 98 + 25)).toEqual([0, 0, 200]);
    // 80×40 is shrunk to 60×30: full width, and 10 rows of ground above and below.
    expect(pixel(sheet, 12, 12 + 10)).toEqual([200, 0, 0]);
    expect(pixel(sheet, 71, 12 + 39)).toEqual([200, 0, 0]);
    expect(pixel(sheet, 12 + 30, 12 + 9)).not.toEqual([200, 0, 0]);
    expect(pixel(sheet, 12 + 30, 12 + 40)).not.toEqual([200, 0, 0]);
  });

  it("writes captions and a title", async () => {
    const options = { columns: 3, tileWidth: 100, tileHeight: 50 };
    const bare = await contactSheet(
      tiles.map(({ picture }) => ({ picture })),
      options,
    );
    const captioned = await contactSheet(tiles, options);
    const titled = await contactSheet(tiles, { ...options, title: "Results & <more>" });
    expect(captioned.height).toBe(bare.height + 24);
    expect(titled.height).toBe(captioned.height + 36);
    const dark = (from: number, to: number, picture: typeof titled) =>
      picture.data.subarray(from * picture.width * 3, to * picture.width * 3).some((value) => value < 60);
    expect(dark(12 + 50, 12 + 50 + 24, captioned)).toBe(true);
    expect(dark(0, 48, titled)).toBe(true);
  });

  it("does not enlarge, chooses columns, and refuses nothing", async () => {
    const small = await contactSheet([{ picture: makePicture(2, 2, () => [255, 0, 255]) }]);
    expect(small).toMatchObject({ width: 280, height: 280 });
    let magenta = 0;
    for (let i = 0; i < small.data.length; i += 3) {
      if (small.data[i] === 255 && small.data[i + 1] === 0 && small.data[i + 2] === 255) magenta++;
    }
    expect(magenta).toBe(4);
    const many = await contactSheet(
      Array.from({ length: 24 }, () => tiles[0]),
      { tileWidth: 50, tileHeight: 26 },
    );
    expect(many.width / many.height).toBeGreaterThan(1);
    expect(many.width / many.height).toBeLessThan(2.2);
    await expect(contactSheet([])).rejects.toMatchObject({ code: "contact-sheet-empty" });
    await expect(contactSheet(tiles, { columns: 0 })).rejects.toMatchObject({ code: "picture-size" });
  });
});
