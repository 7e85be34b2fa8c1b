import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/index.ts";
import {
  type AugmentOptions,
  composeSample,
  type LoadedSample,
  letterboxInto,
  PicturePyramid,
  type PlanarCanvas,
  resolveAugment,
} from "../../../src/data/batches/index.ts";
import type { Xyxy } from "../../../src/geometry/index.ts";
import { noisePicture, rectanglePicture } from "./plain-pictures.ts";

const sameColours: AugmentOptions = {
  hue: 0,
  saturation: [1, 1],
  brightness: [1, 1],
  contrast: [1, 1],
  grey: 0,
  blur: 0,
};

const unmoved: AugmentOptions = {
  flipHorizontal: 0,
  scale: [1, 1],
  aspect: 1,
  translate: 0,
  mosaic: 0,
};

const allBoxes: AugmentOptions = { minVisible: 0, minSide: 0 };

/** Each rectangle has full intensity in a channel of its own over black, so that a plane shows it alone. */
const colours = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
] as const;

/** A sample whose picture was decoded at `1 / shrink` of its size; class = channel of the rectangle. */
function rectangleSource(random: Random, channel: number, shrink: number): LoadedSample {
  const width = 60 + random.integer(200);
  const height = 60 + random.integer(200);
  const x = random.integer(width - 30);
  const y = random.integer(height - 30);
  const box: Xyxy = [x, y, x + 15 + random.integer(width - x - 15), y + 15 + random.integer(height - y - 15)];
  const picture = rectanglePicture(width, height, [0, 0, 0], box, colours[channel]);
  const original = box.map((side) => side * shrink) as unknown as Xyxy;
  return {
    id: `channel ${channel}`,
    width: width * shrink,
    height: height * shrink,
    pyramid: new PicturePyramid(picture),
    boxes: [{ classIndex: channel, box: original }],
  };
}

function newCanvas(width: number, height: number): PlanarCanvas {
  return { width, height, data: new Uint8Array(3 * width * height) };
}

/** Bounds of the pixels above the fill in a plane, at the half-intensity line. */
function brightBounds({ width, height, data }: PlanarCanvas, channel: number): Xyxy | null {
  let [x1, y1, x2, y2] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[(channel * height + y) * width + x] < 128) continue;
      [x1, y1, x2, y2] = [Math.min(x1, x), Math.min(y1, y), Math.max(x2, x + 1), Math.max(y2, y + 1)];
    }
  }
  return x1 < x2 ? [x1, y1, x2, y2] : null;
}

function furthest(a: Xyxy, b: Xyxy): number {
  return Math.max(...a.map((side, i) => Math.abs(side - b[i])));
}

describe("boxes follow the pixels", () => {
  const modes: [string, AugmentOptions | null, number][] = [
    ["letterboxed", null, 1],
    ["scaled, stretched, flipped and shifted", { flipVertical: 0.5, mosaic: 0, translate: 0.3 }, 1],
    ["in a mosaic", { flipVertical: 0.5, mosaic: 1, mosaicScale: [0.4, 1.3] }, 3],
  ];

  it.each(modes)("%s", (_, options, count) => {
    const augment = options && resolveAugment({ ...sameColours, ...allBoxes, ...options });
    let compared = 0;
    for (let seed = 0; seed < 60; seed++) {
      const random = new Random(seed);
      const sources = Array.from({ length: count }, (_, i) => rectangleSource(random, i, 1 + (seed % 3)));
      // A mosaic's fourth quarter holds a picture of the fill's grey, which no threshold sees.
      const grey = rectanglePicture(40, 40, [114, 114, 114], [0, 0, 0, 0], [0, 0, 0]);
      const plain = { id: "grey", width: 40, height: 40, pyramid: new PicturePyramid(grey), boxes: [] };
      const shown = count === 1 ? sources : random.shuffle([...sources, plain]);
      const canvas = newCanvas(160, 128);
      const boxes = composeSample(random, { shown, blended: [] }, canvas, augment);
      for (let channel = 0; channel < count; channel++) {
        const box = boxes.find(({ classIndex }) => classIndex === channel)?.box;
        const seen = brightBounds(canvas, channel);
        if (box === undefined) {
          expect(seen, `seed ${seed}: pixels without a box`).toBeNull();
        } else if (seen !== null) {
          expect(furthest(box, seen), `seed ${seed}: ${box} is seen at ${seen}`).toBeLessThanOrEqual(1.5);
          compared++;
        } else {
          // A sliver that covers no pixel's centre leaves nothing to see.
          expect(Math.min(box[2] - box[0], box[3] - box[1])).toBeLessThanOrEqual(1.5);
        }
      }
    }
    expect(compared).toBeGreaterThan(40);
  });

  it("rotated and sheared", () => {
    const augment = resolveAugment({
      ...sameColours,
      ...allBoxes,
      mosaic: 0,
      scale: [0.4, 0.5],
      rotate: 30,
      shear: 10,
    });
    for (let seed = 0; seed < 40; seed++) {
      const random = new Random(seed);
      const canvas = newCanvas(160, 160);
      const source = rectangleSource(random, 0, 2);
      const [{ box }] = composeSample(random, { shown: [source], blended: [] }, canvas, augment);
      const seen = brightBounds(canvas, 0);
      // The corners of a rotated rectangle are blurred away, hence a little more room.
      expect(furthest(box, seen!), `seed ${seed}: ${box} is seen at ${seen}`).toBeLessThanOrEqual(2);
    }
  });
});

describe("which boxes are kept", () => {
  const width = 100;
  const pyramid = new PicturePyramid(noisePicture(width, width, 1));
  const source = (boxes: LoadedSample["boxes"]): LoadedSample => ({
    id: "a",
    width,
    height: width,
    pyramid,
    boxes,
  });
  const compose = (boxes: LoadedSample["boxes"], options: AugmentOptions) =>
    composeSample(
      new Random(1),
      { shown: [source(boxes)], blended: [] },
      newCanvas(100, 100),
      resolveAugment({ ...unmoved, ...options }),
    );

  it("drops those less visible than asked", () => {
    // At twice the size the middle half of the picture is shown: 25 … 75.
    const [quarter, none] = [[0, 30, 40, 60] as const, [0, 0, 20, 20] as const];
    const boxes = [quarter, none].map((box) => ({ classIndex: 0, box }));
    const twice: AugmentOptions = { scale: [2, 2] };
    expect(compose(boxes, { ...twice, minVisible: 0.374 })).toEqual([
      { classIndex: 0, box: [0, 10, 30, 70] },
    ]);
    expect(compose(boxes, { ...twice, minVisible: 0.376 })).toEqual([]);
  });

  it("drops those smaller than asked, and crowds", () => {
    const boxes = [
      { classIndex: 0, box: [10, 10, 13, 40] as const },
      { classIndex: 1, box: [10, 10, 40, 40] as const, crowd: true },
      { classIndex: 2, box: [50, 50, 60, 60] as const, difficult: true },
    ];
    expect(compose(boxes, { minSide: 3 }).map(({ classIndex }) => classIndex)).toEqual([0, 2]);
    expect(compose(boxes, { minSide: 3.1 }).map(({ classIndex }) => classIndex)).toEqual([2]);
  });

  it("drops those that random erasing covers", () => {
    const everywhere = Array.from({ length: 100 }, (_, i) => {
      const [x, y] = [(i % 10) * 10, Math.floor(i / 10) * 10];
      return { classIndex: i, box: [x, y, x + 10, y + 10] as const };
    });
    const canvas = newCanvas(100, 100);
    const augment = resolveAugment({ ...unmoved, ...sameColours, erase: 1 });
    const white = new PicturePyramid(rectanglePicture(100, 100, [255, 255, 255], [0, 0, 0, 0], [0, 0, 0]));
    const shown = [{ ...source(everywhere), pyramid: white }];
    const kept = composeSample(new Random(3), { shown, blended: [] }, canvas, augment);
    expect(kept.length).toBeLessThan(100);
    expect(kept.length).toBeGreaterThan(60);
    const whiteShare = ([x1, y1, x2, y2]: Xyxy) => {
      let white = 0;
      for (let y = y1; y < y2; y++)
        for (let x = x1; x < x2; x++) white += Number(canvas.data[y * 100 + x] === 255);
      return white / 100;
    };
    for (const { classIndex, box } of everywhere) {
      const isKept = kept.some((other) => other.classIndex === classIndex);
      expect(isKept).toBe(whiteShare(box) >= 0.25);
    }
  });
});

describe("colours", () => {
  const picture = noisePicture(64, 48, 9);
  const source: LoadedSample = {
    id: "a",
    width: 64,
    height: 48,
    pyramid: new PicturePyramid(picture),
    boxes: [],
  };
  const compose = (options: AugmentOptions, seed = 1) => {
    const canvas = newCanvas(64, 48);
    const augment = resolveAugment({ ...unmoved, ...sameColours, ...options });
    composeSample(new Random(seed), { shown: [source], blended: [] }, canvas, augment);
    return canvas.data;
  };
  const untouched = new Uint8Array(3 * 64 * 48);
  letterboxInto(picture, 64, 48, untouched);

  it("stay as they are when every range is 1", () => {
    expect(Buffer.compare(compose({}), untouched)).toBe(0);
  });

  it("follow brightness and contrast", () => {
    const darker = compose({ brightness: [0.5, 0.5] });
    expect(darker.every((value, i) => Math.abs(value - untouched[i] / 2) <= 0.5)).toBe(true);
    const flatter = compose({ contrast: [0.25, 0.25] });
    expect(flatter.every((value, i) => Math.abs(value - (127.5 + (untouched[i] - 127.5) / 4)) <= 0.51)).toBe(
      true,
    );
  });

  it("become luma without saturation, or when made grey", () => {
    for (const options of [{ saturation: [0, 0] as const }, { grey: 1, hue: 30 }]) {
      const grey = compose(options);
      const plane = 64 * 48;
      expect(Buffer.compare(grey.subarray(0, plane), grey.subarray(plane, 2 * plane))).toBe(0);
      expect(Buffer.compare(grey.subarray(0, plane), grey.subarray(2 * plane))).toBe(0);
    }
    const luma = compose({ saturation: [0, 0] });
    for (let i = 0; i < 64 * 48; i++) {
      const [r, g, b] = [untouched[i], untouched[i + 64 * 48], untouched[i + 2 * 64 * 48]];
      expect(Math.abs(luma[i] - (0.299 * r + 0.587 * g + 0.114 * b))).toBeLessThan(1);
    }
  });

  it("turn without touching greys", () => {
    const grey = rectanglePicture(64, 48, [90, 90, 90], [10, 10, 30, 30], [220, 220, 220]);
    const greySource = { ...source, pyramid: new PicturePyramid(grey) };
    const canvas = newCanvas(64, 48);
    const augment = resolveAugment({ ...unmoved, ...sameColours, hue: 180, saturation: [0.2, 2] });
    composeSample(new Random(4), { shown: [greySource], blended: [] }, canvas, augment);
    expect(new Set(canvas.data)).toEqual(new Set([90, 220]));
  });

  it("blend with another picture's, whose boxes join", () => {
    const canvas = newCanvas(64, 48);
    const plain = (value: number, classIndex: number): LoadedSample => ({
      ...source,
      pyramid: new PicturePyramid(rectanglePicture(64, 48, [value, value, value], [0, 0, 0, 0], [0, 0, 0])),
      boxes: [{ classIndex, box: [8, 8, 40, 40] }],
    });
    const augment = resolveAugment({ ...unmoved, ...sameColours });
    const recipe = { shown: [plain(0, 0)], blended: [plain(200, 1)] };
    const boxes = composeSample(new Random(6), recipe, canvas, augment);
    expect(boxes.map(({ classIndex }) => classIndex)).toEqual([0, 1]);
    expect(canvas.data[0]).toBeGreaterThanOrEqual(79);
    expect(canvas.data[0]).toBeLessThanOrEqual(121);
  });

  it("blur and noise keep the mean", () => {
    const mean = (values: Uint8Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = (values: Uint8Array) => {
      const centre = mean(values);
      return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length);
    };
    const blurred = compose({ blur: 1 });
    expect(mean(blurred)).toBeCloseTo(mean(untouched), 0);
    expect(spread(blurred)).toBeLessThan(0.5 * spread(untouched));
    const noisy = compose({ noise: 1 });
    const change = Math.sqrt(
      noisy.reduce((sum, value, i) => sum + (value - untouched[i]) ** 2, 0) / noisy.length,
    );
    expect(change).toBeGreaterThan(0.5);
    expect(change).toBeLessThan(9);
  });
});

describe("resolveAugment", () => {
  it.each([
    [{ mosaic: 1.5 }, /`mosaic` \(=1.5\) must be within 0 … 1/],
    [{ aspect: 0.5 }, /`aspect` \(=0.5\) must be within 1 … 4/],
    [{ scale: [0, 1] as const }, /`scale` \(=\[0, 1\]\) must be a range \[low, high\] of positive factors/],
    [{ contrast: [2, 1] as const }, /`contrast` \(=\[2, 1\]\)/],
    [{ hue: Number.NaN }, /`hue` \(=NaN\)/],
  ])("refuses %j", (options, message) => {
    expect(() => resolveAugment(options)).toThrowError(message);
  });
});
