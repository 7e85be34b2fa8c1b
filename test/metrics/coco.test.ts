import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type CocoAnnotation,
  type CocoDetection,
  type CocoGroundTruth,
  type CocoStats,
  evaluateCoco,
  readCocoDetections,
  readCocoGroundTruth,
} from "../../src/metrics/index.ts";
import { randomCoco } from "./random-coco.ts";

const NAMES = [
  "AP",
  "AP50",
  "AP75",
  "APsmall",
  "APmedium",
  "APlarge",
  "AR1",
  "AR10",
  "AR100",
  "ARsmall",
  "ARmedium",
  "ARlarge",
] as const;

function expectStats(stats: CocoStats, expected: readonly number[]): void {
  for (const [i, name] of NAMES.entries()) {
    expect(Math.abs(stats[name] - expected[i]), `${name} ${stats[name]}`).toBeLessThan(1e-9);
  }
}

const data = new URL("../../../shared/data/metrics/coco/", import.meta.url).pathname;
const hasData = existsSync(data);
if (!hasData) console.log(`Skipped: the COCO evaluator's own example is not at ${data}.`);

test.skipIf(!hasData)("the COCO evaluator's own example: the twelve figures of pycocotools", async () => {
  const truth = await readCocoGroundTruth(`${data}instances.json`);
  const { stats, perClass } = evaluateCoco(truth, await readCocoDetections(`${data}detections.json`));
  const expected: Record<string, number> = JSON.parse(readFileSync(`${data}expected.json`, "utf8"));
  expectStats(stats, Object.values(expected));
  expect(perClass).toHaveLength(80);
  expect(perClass.reduce((sum, { count }) => sum + count, 0)).toBe(830);
});

describe("random scenes", () => {
  // By pycocotools 2.0 on the same scenes.
  test.each([
    [
      1,
      [
        0.2646463472384245, 0.3529588563460276, 0.32542278627390386, 0.22505475937602043, 0.5346834443179198,
        0.6515951595159516, 0.307953216374269, 0.6262618083670713, 0.6438056680161943, 0.6173148148148148,
        0.7738095238095238, 0.75,
      ],
    ],
    [
      2,
      [
        0.3190608148476197, 0.40194033187779926, 0.33371256719739106, 0.2947637856549519, 0.42050729867374737,
        0.7174917491749175, 0.3204656862745098, 0.6125, 0.6517156862745098, 0.549074074074074,
        0.8472222222222222, 0.8,
      ],
    ],
    [
      3,
      [
        0.3413188316285368, 0.39846581895266175, 0.3450452677753968, 0.34619099458035585, 0.4536496506793537,
        0.5681518151815181, 0.386965811965812, 0.6693162393162394, 0.6693162393162394, 0.6155555555555555,
        0.8533333333333334, 0.7222222222222222,
      ],
    ],
  ])("seed %i: the twelve figures of pycocotools", (seed, expected) => {
    const { truth, detections } = randomCoco(seed);
    expectStats(evaluateCoco(truth, detections).stats, expected);
  });

  test("each class, and its precision at every tenth recall", () => {
    const { truth, detections } = randomCoco(1);
    const { perClass, recallThresholds } = evaluateCoco(truth, detections);
    expect(perClass.map(({ id }) => id)).toEqual([3, 1, 7]);
    const expected = [
      [0.4099213253692799, 0.5401697312588403],
      [0.10026556750473598, 0.13306327342280685],
      [0.2837521488412577, 0.38564356435643565],
    ];
    perClass.forEach(({ AP, AP50 }, k) => {
      expect(AP).toBeCloseTo(expected[k][0], 12);
      expect(AP50).toBeCloseTo(expected[k][1], 12);
    });
    const tenths = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];
    tenths.forEach((i) => void expect(recallThresholds[i]).toBeCloseTo(i / 100, 14));
    const atHalf = tenths.map((i) => perClass[2].precision[i]);
    expect(atHalf).toEqual([1, 1, 0.75, 0.5, 0.4, 0.4, 0.4, 0, 0, 0, 0]);
  });

  test("the order in which images are listed does not matter", () => {
    const { truth, detections } = randomCoco(2);
    const turned: CocoGroundTruth = { ...truth, images: [...truth.images].reverse() };
    expect(evaluateCoco(turned, detections).stats).toEqual(evaluateCoco(truth, detections).stats);
  });
});

describe("by hand", () => {
  const truthOf = (...annotations: Partial<CocoAnnotation>[]): CocoGroundTruth => ({
    images: [1, 2],
    categories: [{ id: 1, name: "cell" }],
    annotations: annotations.map((a) => ({ imageId: 1, categoryId: 1, bbox: [0, 0, 40, 40], ...a })),
  });
  const found = (detection: Partial<CocoDetection> = {}): CocoDetection => ({
    imageId: 1,
    categoryId: 1,
    bbox: [0, 0, 40, 40],
    score: 0.5,
    ...detection,
  });

  test("one object, found exactly: all defined figures are one", () => {
    const { stats } = evaluateCoco(truthOf({}), [found()]);
    expectStats(stats, [1, 1, 1, -1, 1, -1, 1, 1, 1, -1, 1, -1]);
  });

  test("IoU 0.8: right at seven of ten thresholds", () => {
    const { stats } = evaluateCoco(truthOf({ bbox: [0, 0, 50, 40] }), [found()]);
    expect(stats.AP).toBeCloseTo(0.7, 14);
    expect([stats.AP50, stats.AP75]).toEqual([1, 1]);
  });

  test("the wrong one first: half the precision at every recall", () => {
    const detections = [found(), found({ imageId: 2, score: 0.9 })];
    const { stats } = evaluateCoco(truthOf({}), detections);
    expect(stats.AP50).toBeCloseTo(0.5, 14);
    expect(stats.AR1).toBe(1);
  });

  test("one of two objects found: 51 of 101 recalls", () => {
    const { stats } = evaluateCoco(truthOf({}, { imageId: 2 }), [found()]);
    expect(stats.AP50).toBeCloseTo(51 / 101, 14);
    expect(stats.AR100).toBe(0.5);
  });

  test("a double is wrong", () => {
    const doubled = [found({ score: 0.9 }), found({ score: 0.8 }), found({ score: 0.7, imageId: 2 })];
    const { stats } = evaluateCoco(truthOf({}, { imageId: 2 }), doubled);
    // Precision 1 up to recall 0.5, then 2/3.
    expect(stats.AP50).toBeCloseTo((51 + 50 * (2 / 3)) / 101, 14);
  });

  test("a crowd swallows any number, and is not looked for", () => {
    const detections = [
      found({ imageId: 2, score: 0.9 }),
      found({ imageId: 2, score: 0.8 }),
      found({ score: 0.1 }),
    ];
    expect(evaluateCoco(truthOf({}), detections).stats.AP50).toBeCloseTo(1 / 3, 14);
    const crowd: Partial<CocoAnnotation> = { imageId: 2, bbox: [0, 0, 400, 400], iscrowd: true };
    const { stats, perClass } = evaluateCoco(truthOf({}, crowd), detections);
    expect(stats.AP50).toBe(1);
    expect(perClass[0].count).toBe(1);
  });

  test("equal scores: the image of smaller id goes first", () => {
    const right = found({ imageId: 2 });
    const wrong = found({ imageId: 1 });
    expect(evaluateCoco(truthOf({ imageId: 2 }), [right, wrong]).stats.AP50).toBeCloseTo(0.5, 14);
    expect(evaluateCoco(truthOf({ imageId: 1 }), [right, wrong]).stats.AP50).toBe(1);
  });

  test("no detections: zero; no objects: -1; neither: -1", () => {
    expectStats(evaluateCoco(truthOf({}), []).stats, [0, 0, 0, -1, 0, -1, 0, 0, 0, -1, 0, -1]);
    const undefinedStats = NAMES.map(() => -1);
    expectStats(evaluateCoco(truthOf(), [found()]).stats, undefinedStats);
    expectStats(evaluateCoco(truthOf(), []).stats, undefinedStats);
    expectStats(evaluateCoco({ images: [], categories: [], annotations: [] }, []).stats, undefinedStats);
  });

  test("a limit on the detections of an image and class", () => {
    const detections = [found({ score: 0.9, bbox: [100, 100, 9, 9] }), found({ score: 0.8 })];
    const { stats } = evaluateCoco(truthOf({}), detections, { maxDetections: [1, 1, 2] });
    expect([stats.AR1, stats.AR10, stats.AR100]).toEqual([0, 0, 1]);
  });

  test("two categories of one id are refused", () => {
    const truth = { ...truthOf({}), categories: ["cat", "dog"].map((name) => ({ id: 7, name })) };
    expect(() => evaluateCoco(truth, [])).toThrow(
      expect.objectContaining({
        code: "coco-invalid",
        message: expect.stringContaining('lists category 7 more than once ("cat" is one of them)'),
      }),
    );
  });

  test("a category that is not listed is left out, an unknown image is refused", () => {
    const { stats } = evaluateCoco(truthOf({}), [found(), found({ categoryId: 9, score: 1 })]);
    expect(stats.AP).toBe(1);
    expect(() => evaluateCoco(truthOf({}), [found({ imageId: "x" })])).toThrow(
      'detection 0 belongs to image "x"',
    );
    expect(() => evaluateCoco(truthOf({ imageId: 3 }), [])).toThrow("annotation 0 belongs to image 3");
    expect(() => evaluateCoco(truthOf({}), [found({ score: Number.NaN })])).toThrow("score of detection 0");
  });
});
