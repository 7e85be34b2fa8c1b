import { describe, expect, it } from "vitest";
import { toPlanes } from "../../../src/detect/proposals/colour-spaces.ts";
import { sortedEdges } from "../../../src/detect/proposals/pixel-edges.ts";
import { segmentPicture } from "../../../src/detect/proposals/segment.ts";
import { busyPicture, greyOf, pictureOf } from "./pictures.ts";

const exact = { sigma: 0, minSize: 0 };
const labelsOf = (rows: number[][], options: object) => {
  return [...segmentPicture(greyOf(rows), { ...exact, space: "grey", ...options }).labels];
};

describe("segmentPicture, by hand", () => {
  it("joins by the weight that both sides allow: Int(C) + k / |C|", () => {
    // The pairs join at weight 2; between them the edge weighs 8, and either side allows 2 + k / 2.
    expect(labelsOf([[0, 2, 10, 12]], { k: 11 })).toEqual([0, 0, 1, 1]);
    expect(labelsOf([[0, 2, 10, 12]], { k: 13 })).toEqual([0, 0, 0, 0]);
  });

  it("lets a slow slope be one segment, and none of its pixels join where k is below each step", () => {
    expect(labelsOf([[0, 10, 20, 30]], { k: 15 })).toEqual([0, 0, 0, 0]);
    expect(labelsOf([[0, 10, 20, 30]], { k: 9 })).toEqual([0, 1, 2, 3]);
  });

  it("keeps a large plain area apart that a lone pixel could still have joined", () => {
    // The pixel allows 60, the area of 3 only 60 / 3.
    expect(labelsOf([[0, 0, 0, 30]], { k: 60 })).toEqual([0, 0, 0, 1]);
    expect(labelsOf([[0, 30]], { k: 60 })).toEqual([0, 0]);
  });

  it("joins diagonally, and names neighbours once", () => {
    const found = segmentPicture(greyOf([[0, 100], [100, 0]]), { ...exact, k: 1 }); // biome-ignore format: as it looks
    expect([...found.labels]).toEqual([0, 1, 1, 0]);
    expect([...found.neighbours]).toEqual([0, 1]);
  });

  it("joins segments below the least size to what differs least", () => {
    const row = [0, 0, 0, 50, 90, 90, 90];
    expect(labelsOf([row], { k: 1 })).toEqual([0, 0, 0, 1, 2, 2, 2]);
    expect(labelsOf([row], { k: 1, minSize: 2 })).toEqual([0, 0, 0, 1, 1, 1, 1]);
  });

  it("measures colours by their distance: 3, 4 and 12 make 13", () => {
    const { weights } = sortedEdges(toPlanes(pictureOf([[[0, 0, 0], [3, 4, 12]]]), "rgb")); // biome-ignore format: as it looks
    expect([...weights]).toEqual([13]);
  });
});

describe("segmentPicture, always", () => {
  const picture = busyPicture(61, 47, 3);

  it("looks at each pair of neighbouring pixels once, by rising weight", () => {
    const { from, to, weights } = sortedEdges(toPlanes(picture, "lab"));
    const [w, h] = [picture.width, picture.height];
    expect(weights.length).toBe(w * (h - 1) + h * (w - 1) + 2 * (w - 1) * (h - 1));
    expect(new Set(Array.from(from, (a, i) => `${a} ${to[i]}`)).size).toBe(weights.length);
    expect(weights.every((weight, i) => i === 0 || weight >= weights[i - 1])).toBe(true);
    const near = (a: number, b: number) => Math.abs((a % w) - (b % w)) <= 1 && b - a <= w + 1;
    expect(from.every((a, i) => near(a, to[i]) && a < to[i])).toBe(true);
  });

  it("makes connected segments, numbered by their first pixels, of the least size", () => {
    const { count, labels, width, height } = segmentPicture(picture, { k: 30, minSize: 12 });
    const firsts = Array.from({ length: count }, (_, i) => labels.indexOf(i));
    expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
    for (const [label, first] of firsts.entries()) {
      const reached = new Set([first]);
      for (const pixel of reached) {
        for (const dy of [-1, 0, 1]) {
          for (const dx of [-1, 0, 1]) {
            const [x, y] = [(pixel % width) + dx, Math.floor(pixel / width) + dy];
            const inside = x >= 0 && y >= 0 && x < width && y < height;
            if (inside && labels[y * width + x] === label) reached.add(y * width + x);
          }
        }
      }
      expect(reached.size).toBe(labels.filter((l) => l === label).length);
      expect(reached.size).toBeGreaterThanOrEqual(12);
    }
    expect(count).toBeGreaterThan(5);
  });

  it("makes fewer segments with a larger k", () => {
    const counts = [5, 50, 500].map((k) => segmentPicture(picture, { k, minSize: 0 }).count);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(counts[0]).toBeGreaterThan(counts[2]);
  });

  it.each([
    "rgb",
    "hsv",
    "lab",
    "rgI",
    "hue",
    "grey",
  ] as const)("takes one pixel, and a flat picture, as one segment (%s)", (space) => {
    expect([...segmentPicture(pictureOf([[[7, 80, 200]]]), { space }).labels]).toEqual([0]);
    const flat = greyOf(Array.from({ length: 9 }, () => Array.from({ length: 14 }, () => 77)));
    const found = segmentPicture(flat, { space });
    expect(found.count).toBe(1);
    expect(found.neighbours.length).toBe(0);
  });

  it.each([
    [{ k: 0 }, "`k` (=0)"],
    [{ k: Number.NaN }, "`k` (=NaN)"],
    [{ sigma: -1 }, "`sigma` (=-1)"],
    [{ minSize: -1 }, "`minSize` (=-1)"],
  ])("refuses %o", (options, message) => {
    expect(() => segmentPicture(picture, options)).toThrow(
      expect.objectContaining({ code: "argument-range", message: expect.stringContaining(message) }),
    );
  });
});

describe("toPlanes", () => {
  const values = (space: Parameters<typeof toPlanes>[1], color: [number, number, number]) =>
    toPlanes(pictureOf([[color]]), space).channels.map(([value]) => value);

  it("knows hue, saturation and value", () => {
    expect(values("hsv", [255, 0, 0])).toEqual([0, 255, 255]);
    expect(values("hsv", [0, 128, 0])).toEqual([85, 255, 128]);
    expect(values("hsv", [0, 0, 0])).toEqual([0, 0, 0]);
    expect(values("hue", [255, 0, 128])[0]).toBeCloseTo((255 / 360) * 329.88, 1);
  });

  it("knows CIE Lab: of white, red and a grey", () => {
    const lab = (color: [number, number, number]) => {
      const [l, a, b] = values("lab", color);
      return [l / 2.55, a - 128, b - 128];
    };
    for (const [color, expected] of [
      [
        [255, 255, 255],
        [100, 0, 0],
      ],
      [
        [255, 0, 0],
        [53.24, 80.09, 67.2],
      ],
      [
        [0, 0, 255],
        [32.3, 79.19, -107.86],
      ],
      [
        [119, 119, 119],
        [50.03, 0, 0],
      ],
    ] as const) {
      for (const [i, value] of lab([...color]).entries()) expect(value).toBeCloseTo(expected[i], 1);
    }
  });

  it("knows normalised red and green with intensity; black is grey", () => {
    expect(values("rgI", [60, 120, 20])).toEqual([Math.fround(76.5), 153, Math.fround(200 / 3)]);
    expect(values("rgI", [0, 0, 0])).toEqual([85, 85, 0]);
  });
});
