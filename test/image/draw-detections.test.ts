import { describe, expect, it } from "vitest";
import { parseColor, readableOn } from "../../src/image/color.ts";
import { classColor, drawDetections, type Picture } from "../../src/image/index.ts";
import { placeTags } from "../../src/image/place-tags.ts";
import { largestDifference, makePicture, pixel } from "./pictures.ts";

const ground = makePicture(200, 150, () => [120, 130, 140]);
const RED = [255, 0, 0];

/** How many pixels have exactly this colour. */
function count(
  picture: Picture,
  color: readonly number[],
  [x1, y1, x2, y2]: readonly number[] = [0, 0, picture.width, picture.height],
) {
  let found = 0;
  for (let y = y1; y < y2; y++) {
    for (let x = x1; x < x2; x++) if (pixel(picture, x, y).every((value, c) => value === color[c])) found++;
  }
  return found;
}

describe("drawDetections", () => {
  it("draws the line just inside the box and leaves the rest alone", async () => {
    const drawn = await drawDetections(ground, [{ box: [40, 50, 120, 110], color: "#f00" }], {
      lineWidth: 2,
    });
    expect(drawn).toMatchObject({ width: 200, height: 150 });
    for (const [x, y] of [
      [40, 80],
      [41, 80],
      [119, 80],
      [80, 50],
      [80, 109],
    ]) {
      expect(pixel(drawn, x, y), `(${x}, ${y})`).toEqual(RED);
    }
    expect(largestDifference(drawn, ground, [44, 54, 116, 106])).toBe(0);
    expect(largestDifference(drawn, ground, [0, 0, 200, 48])).toBe(0);
    expect(largestDifference(drawn, ground, [122, 0, 200, 150])).toBe(0);
    expect(largestDifference(drawn, ground, [0, 112, 200, 150])).toBe(0);
    // The picture that was passed is not drawn on.
    expect(ground.data.every((value, i) => value === [120, 130, 140][i % 3])).toBe(true);
  });

  it("a dashed line has gaps", async () => {
    const mark = { box: [20, 20, 180, 130], color: "#f00" } as const;
    const solid = await drawDetections(ground, [mark], { lineWidth: 2 });
    const dashed = await drawDetections(ground, [{ ...mark, dashed: true }], { lineWidth: 2 });
    const part = count(dashed, RED) / count(solid, RED);
    expect(part).toBeGreaterThan(0.4);
    expect(part).toBeLessThan(0.8);
  });

  it("a label stands on the box in a tag of its colour", async () => {
    const mark = { box: [40, 50, 120, 110], color: "#f00" } as const;
    const drawn = await drawDetections(ground, [{ ...mark, label: "cat 0.9" }], {
      lineWidth: 2,
      fontSize: 12,
    });
    const tag = [40, 33, 110, 50];
    expect(count(drawn, RED, tag)).toBeGreaterThan(300);
    expect(count(drawn, [255, 255, 255], tag)).toBeGreaterThan(30);
    const light = await drawDetections(ground, [{ ...mark, color: "#ff0", label: "cat 0.9" }]);
    expect(count(light, [0, 0, 0], tag)).toBeGreaterThan(30);
  });

  it("labels of boxes at every border are wholly inside, long ones shortened", async () => {
    for (const box of [
      [0, 0, 20, 20],
      [180, 0, 200, 20],
      [0, 130, 20, 150],
      [180, 130, 200, 150],
    ] as const) {
      const place = (label: string) =>
        drawDetections(ground, [{ box, label, color: "#f00" }], { fontSize: 12 });
      const plain = await drawDetections(ground, [{ box, color: "#f00" }]);
      // The tag's area is the same as that of a label in the middle: nothing of it is cut off.
      const middle = await drawDetections(
        ground,
        [{ box: [50, 70, 70, 90], label: "some label", color: "#f00" }],
        {
          fontSize: 12,
        },
      );
      const area = (picture: Picture) => count(picture, RED) + count(picture, [255, 255, 255]);
      expect(area(await place("some label"))).toBeGreaterThan(area(middle) * 0.85);
      expect(area(await place("long ".repeat(40)))).toBeGreaterThan(area(plain) + 190 * 10);
    }
  });

  it("the first mark lies on top", async () => {
    const box = [40, 50, 120, 110] as const;
    const drawn = await drawDetections(ground, [
      { box, color: "#f00" },
      { box, color: "#00f" },
    ]);
    expect(count(drawn, RED)).toBeGreaterThan(100);
    expect(count(drawn, [0, 0, 255])).toBe(0);
  });

  it("clips boxes, leaves out those outside, draws nothing for none", async () => {
    const partly = await drawDetections(ground, [{ box: [-50, -50, 100, 100], color: "#f00" }], {
      lineWidth: 2,
    });
    expect(pixel(partly, 0, 50)).toEqual(RED);
    expect(pixel(partly, 99, 50)).toEqual(RED);
    const outside = await drawDetections(ground, [{ box: [300, 10, 400, 50], label: "gone" }]);
    expect(outside.data).toEqual(ground.data);
    expect((await drawDetections(ground, [])).data).toEqual(ground.data);
  });

  it("survives odd labels and one pixel", async () => {
    const odd = [`</svg><b a="'">&`, "\0\x1b\ud800", "日本", "two\nlines", " "];
    for (const label of odd) {
      expect((await drawDetections(ground, [{ box: [40, 50, 120, 110], label }])).data).not.toEqual(
        ground.data,
      );
    }
    const one = makePicture(1, 1, () => [0, 0, 0]);
    expect(await drawDetections(one, [{ box: [0, 0, 1, 1], label: "x" }])).toMatchObject({
      width: 1,
      height: 1,
    });
  });

  it("refuses boxes and colours that are none", async () => {
    await expect(drawDetections(ground, [{ box: [0, 0, Number.NaN, 5] }])).rejects.toMatchObject({
      code: "box-invalid",
    });
    await expect(drawDetections(ground, [{ box: [0, 0, 5, 5], color: `red"/>` }])).rejects.toMatchObject({
      code: "color-invalid",
    });
  });
});

describe("placeTags", () => {
  const picture = { width: 200, height: 150 };

  it("prefers the place on the box's upper edge, and goes inside at the top of the picture", () => {
    const tag = { width: 50, height: 16 };
    expect(placeTags([{ box: [40, 50, 120, 110], ...tag }], picture)).toEqual([{ x: 40, y: 34, ...tag }]);
    expect(placeTags([{ box: [40, 5, 120, 110], ...tag }], picture)).toEqual([{ x: 40, y: 5, ...tag }]);
    expect(placeTags([{ box: [180, 50, 199, 110], ...tag }], picture)[0].x).toBe(150);
  });

  it("tags of boxes that nearly coincide do not cover each other", () => {
    const boxes = [
      [40, 50, 120, 110],
      [42, 51, 121, 111],
      [44, 52, 125, 113],
      [39, 49, 119, 108],
    ] as const;
    const places = placeTags(
      boxes.map((box) => ({ box, width: 36, height: 16 })),
      picture,
    );
    expect(places).toHaveLength(4);
    places.forEach((a, i) => {
      for (const b of places.slice(i + 1)) {
        const apart =
          a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        expect(apart, JSON.stringify([a, b])).toBe(true);
      }
    });
  });
});

describe("classColor", () => {
  it("never ends, and 60 neighbours are all told apart", () => {
    const colors = Array.from({ length: 60 }, (_, i) => parseColor(classColor(i)));
    colors.forEach((a, i) => {
      for (const b of colors.slice(i + 1)) {
        expect(Math.hypot(...a.map((value, c) => value - b[c])), `${a} and ${b}`).toBeGreaterThan(10);
      }
    });
    expect(classColor(123456)).toMatch(/^#[0-9a-f]{6}$/);
  });

  it("text on it is black or white by its lightness", () => {
    expect(readableOn("#ffff00")).toBe("#000000");
    expect(readableOn("#fff")).toBe("#000000");
    expect(readableOn("#0000ff")).toBe("#ffffff");
    expect(readableOn("#a03cd2")).toBe("#ffffff");
  });
});
