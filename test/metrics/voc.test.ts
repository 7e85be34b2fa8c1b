import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/index.ts";
import { type Xyxy, xywhToXyxy } from "../../src/geometry/index.ts";
import {
  type DetectedPicture,
  type DetectedPictures,
  elevenPointAp,
  evaluateVoc,
  everyPointAp,
} from "../../src/metrics/index.ts";

const data = new URL("../../../shared/data/metrics/voc/", import.meta.url).pathname;
const hasData = existsSync(data);
if (!hasData) console.log(`Skipped: the Pascal VOC toy case is not at ${data}.`);

/** Rows of numbers behind the class's name. */
function readRows(path: string): number[][] {
  const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => line.split(" ").slice(1).map(Number));
}

function readToyCase(): DetectedPictures {
  const pictures = readdirSync(`${data}gts`).map(
    (name): DetectedPicture => ({
      id: name,
      boxes: readRows(`${data}gts/${name}`).map(([x, y, w, h]) => ({
        classIndex: 0,
        box: xywhToXyxy([x, y, w, h]),
      })),
      detections: readRows(`${data}dets/${name}`).map(([score, x, y, w, h]) => ({
        classIndex: 0,
        score,
        box: xywhToXyxy([x, y, w, h]),
      })),
    }),
  );
  return { classes: ["object"], pictures };
}

test.skipIf(!hasData).each([
  [0.1, 0.3333333333, 0.3371980676],
  [0.3, 0.2683982683, 0.2456866804],
  [0.5, 0.0303030303, 0.0222222222],
  [0.75, 0, 0],
])("the toy case at IoU %d", (iouThreshold, elevenPoint, everyPoint) => {
  const result = evaluateVoc(readToyCase(), { iouThreshold, inclusivePixels: true });
  expect(Math.abs(result.elevenPoint - elevenPoint)).toBeLessThan(1e-9);
  expect(Math.abs(result.everyPoint - everyPoint)).toBeLessThan(1e-9);
  expect(result.perClass).toMatchObject([{ name: "object", count: 15 }]);
});

describe("average precision", () => {
  test("by hand: right, wrong, right of two objects", () => {
    // Precision 1 up to recall 1/2, then 2/3 up to 1: six and five of the eleven recalls.
    expect(elevenPointAp([true, false, true], 2)).toBeCloseTo((6 + 5 * (2 / 3)) / 11, 14);
    expect(everyPointAp([true, false, true], 2)).toBeCloseTo(0.5 + (0.5 * 2) / 3, 14);
  });

  test("nothing found is zero, nothing to find is NaN", () => {
    expect([elevenPointAp([], 3), everyPointAp([], 3)]).toEqual([0, 0]);
    expect([elevenPointAp([false], 0), everyPointAp([], 0)]).toEqual([Number.NaN, Number.NaN]);
  });

  test("equals summing the best precision of each found object, and of each of eleven recalls", () => {
    const random = new Random(31);
    for (let round = 0; round < 100; round++) {
      const right = Array.from({ length: random.integer(30) }, () => random.chance(0.5));
      const found = right.filter(Boolean).length;
      const count = found + 1 + random.integer(4);
      const reached = (i: number) => right.slice(0, i + 1).filter(Boolean).length;
      const bestFrom = (recall: number) =>
        Math.max(0, ...right.map((_, i) => (reached(i) / count >= recall ? reached(i) / (i + 1) : 0)));
      let area = 0;
      for (let k = 1; k <= found; k++) area += bestFrom(k / count) / count;
      expect(everyPointAp(right, count)).toBeCloseTo(area, 12);
      let eleven = 0;
      for (let k = 0; k <= 10; k++) eleven += bestFrom(k * 0.1) / 11;
      expect(elevenPointAp(right, count)).toBeCloseTo(eleven, 12);
    }
  });
});

describe("evaluateVoc", () => {
  const square: Xyxy = [0, 0, 10, 10];
  const apart: Xyxy = [50, 50, 60, 60];
  const label = (box: Xyxy, extra = {}) => ({ classIndex: 0, box, ...extra });
  const detect = (box: Xyxy, score: number, classIndex = 0) => ({ classIndex, score, box });
  const one = (picture: Omit<DetectedPicture, "id">): DetectedPictures => ({
    classes: ["cat", "dog"],
    pictures: [{ id: "a", ...picture }],
  });

  test("the second detection of an object is wrong", () => {
    const input = one({ boxes: [label(square)], detections: [detect(square, 0.9), detect(square, 0.8)] });
    expect(evaluateVoc(input)).toMatchObject({ elevenPoint: 1, everyPoint: 1 });
    const missed = one({
      boxes: [label(square), label(apart)],
      detections: [detect(square, 0.9), detect(square, 0.8), detect(apart, 0.7)],
    });
    expect(evaluateVoc(missed).everyPoint).toBeCloseTo(0.5 + 1 / 3, 14);
  });

  test("a detection goes to the object it overlaps most, even if that one is taken", () => {
    // Over 0.5 with both; VOC lets it claim the first only, which is taken.
    const boxes = [label([0, 0, 10, 10]), label([0, 0, 10, 14])];
    const detections = [detect([0, 0, 10, 10], 0.9), detect([0, 0, 10, 11], 0.8)];
    expect(evaluateVoc(one({ boxes, detections })).everyPoint).toBeCloseTo(0.5, 14);
  });

  test("difficult objects and crowds count neither found nor missed", () => {
    const boxes = [label(square), label(apart, { difficult: true })];
    const detections = [detect(apart, 0.9), detect(apart, 0.8), detect(square, 0.7)];
    for (const found of [detections, detections.slice(2)]) {
      const result = evaluateVoc(one({ boxes, detections: found }));
      expect(result).toMatchObject({ elevenPoint: 1, everyPoint: 1 });
      expect(result.perClass[0].count).toBe(1);
    }
    const crowd = [label(square), label(apart, { crowd: true })];
    expect(evaluateVoc(one({ boxes: crowd, detections })).everyPoint).toBe(1);
  });

  test("classes are apart; the mean leaves out classes without objects", () => {
    const input = one({ boxes: [label(square)], detections: [detect(square, 0.9, 1), detect(square, 0.8)] });
    const { everyPoint, perClass } = evaluateVoc(input);
    expect(everyPoint).toBe(1);
    expect(perClass.map((result) => result.everyPoint)).toEqual([1, Number.NaN]);
  });

  test("pictures are apart, even if they share their boxes", () => {
    const picture = { boxes: [label(square)], detections: [detect(square, 0.9)] };
    const pictures = [
      { id: "a", ...picture },
      { id: "b", ...picture },
    ];
    expect(evaluateVoc({ classes: ["cat"], pictures }).everyPoint).toBe(1);
  });

  test("inclusive pixels make boxes one wider", () => {
    // 10 × 10 and 5 × 10 pixels: IoU 0.5; as continuous coordinates 36 / 81.
    const input = one({ boxes: [label([0, 0, 9, 9])], detections: [detect([0, 0, 4, 9], 1)] });
    expect(evaluateVoc(input, { inclusivePixels: true }).everyPoint).toBe(1);
    expect(evaluateVoc(input).everyPoint).toBe(0);
  });

  test("no objects at all: NaN; a class out of range is refused", () => {
    expect(evaluateVoc(one({ boxes: [], detections: [] })).elevenPoint).toBeNaN();
    expect(() => evaluateVoc(one({ boxes: [], detections: [detect(square, 1, 2)] }))).toThrow(
      'Picture "a": a detection has class index 2, but there are 2 classes.',
    );
    expect(() => evaluateVoc(one({ boxes: [], detections: [detect(square, Number.NaN)] }))).toThrow(
      "the score of a detection is not a number",
    );
  });
});
