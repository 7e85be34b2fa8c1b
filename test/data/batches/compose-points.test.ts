import { describe, expect, it } from "vitest";
import {
  type AugmentOptions,
  composePoints,
  type LoadedPoints,
  PicturePyramid,
  PointLoader,
  type PointLoaderOptions,
  type PointRecipe,
  resolveAugment,
} from "../../../src/data/index.ts";

const SIDE = 64;
/** Where white, red and blue spots are, of 5 × 5 pixels. */
const spots = [
  { at: [30.5, 40.5] as const, colour: [255, 255, 255] },
  { at: [60.5, 35.5] as const, colour: [255, 0, 0] },
  { at: [45.5, 70.5] as const, colour: [0, 0, 255] },
];

function example(points: LoadedPoints["points"] = spots.map(({ at }) => at)): LoadedPoints {
  const [width, height] = [100, 110];
  const data = new Uint8Array(3 * width * height);
  for (const { at, colour } of spots) {
    for (let y = -2; y <= 2; y++) {
      for (let x = -2; x <= 2; x++)
        data.set(colour, 3 * ((Math.floor(at[1]) + y) * width + Math.floor(at[0]) + x));
    }
  }
  const pyramid = new PicturePyramid({ width, height, data });
  return { id: "spots", path: "", width, height, points, region: [15, 20, 79, 84], pyramid };
}

const recipe: PointRecipe = {
  step: 0,
  seed: 1,
  order: [0],
  side: SIDE,
  count: 3,
  pairs: [[1, 2]],
  augment: null,
  widerShare: 0,
};

async function compose(changes: Partial<PointRecipe>, loaded = example()) {
  const images = new Uint8Array(3 * SIDE * SIDE);
  const labels = await composePoints({ ...recipe, ...changes }, images, async () => loaded);
  const place = (i: number) => [labels.points[2 * i] * SIDE, labels.points[2 * i + 1] * SIDE];
  const colourAt = (i: number) => {
    const [x, y] = place(i).map(Math.floor);
    return [0, 1, 2].map((channel) => images[(channel * SIDE + y) * SIDE + x]);
  };
  return { ...labels, place, colourAt };
}

const geometry = resolveAugment({
  mosaic: 0,
  hue: 0,
  saturation: [1, 1],
  brightness: [1, 1],
  contrast: [1, 1],
  grey: 0,
  blur: 0,
  scale: [0.8, 1.1],
  rotate: 40,
  translate: 0.05,
  shear: 5,
});
/** As it lies: neither moved, turned nor stretched. */
const unmoved = { ...geometry, scale: [1, 1], rotate: 0, translate: 0, shear: 0, aspect: 1 } as const;

describe("composePoints", () => {
  it("shows the region as it is without augmentation", async () => {
    const { place, visible, present, known } = await compose({});
    expect(place(0)).toEqual([15.5, 20.5]);
    expect([[...visible], [...known], [...present]]).toEqual([[1, 1, 1], [1, 1, 1], [1]]);
  });

  it("moves points with their pixels, and lets counterparts change places in mirrored pictures only", async () => {
    let mirrored = 0;
    for (let step = 0; step < 40; step++) {
      const { colourAt, visible } = await compose({ step, augment: geometry });
      if (![...visible].every(Boolean)) continue;
      expect(colourAt(0).every((level) => level > 200)).toBe(true);
      const [one, other] = [colourAt(1), colourAt(2)];
      const isMirrored = one[2] > one[0];
      if (isMirrored) mirrored++;
      const [red, blue] = isMirrored ? [other, one] : [one, other];
      expect([red[0] > 200, red[2] < 50, blue[2] > 200, blue[0] < 50]).toEqual([true, true, true, true]);
    }
    expect(mirrored).toBeGreaterThan(8);
    expect(mirrored).toBeLessThan(32);
  });

  it("mirrors the place itself: with x about the middle", async () => {
    const augment = resolveAugment({ ...unmoved, flipHorizontal: 1 });
    const { place } = await compose({ augment });
    expect(place(0)[0]).toBeCloseTo(SIDE - 15.5, 4);
    expect(place(2)[0]).toBeCloseTo(SIDE - 45.5, 4); // the red spot is the blue one's counterpart
  });

  const still = resolveAugment({ ...unmoved, flipHorizontal: 0 });

  it.each([
    ["varied", still],
    ["shown as they are", null],
  ])("draws regions out towards wider ones, as often as told, where they are %s", async (_, augment) => {
    const loaded = { ...example(), wider: [-15, -10, 113, 118] as const }; // twice as wide about the same place
    const spreads: number[] = [];
    for (let step = 0; step < 200; step++) {
      const { place } = await compose({ step, augment, widerShare: 0.25 }, loaded);
      spreads.push(place(1)[0] - place(0)[0]);
    }
    const drawnOut = spreads.filter((spread) => spread < 29.99);
    expect(drawnOut.length).toBeGreaterThan(30);
    expect(drawnOut.length).toBeLessThan(70);
    expect(Math.min(...spreads)).toBeGreaterThan(15);
    expect(Math.min(...spreads)).toBeLessThan(17);
  });

  it("asks for no point that left the input, or is not labelled", async () => {
    const [white, red] = spots.map(({ at }) => at);
    const outside = await compose({}, example([[2, 2], red, undefined]));
    expect([[...outside.visible], [...outside.known], [...outside.present]]).toEqual([
      [0, 1, 0],
      [0, 1, 1],
      [1],
    ]);
    expect([...outside.points.subarray(0, 2)]).toEqual([0, 0]);
    const nothing = await compose({}, example([undefined, undefined, undefined]));
    expect([[...nothing.visible], [...nothing.known], [...nothing.present]]).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [0],
    ]);
    expect(white).toBeDefined();
  });
});

describe("a loader of points", () => {
  const { pyramid: _, ...shown } = example();
  const options: PointLoaderOptions = {
    examples: [shown],
    batchSize: 1,
    side: SIDE,
    seed: 1,
    pairs: [],
    augment: null,
  };

  it.each<[Partial<PointLoaderOptions>, RegExp]>([
    [{ examples: [] }, /`examples` must hold at least one/],
    [{ side: 0.5 }, /`side` \(=0\.5\) must be a whole number/],
    [{ widerShare: -0.1 }, /`widerShare` \(=-0\.1\) must be within 0 … 1/],
    [{ widerShare: Number.NaN }, /`widerShare` \(=NaN\) must be within 0 … 1/],
    [{ cacheBytes: -1 }, /`cacheBytes` \(=-1\) must be a number ≥ 0/],
  ])("refuses %o", (changes, message) => {
    expect(() => new PointLoader({ ...options, ...changes })).toThrow(
      expect.objectContaining({ code: "batch-options-invalid", message: expect.stringMatching(message) }),
    );
  });

  it.each<[AugmentOptions, string]>([
    [{ mosaic: 0.5 }, "mosaic"],
    [{ mixup: 0.1 }, "mixup"],
    [{ mosaicScale: [1, 1] }, "mosaicScale"],
    [{ minVisible: 0.1 }, "minVisible"],
    [{ minSide: 1 }, "minSide"],
  ])("refuses to vary by what is for boxes: %o", (augment, name) => {
    expect(() => new PointLoader({ ...options, augment })).toThrow(
      expect.objectContaining({
        code: "augment-invalid",
        message: expect.stringMatching(`\`${name}\` .* means nothing to pictures without boxes`),
      }),
    );
  });

  it("takes what is for boxes and 0", async () => {
    const augment: AugmentOptions = { mosaic: 0, mixup: 0 };
    await new PointLoader({ ...options, augment }).close();
  });
});
