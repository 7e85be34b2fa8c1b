import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/index.ts";
import { type Xyxy, xywhToXyxy } from "../../src/geometry/index.ts";
import {
  confusionMatrix,
  type DetectedPicture,
  type DetectedPictures,
  evaluateCoco,
  evaluateDetections,
  evaluateVoc,
} from "../../src/metrics/index.ts";
import { randomCoco } from "./random-coco.ts";

/** The same evaluation in the product's own form. */
function asPictures(seed: number): DetectedPictures {
  const { truth, detections } = randomCoco(seed);
  const places = new Map(truth.categories.map(({ id }, i) => [id, i]));
  const pictures = truth.images
    .toSorted((a, b) => Number(a) - Number(b))
    .map(
      (imageId): DetectedPicture => ({
        id: String(imageId),
        width: 640,
        height: 640,
        boxes: truth.annotations
          .filter((annotation) => annotation.imageId === imageId)
          .map(({ categoryId, bbox, area, iscrowd }) => ({
            classIndex: places.get(categoryId)!,
            box: xywhToXyxy(bbox),
            area,
            crowd: iscrowd,
          })),
        detections: detections
          .filter((detection) => detection.imageId === imageId)
          .map(({ categoryId, bbox, score }) => ({
            classIndex: places.get(categoryId)!,
            score,
            box: xywhToXyxy(bbox),
          })),
      }),
    );
  return { classes: truth.categories.map(({ name }) => name), pictures };
}

test.each([1, 2, 3])("seed %i: the figures are COCO's and VOC's own", (seed) => {
  const { truth, detections } = randomCoco(seed);
  const coco = evaluateCoco(truth, detections);
  const input = asPictures(seed);
  const result = evaluateDetections(input);
  expect(result.coco).toEqual(coco.stats);
  expect(result.mAP50).toBe(coco.stats.AP50);
  expect(result.mAP50_95).toBe(coco.stats.AP);
  const { elevenPoint, everyPoint } = evaluateVoc(input);
  expect(result.voc).toEqual({ elevenPoint, everyPoint });
  expect(result.perClass.map(({ name, count, AP50, AP50_95 }) => [name, count, AP50, AP50_95])).toEqual(
    coco.perClass.map(({ name, count, AP50, AP }) => [name, count, AP50, AP]),
  );
});

test("the best threshold has the highest mean F1, and the figures of the classes are those at it", () => {
  const { bestThreshold, curves, perClass, confusion } = evaluateDetections(asPictures(2));
  const meanF1 = perClass.reduce((sum, { f1 }) => sum + f1, 0) / perClass.length;
  expect(meanF1).toBeCloseTo(Math.max(...curves.mean.f1), 12);
  expect(confusion.scoreThreshold).toBe(bestThreshold);
  for (const { precision, recall, f1 } of perClass) {
    expect(f1).toBeCloseTo((2 * precision * recall) / (precision + recall), 12);
  }
});

test("a class's AP50 is its exact curve sampled at 101 recalls", () => {
  const { curves, perClass } = evaluateDetections(asPictures(3));
  curves.perClass.forEach(({ precision, recall }, k) => {
    let sum = 0;
    for (let r = 0; r <= 100; r++) {
      sum += Math.max(0, ...[...precision].filter((_, i) => recall[i] >= r / 100 - 1e-12));
    }
    // Equal scores are one point of the curve but a sequence for COCO, so the two differ a little.
    expect(Math.abs(sum / 101 - perClass[k].AP50)).toBeLessThan(0.05);
  });
});

test("with distinct scores the curve gives AP50 exactly", () => {
  const random = new Random(51);
  const input = asPictures(3);
  const pictures = input.pictures.map((picture) => ({
    ...picture,
    detections: picture.detections.map((detection) => ({ ...detection, score: random.next() })),
  }));
  const { curves, perClass } = evaluateDetections({ ...input, pictures });
  curves.perClass.forEach(({ precision, recall }, k) => {
    let sum = 0;
    for (let r = 0; r <= 100; r++) {
      sum += Math.max(0, ...[...precision].filter((_, i) => recall[i] >= r * 0.01));
    }
    expect(sum / 101).toBeCloseTo(perClass[k].AP50, 12);
  });
});

describe("by hand", () => {
  const square: Xyxy = [0, 0, 40, 40];
  const apart: Xyxy = [100, 100, 140, 140];

  test("a perfect detector of one class, a blind one of another, a class that does not occur", () => {
    const pictures: DetectedPicture[] = [
      {
        id: "a",
        boxes: [
          { classIndex: 0, box: square },
          { classIndex: 1, box: apart },
        ],
        detections: [{ classIndex: 0, score: 0.7, box: square }],
      },
    ];
    const result = evaluateDetections({ classes: ["cat", "dog", "cow"], pictures });
    expect(result).toMatchObject({ mAP50: 0.5, mAP50_95: 0.5, voc: { elevenPoint: 0.5, everyPoint: 0.5 } });
    const { NaN: nan } = Number;
    expect(result.perClass).toEqual([
      { name: "cat", count: 1, AP50: 1, AP50_95: 1, precision: 1, recall: 1, f1: 1, bestThreshold: 0.35 },
      { name: "dog", count: 1, AP50: 0, AP50_95: 0, precision: nan, recall: 0, f1: 0, bestThreshold: nan },
      {
        name: "cow",
        count: 0,
        AP50: nan,
        AP50_95: nan,
        precision: nan,
        recall: nan,
        f1: nan,
        bestThreshold: nan,
      },
    ]);
    // Found with any threshold up to 0.7.
    expect(result.bestThreshold).toBeCloseTo(0.35, 12);
    expect(result.confusion.counts).toEqual([
      [1, 0, 0, 0],
      [0, 0, 0, 1],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
  });

  test("difficult objects are objects for COCO and none for VOC", () => {
    const boxes = [
      { classIndex: 0, box: square },
      { classIndex: 0, box: apart, difficult: true },
    ];
    const detections = [{ classIndex: 0, score: 0.9, box: square }];
    const result = evaluateDetections({ classes: ["cat"], pictures: [{ id: "a", boxes, detections }] });
    expect(result.mAP50).toBeCloseTo(51 / 101, 14);
    expect(result.voc.everyPoint).toBe(1);
  });

  test("a score threshold of one's own", () => {
    const boxes = [{ classIndex: 0, box: square }];
    const detections = [
      { classIndex: 0, score: 0.9, box: square },
      { classIndex: 0, score: 0.2, box: apart },
    ];
    const input = { classes: ["cat"], pictures: [{ id: "a", boxes, detections }] };
    const result = evaluateDetections(input, { scoreThreshold: 0.1 });
    expect(result.perClass[0]).toMatchObject({ precision: 0.5, recall: 1, f1: 2 / 3 });
    expect(result.perClass[0].bestThreshold).toBeCloseTo(0.55, 12);
    expect(result.confusion).toMatchObject({
      counts: [
        [1, 0],
        [1, 0],
      ],
      scoreThreshold: 0.1,
    });
    expect(result.bestThreshold).toBeGreaterThan(0.2);
    expect(result.bestThreshold).toBeLessThanOrEqual(0.9);
  });

  test("a class that does not occur has no figures, whatever is detected of it", () => {
    const pictures: DetectedPicture[] = [
      {
        id: "a",
        boxes: [{ classIndex: 0, box: square }],
        detections: [
          { classIndex: 0, score: 0.8, box: square },
          { classIndex: 1, score: 0.9, box: apart },
        ],
      },
    ];
    const { perClass, curves } = evaluateDetections({ classes: ["cat", "dog"], pictures });
    expect(perClass[0]).toMatchObject({ precision: 1, recall: 1, f1: 1 });
    expect(perClass[1]).toMatchObject({ count: 0, AP50: NaN, precision: NaN, recall: NaN, f1: NaN });
    expect(Math.max(...curves.mean.f1)).toBe(1);
  });

  test("nothing to find and nothing found", () => {
    const result = evaluateDetections({ classes: ["cat"], pictures: [] });
    expect([result.mAP50, result.mAP50_95, result.voc.everyPoint]).toEqual([NaN, NaN, NaN]);
    expect(result.coco.AP).toBe(-1);
    expect(result.bestThreshold).toBe(0.5);
  });
});

describe("numbers that nothing can be compared with", () => {
  const box = [0, 0, 5, 5] as const;
  const found = { classIndex: 0, score: 0.9, box };
  const input = {
    classes: ["a"],
    pictures: [{ id: "p", boxes: [{ classIndex: 0, box }], detections: [found] }],
  };

  test("are refused as options", () => {
    const failed = expect.objectContaining({ code: "argument-range" });
    for (const options of [
      { maxDetections: Number.NaN },
      { maxDetections: 0 },
      { scoreThreshold: Number.NaN },
    ]) {
      expect(() => evaluateDetections(input, options)).toThrow(failed);
    }
    expect(() => confusionMatrix(input, { iouThreshold: Number.NaN })).toThrow(failed);
    expect(() => confusionMatrix(input, { scoreThreshold: Number.NaN })).toThrow(failed);
    expect(() => evaluateVoc(input, { iouThreshold: Number.NaN })).toThrow(failed);
  });

  test("are refused as corners", () => {
    const nowhere = [Number.NaN, 0, 5, 5] as const;
    const failed = expect.objectContaining({ code: "box-invalid", message: expect.stringContaining('"p"') });
    const [picture] = input.pictures;
    const truth = { ...picture, boxes: [{ classIndex: 0, box: nowhere }] };
    const answer = { ...picture, detections: [{ ...found, box: nowhere }] };
    expect(() => evaluateDetections({ ...input, pictures: [truth] })).toThrow(failed);
    expect(() => evaluateDetections({ ...input, pictures: [answer] })).toThrow(failed);
  });
});
