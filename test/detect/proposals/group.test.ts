import { describe, expect, it } from "vitest";
import { toPlanes } from "../../../src/detect/proposals/colour-spaces.ts";
import { groupRegions, type RegionTree } from "../../../src/detect/proposals/group.ts";
import { rankBoxes } from "../../../src/detect/proposals/rank.ts";
import { COLOUR_BINS, pixelCodes, regionFeatures } from "../../../src/detect/proposals/region-features.ts";
import { segmentPicture } from "../../../src/detect/proposals/segment.ts";
import { comparison, type Similarity } from "../../../src/detect/proposals/similarity.ts";
import type { Picture } from "../../../src/image/index.ts";
import { busyPicture, stripes } from "./pictures.ts";

function prepare(picture: Picture, k = 1) {
  const segmentation = segmentPicture(picture, { k, sigma: 0, minSize: 0 });
  return { segmentation, features: regionFeatures(segmentation, pixelCodes(toPlanes(picture, "rgb"))) };
}

function group(picture: Picture, similarities: Similarity[], k = 1): RegionTree {
  const { segmentation, features } = prepare(picture, k);
  return groupRegions(features, segmentation.neighbours, picture.width * picture.height, similarities);
}

const red = [255, 0, 0] as const;
const blue = [0, 0, 255] as const;
const lateRed = [250, 0, 0] as const; // another segment, but in the same bin

describe("regionFeatures", () => {
  it("counts pixels, boxes and histograms of stripes", () => {
    const { features } = prepare(stripes(4, [[3, red], [5, blue]])); // biome-ignore format: as it looks
    expect(features.count).toBe(2);
    expect([...features.sizes]).toEqual([12, 20, 0]);
    expect([...features.boxes.subarray(0, 8)]).toEqual([0, 0, 3, 4, 3, 0, 8, 4]);
    const { colours } = features;
    expect(colours[COLOUR_BINS - 1]).toBeCloseTo(1 / 3, 6); // red's red is in the last bin
    expect(colours[COLOUR_BINS]).toBeCloseTo(1 / 3, 6); // its green in the first
    expect(colours[3 * COLOUR_BINS]).toBeCloseTo(1 / 3, 6); // blue's red
  });

  it("has histograms that sum to 1, with all of a flat region's texture in the first bins", () => {
    const { features } = prepare(busyPicture(40, 30, 1), 60);
    for (const [histograms, size] of [
      [features.colours, features.colourSize],
      [features.textures, features.textureSize],
    ] as const) {
      for (let r = 0; r < features.count; r++) {
        const sum = histograms.subarray(r * size, (r + 1) * size).reduce((a, b) => a + b);
        expect(sum).toBeCloseTo(1, 4);
      }
    }
    const flat = prepare(stripes(6, [[6, red]])).features;
    expect([...flat.textures].filter((share) => share > 0).length).toBe(3 * 8);
  });

  it("sees an edge in the direction that it rises to", () => {
    const rising = prepare(stripes(9, [[9, [0, 0, 0]], [9, [255, 255, 255]]]), 1e6).features; // biome-ignore format: as it looks
    expect(rising.count).toBe(1);
    const right = rising.textures.subarray(0, 10);
    const left = rising.textures.subarray(10, 20);
    expect(right.subarray(1).reduce((a, b) => a + b)).toBeGreaterThan(0);
    expect(left.subarray(1).reduce((a, b) => a + b)).toBe(0);
  });
});

describe("comparison", () => {
  const picture = stripes(10, [[2, red], [3, blue], [5, lateRed]]); // biome-ignore format: as it looks
  const { features } = prepare(picture);
  const measure = (similarity: Similarity, a: number, b: number) =>
    comparison(features, 100, [similarity])(a, b);

  it("is what the paper's equations say", () => {
    expect(measure("size", 0, 1)).toBeCloseTo(1 - 50 / 100, 6);
    expect(measure("fill", 0, 1)).toBeCloseTo(1, 6); // side by side they fill their box
    expect(measure("fill", 0, 2)).toBeCloseTo(1 - 30 / 100, 6); // blue's 30 pixels lie in the box of both
    expect(measure("colour", 0, 2)).toBeCloseTo(1, 6);
    expect(measure("colour", 0, 1)).toBeCloseTo(1 / 3, 6); // they share their green only
    expect(measure("texture", 0, 1)).toBeGreaterThan(0);
    expect(measure("texture", 0, 1)).toBeLessThan(1);
  });

  it("sums what is wanted", () => {
    const all = comparison(features, 100, ["colour", "texture", "size", "fill"])(1, 2);
    const single = (["colour", "texture", "size", "fill"] as const).map((name) => measure(name, 1, 2));
    expect(all).toBeCloseTo(
      single.reduce((a, b) => a + b),
      6,
    );
  });
});

describe("groupRegions", () => {
  it("joins the smallest first by size", () => {
    const picture = stripes(4, [[6, red], [4, blue], [3, red]]); // biome-ignore format: as it looks
    expect([...group(picture, ["size"]).parts]).toEqual([1, 2, 0, 3]);
  });

  it("joins what has the same colours by colour", () => {
    const picture = stripes(4, [[2, blue], [6, red], [6, lateRed]]); // biome-ignore format: as it looks
    expect([...group(picture, ["colour"]).parts]).toEqual([1, 2, 0, 3]);
  });

  it("joins a hole with what is around it by fill", () => {
    const picture = stripes(12, [[5, blue], [9, red]]); // biome-ignore format: as it looks
    for (let y = 3; y < 9; y++) {
      for (let x = 8; x < 12; x++) picture.data.set([0, 255, 0], 3 * (y * 14 + x));
    }
    const { features } = prepare(picture);
    expect(features.count).toBe(3); // blue, red, the green hole in the red
    const tree = group(picture, ["fill"]);
    // Blue and red fill their box but for the hole's 24 pixels; the hole and red leave nothing out.
    expect([...tree.parts]).toEqual([1, 2, 0, 3]);
  });

  it.each([
    [["colour", "texture", "size", "fill"]],
    [["texture", "size", "fill"]],
    [["fill"]],
    [["size"]],
  ] as [Similarity[]][])("nests, adds up, and ends with the whole picture (%s)", (similarities) => {
    const picture = busyPicture(64, 48, 5);
    const { segments, boxes, sizes, parts } = group(picture, similarities, 20);
    expect(segments).toBeGreaterThan(20);
    expect(sizes.length).toBe(2 * segments - 1);
    const used = new Set(parts);
    expect(used.size).toBe(2 * segments - 2); // everything but the whole is part of one union
    for (let made = segments; made < sizes.length; made++) {
      const [a, b] = parts.subarray(2 * (made - segments), 2 * (made - segments) + 2);
      expect(Math.max(a, b)).toBeLessThan(made);
      expect(sizes[made]).toBe(sizes[a] + sizes[b]);
      for (const part of [a, b]) {
        expect(boxes[4 * part]).toBeGreaterThanOrEqual(boxes[4 * made]);
        expect(boxes[4 * part + 1]).toBeGreaterThanOrEqual(boxes[4 * made + 1]);
        expect(boxes[4 * part + 2]).toBeLessThanOrEqual(boxes[4 * made + 2]);
        expect(boxes[4 * part + 3]).toBeLessThanOrEqual(boxes[4 * made + 3]);
      }
    }
    expect(sizes.at(-1)).toBe(64 * 48);
    expect([...boxes.subarray(-4)]).toEqual([0, 0, 64, 48]);
  });

  it("mixes histograms by the number of pixels", () => {
    const picture = stripes(4, [[2, red], [6, blue]]); // biome-ignore format: as it looks
    const { segmentation, features } = prepare(picture);
    groupRegions(features, segmentation.neighbours, 32, ["colour"]);
    const whole = features.colours.subarray(2 * features.colourSize);
    expect(whole[COLOUR_BINS - 1]).toBeCloseTo((2 / 8) * (1 / 3), 6); // bright red
    expect(whole[0]).toBeCloseTo((6 / 8) * (1 / 3), 6); // no red
  });
});

describe("rankBoxes", () => {
  const tree = (...boxes: number[][]): RegionTree => ({
    segments: (boxes.length + 1) / 2,
    boxes: Int32Array.from(boxes.flat()),
    sizes: new Int32Array(boxes.length),
    parts: new Int32Array(boxes.length - 1),
  });
  const small = [0, 0, 4, 4];
  const whole = [0, 0, 20, 9];
  const trees = [tree(small, [4, 0, 20, 9], whole), tree(small, [0, 4, 20, 9], whole), tree(whole)];
  const options = { seed: 1, most: 100, leastSide: 0 };
  const rows = (flat: Float32Array) =>
    Array.from({ length: flat.length / 4 }, (_, i) => flat.slice(4 * i, 4 * i + 4).join());

  it("keeps each box once", () => {
    const ranked = rows(rankBoxes(trees, options));
    expect([...ranked].sort()).toEqual(
      [small, [4, 0, 20, 9], [0, 4, 20, 9], whole].map((box) => box.join()).sort(),
    );
  });

  it("is the same for the same seed, and another for others", () => {
    const many = Array.from({ length: 40 }, (_, i) =>
      tree([i, 0, i + 1, 1], [i, 1, i + 2, 3], [i, 0, i + 3, 3]),
    );
    const ranked = rows(rankBoxes(many, options));
    expect(rows(rankBoxes(many, options))).toEqual(ranked);
    expect(rows(rankBoxes(many, { ...options, seed: 2 }))).not.toEqual(ranked);
    // Whole pictures have ranks in [0, 1), the smallest regions in [0, 3).
    const mean = (width: number) => {
      const places = ranked.flatMap((row, place) =>
        Number(row.split(",")[2]) - Number(row.split(",")[0]) === width ? [place] : [],
      );
      return places.reduce((a, b) => a + b) / places.length;
    };
    expect(mean(3)).toBeLessThan(mean(2));
    expect(mean(2)).toBeLessThan(mean(1));
  });

  it("keeps no more than wanted, and none with a short side", () => {
    const ranked = rows(rankBoxes(trees, options));
    expect(rows(rankBoxes(trees, { ...options, most: 2 }))).toEqual(ranked.slice(0, 2));
    expect(rows(rankBoxes(trees, { ...options, leastSide: 5 }))).not.toContain(small.join());
    expect(rows(rankBoxes(trees, { ...options, leastSide: 4 }))).toContain(small.join());
  });
});
