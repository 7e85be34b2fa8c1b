import { describe, expect, it } from "vitest";
import {
  type DetectionDataset,
  type DetectionSample,
  generateScene,
  sceneClasses,
} from "../../src/data/index.ts";
import { anchorsFor, modelNames } from "../../src/detect/index.ts";
import { makeRecipe } from "../../src/detect/recipe.ts";
import type { YoloGrid } from "../../src/detect/yolo/index.ts";
import { shapeIou } from "../../src/geometry/index.ts";
import { inputSizeFor } from "../../src/models/index.ts";

function sample(width: number, height: number, boxes: DetectionSample["boxes"] = []): DetectionSample {
  return { id: `${width}x${height}`, path: "/nowhere", width, height, boxes };
}

function datasetOf(train: DetectionSample[]): DetectionDataset {
  return {
    root: "/nowhere",
    format: "yolo",
    classes: [...sceneClasses],
    splits: { train, val: [], test: [] },
    splitSource: "files",
    problems: [],
    fingerprint: "f",
  };
}

/** Twenty generated scenes, as samples without files. */
const scenes = Array.from({ length: 20 }, (_, i) => {
  const { picture, boxes } = generateScene(i, { seed: 1, width: 160, height: 128 });
  return sample(picture.width, picture.height, boxes);
});

describe("inputSizeFor", () => {
  it.each([
    { pictures: [[640, 480]], longest: 320, expected: [320, 256] }, // 240 is rounded up to a multiple of 32
    { pictures: [[480, 640]], longest: 320, expected: [256, 320] },
    { pictures: [[500, 500]], longest: 416, expected: [416, 416] },
    { pictures: [[1920, 1080]], longest: 640, expected: [640, 352] }, // 360 is 8 rows above 352: these are let go
    { pictures: [[1000, 10]], longest: 320, expected: [320, 32] },
    // Three quarters of the pictures count, not the odd one out.
    { pictures: [...Array(4).fill([640, 480]), [100, 900]], longest: 320, expected: [320, 256] },
    {
      pictures: [...Array(3).fill([640, 480]), ...Array(2).fill([480, 640])],
      longest: 320,
      expected: [320, 320],
    },
    { pictures: [], longest: 320, expected: [320, 320] },
  ])("$longest for $pictures is $expected", ({ pictures, longest, expected }) => {
    const samples = pictures.map(([width, height]) => sample(width, height));
    const { width, height } = inputSizeFor(samples, longest);
    expect([width, height]).toEqual(expected);
  });
});

describe("makeRecipe", () => {
  it("follows from the data and is JSON", () => {
    for (const model of modelNames) {
      const backbone = model === "mobile" ? "coco" : undefined; // it has no norms to learn from nothing with
      const recipe = makeRecipe(datasetOf(scenes), { model, size: 160, seed: 3, backbone });
      expect(recipe.config.classes).toEqual(sceneClasses);
      expect(recipe.config.input).toEqual({ width: 160, height: 128 });
      expect(recipe.config.grids.every(({ anchors }) => anchors.length > 0)).toBe(true);
      expect(JSON.parse(JSON.stringify(recipe))).toEqual(recipe);
      expect(makeRecipe(datasetOf(scenes), { model, size: 160, seed: 3, backbone })).toEqual(recipe);
    }
  });

  it("takes both sides as they are given", () => {
    const size = { width: 96, height: 224 };
    expect(makeRecipe(datasetOf(scenes), { size }).config.input).toEqual(size);
  });

  it("refuses a model that it does not know, and names those it knows", () => {
    expect(() => makeRecipe(datasetOf(scenes), { model: "giant" })).toThrow(
      expect.objectContaining({
        code: "argument-range",
        message: `Model "giant" is not known; choose one of ${modelNames.join(", ")}.`,
      }),
    );
  });

  it.each([
    { size: 100, named: "Input width 100 must be a positive multiple of 32, for example 96." },
    {
      size: { width: 64, height: 65 },
      named: "Input height 65 must be a positive multiple of 32, for example 64.",
    },
    { size: 0, named: "Input width 0 must be a positive multiple of 32, for example 32." },
    { size: -64, named: "Input width -64 must be" },
    { size: 80.5, named: "Input width 80.5 must be" },
    { size: Number.NaN, named: "Input width NaN must be" },
  ])("refuses size $size", ({ size, named }) => {
    expect(() => makeRecipe(datasetOf(scenes), { size })).toThrow(
      expect.objectContaining({ code: "argument-range", message: expect.stringContaining(named) }),
    );
  });
});

describe("anchorsFor", () => {
  it("clusters shapes in input pixels, crowds left out", () => {
    const boxes = [20, 22, 24].map((side) => ({ classIndex: 0, box: [0, 0, side, 2 * side] as const }));
    const crowd = { classIndex: 0, box: [0, 0, 400, 400] as const, crowd: true };
    const { anchors, meanBestIou } = anchorsFor(
      [sample(400, 400, [...boxes, crowd])],
      { width: 200, height: 200 },
      1,
      0,
    );
    expect(anchors).toHaveLength(1);
    expect(shapeIou(anchors[0], [11, 22])).toBeGreaterThan(0.9);
    const expected = [10, 11, 12].map((side) => shapeIou(anchors[0], [side, 2 * side]));
    expect(meanBestIou).toBeCloseTo(expected.reduce((sum, v) => sum + v) / 3, 6);
  });

  it("more anchors cover the scenes' shapes better", () => {
    const quality = [1, 3, 5, 9].map(
      (k) => anchorsFor(scenes, { width: 160, height: 128 }, k, 0).meanBestIou,
    );
    expect(quality).toEqual(quality.toSorted((a, b) => a - b));
    expect(quality[0]).toBeGreaterThan(0.2);
    expect(quality[3]).toBeGreaterThan(0.6);
  });
});

describe("recipes of nets that classify regions", () => {
  const data = datasetOf(scenes);

  it("propose on one map, or with several on each those anchors that suit it", () => {
    const { config } = makeRecipe(data, { model: "faster-rcnn" });
    expect(config).toMatchObject({ strides: [8], grids: [{ stride: 8 }] });
    const [{ anchors }] = config.grids;
    expect(anchors).toHaveLength(9);
    const pyramid = makeRecipe(data, { model: "faster-rcnn", strides: [4, 8, 16] }).config;
    expect(pyramid.grids.flatMap((grid) => grid.anchors)).toHaveLength(9);
    for (const grid of pyramid.grids) {
      for (const [width, height] of grid.anchors) {
        const cells = Math.sqrt(width * height) / grid.stride; // eight are usual
        if (grid.stride > 4) expect(cells).toBeGreaterThanOrEqual(8 / Math.SQRT2);
        if (grid.stride < 16) expect(cells).toBeLessThanOrEqual(8 * Math.SQRT2);
      }
    }
    expect(makeRecipe(data, { model: "fast-rcnn", strides: [4, 8] }).config).toMatchObject({ grids: [], strides: [4, 8] }); // biome-ignore format: one thing
  });

  it("have room for as many objects as any picture has, four times as many with mosaics", () => {
    const most = Math.max(...scenes.map(({ boxes }) => boxes.length));
    expect(makeRecipe(data, { model: "faster-rcnn" }).config).toMatchObject({ mostObjects: most });
    const augment = { mosaic: 0.5 };
    expect(makeRecipe(data, { model: "faster-rcnn", augment }).config).toMatchObject({
      mostObjects: 4 * most,
    });
  });

  it("leave a map of a pyramid without anchors where there are fewer shapes than maps", () => {
    const one = sample(320, 320, [{ classIndex: 0, box: [0, 0, 40, 40] }]);
    const { grids } = makeRecipe(datasetOf([one]), { model: "faster-rcnn", strides: [4, 8, 16] }).config;
    expect(grids.flatMap(({ anchors }) => anchors)).toHaveLength(1);
  });

  it("refuse a pyramid for R-CNN, which has no maps", () => {
    expect(() => makeRecipe(data, { model: "rcnn", strides: [8, 16] })).toThrow(
      /R-CNN .* faster-rcnn or fast-rcnn/,
    );
  });
});

describe("grids of YOLO", () => {
  it.each([
    [[8, 16, 32]],
    [[8, 32]],
    [[32, 8, 8]],
    [[16]],
  ])("of strides %j answer for every size, one each", (strides) => {
    const { grids } = makeRecipe(datasetOf(scenes), { strides: strides as (8 | 16 | 32)[] }).config;
    const rising = [...new Set(strides)].sort((a, b) => a - b);
    expect(grids.map(({ stride }) => stride)).toEqual(rising);
    for (let side = 2; side < 600; side += 3) {
      const answering = (grids as YoloGrid[]).filter(
        ({ smallest = 0, largest = Number.POSITIVE_INFINITY }) => side >= smallest && side < largest,
      );
      expect(answering, `${side} pixels`).toHaveLength(1);
    }
  });

  it("need a stride", () => {
    expect(() => makeRecipe(datasetOf(scenes), { strides: [] })).toThrow(/`strides` \(=\[\]\)/);
    expect(() => makeRecipe(datasetOf(scenes), { strides: [4, 8, 16] })).toThrow(
      "YOLO's grids are of 8, 16 or 32 pixels a cell, not `strides` (=[4,8,16]); leave the pyramid (`strides`, --fpn) out, or choose faster-rcnn or fast-rcnn.",
    );
  });
});
