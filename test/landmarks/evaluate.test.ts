import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PointDataset, PointSample } from "../../src/data/index.ts";
import { savePicture } from "../../src/image/index.ts";
import { evaluateLandmarker, type Landmarker, usualNormalizer } from "../../src/landmarks/index.ts";
import { checkOptions, makeRecipe } from "../../src/landmarks/recipe.ts";
import { remarksOf } from "../../src/landmarks/remarks.ts";

const [WIDTH, HEIGHT] = [60, 80]; // the diagonal is 100
const folder = mkdtempSync(join(tmpdir(), "fovea-points-"));
beforeAll(async () => {
  const data = new Uint8Array(3 * WIDTH * HEIGHT);
  await savePicture({ width: WIDTH, height: HEIGHT, data }, join(folder, "a.png"));
});
afterAll(() => rm(folder, { recursive: true }));

function sampleOf(id: string, points: PointSample["points"], box?: PointSample["box"]): PointSample {
  return { id, path: join(folder, "a.png"), width: WIDTH, height: HEIGHT, points, box, group: id };
}

/** A net that always says the same of the boxes that it looks at. */
function netOf(points: [number, number][], presence?: number, subject = "region"): Landmarker {
  return {
    card: { subject, points: points.map((_, i) => `${i}`), margin: 0.2 },
    locate: async (_: unknown, boxes: readonly unknown[] = [0]) => boxes.map(() => ({ points, presence })),
  } as unknown as Landmarker;
}

const schemeOf = (count: number, eyes?: [number, number]) => ({
  names: Array.from({ length: count }, (_, i) => `${i}`),
  lines: [],
  pairs: [],
  eyes,
});

const pair = sampleOf("pair", [
  [10, 10],
  [26, 19],
]); // its box is 16 × 9, of size 12

describe("what errors are divided by", () => {
  const line = sampleOf("line", [
    [10, 10],
    [10, 30],
  ]);
  const half = sampleOf("half", [[10, 10], undefined]);

  it("is the distance of the eyes, else the box, and the picture's diagonal where no sample has either", () => {
    expect(usualNormalizer(schemeOf(2, [0, 1]), [half, pair])).toBe("interocular");
    expect(usualNormalizer(schemeOf(2), [half, line, pair])).toBe("box");
    expect(usualNormalizer(schemeOf(2), [half, line])).toBe("picture");
    expect(usualNormalizer(schemeOf(2, [0, 1]), [half])).toBe("picture");
    expect(usualNormalizer(schemeOf(2), [sampleOf("none", [undefined, undefined])])).toBe("box");
  });

  it("lets data of one point be measured", async () => {
    const options = { scheme: schemeOf(1) };
    const samples = [sampleOf("one", [[10, 10]])];
    const { nme, normalize, things } = await evaluateLandmarker(netOf([[13, 14]]), samples, options);
    expect([normalize, things]).toEqual(["picture", 1]);
    expect(nme).toBeCloseTo(0.05, 6);
  });

  it("is the size of the labelled or the points' box, whatever box is looked at", async () => {
    const net = netOf([
      [10, 16],
      [26, 25],
    ]);
    const boxes = new Map([["pair", [0, 0, 60, 60] as const]]);
    const own = await evaluateLandmarker(net, [pair], { scheme: schemeOf(2) });
    const given = await evaluateLandmarker(net, [pair], { scheme: schemeOf(2), boxes });
    expect([own.nme, given.nme]).toEqual([0.5, 0.5]);
  });
});

describe("false alarms", () => {
  const none = Array.from({ length: 4 }, (_, i) => sampleOf(`none ${i}`, [undefined, undefined]));
  const found: [number, number][] = [
    [10, 10],
    [26, 19],
  ];
  const boxes = new Map([
    ["pair", [8, 8, 28, 20] as const],
    ["none 2", [0, 0, 9, 9] as const],
  ]);

  it("are counted in pictures where a detector finds nothing, too", async () => {
    const options = { scheme: schemeOf(2), boxes };
    const evaluation = await evaluateLandmarker(netOf(found, 0.9), [pair, ...none], options);
    expect([evaluation.backgrounds, evaluation.falseAlarms]).toEqual([4, 0.25]);
    const nowhere = await evaluateLandmarker(netOf(found, 0.2), [pair, ...none], options);
    expect(nowhere.falseAlarms).toBe(0);
  });

  it("are not known of nets that do not say what is there", async () => {
    const options = { scheme: schemeOf(2), boxes };
    const { falseAlarms } = await evaluateLandmarker(
      netOf(found, undefined, "box"),
      [pair, ...none],
      options,
    );
    expect(falseAlarms).toBeNaN();
  });
});

/** A data set of some samples. */
function datasetOf(train: PointSample[], val: PointSample[] = []): PointDataset {
  const names = train[0].points.map((_, i) => `${i}`);
  return { root: folder, names, splits: { train, val, test: [] } } as unknown as PointDataset;
}

describe("the recipe", () => {
  it("names a detector so that it is found from any folder", () => {
    const detectorOf = (detector: string) =>
      makeRecipe(datasetOf([pair]), schemeOf(2), checkOptions({ detector, detectClasses: ["hand"] }));
    expect(detectorOf("faces")).toMatchObject({ detector: "faces", detectClasses: ["hand"] });
    expect(detectorOf("hf:me/hands/best.onnx").detector).toBe("hf:me/hands/best.onnx");
    expect(detectorOf("runs/best.onnx").detector).toBe(resolve("runs/best.onnx"));
  });

  it("takes given boxes for what is looked at, and says whose they are", () => {
    const recipe = (boxes?: ReadonlyMap<string, readonly [number, number, number, number]>) =>
      makeRecipe(datasetOf([pair]), schemeOf(2), checkOptions({ boxes, margin: 0 }));
    expect(recipe()).toMatchObject({ ownBoxes: true, widerShare: 0.25 });
    const given = recipe(new Map([["pair", [0, 0, 40, 40] as const]]));
    expect(given).toMatchObject({ ownBoxes: false, widerShare: 0 });
    expect(given.usualPoints[0]).toEqual([0.25, 0.25]);
  });

  it("puts the usual place of one point where it is in the picture", () => {
    const one = datasetOf([sampleOf("one", [[20, 30]])]);
    const { usualPoints } = makeRecipe(one, schemeOf(1), checkOptions({}));
    expect(usualPoints[0][0]).toBeCloseTo((20 + 10) / 80, 9); // the region is 80 × 80, 10 pixels of it left of the picture
    expect(usualPoints[0][1]).toBeCloseTo(30 / 80, 9);
  });
});

describe("remarks before a training", () => {
  const one = sampleOf("one", [[10, 10], undefined]);
  const none = sampleOf("none", [undefined, undefined]);

  it("tell of points without a size, unless boxes say it", () => {
    const dataset = datasetOf([pair, one], [pair]);
    expect(remarksOf(dataset, schemeOf(2), {})).toEqual([
      expect.stringMatching(/^the points of 1 of 2 pictures to train with lie in one spot, .* whole picture/),
    ]);
    const boxes = new Map([["one", [0, 0, 20, 20] as const]]);
    expect(remarksOf(dataset, schemeOf(2), { boxes })).toEqual([]);
  });

  it("tell where nothing, or not everything, can be measured", () => {
    expect(remarksOf(datasetOf([pair], [none, none]), schemeOf(2), {})).toEqual([
      expect.stringMatching(
        /^none of the 2 pictures to validate with has labelled points: nothing is measured/,
      ),
    ]);
    expect(remarksOf(datasetOf([pair], [pair, one, none]), schemeOf(2), {})).toEqual([
      expect.stringMatching(/^1 of 2 pictures to validate with are not measured: .* box's size/),
    ]);
    expect(remarksOf(datasetOf([pair]), schemeOf(2), {})).toEqual([]);
  });
});
