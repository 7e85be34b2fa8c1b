import { expect, test } from "vitest";
import type { Xyxy } from "../../src/geometry/index.ts";
import { confusionMatrix, type DetectedPicture } from "../../src/metrics/index.ts";

const label = (classIndex: number, box: Xyxy, extra = {}) => ({ classIndex, box, ...extra });
const detect = (classIndex: number, score: number, box: Xyxy) => ({ classIndex, score, box });
const left: Xyxy = [0, 0, 10, 10];
const right: Xyxy = [50, 0, 60, 10];
const nowhere: Xyxy = [200, 200, 210, 210];

function countsOf(picture: Omit<DetectedPicture, "id">, options = {}): number[][] {
  return confusionMatrix({ classes: ["cat", "dog"], pictures: [{ id: "a", ...picture }] }, options).counts;
}

test("right, mistaken, missed and invented", () => {
  const picture = {
    boxes: [label(0, left), label(1, right), label(1, [90, 0, 99, 9])],
    detections: [detect(0, 0.9, left), detect(0, 0.8, right), detect(1, 0.7, nowhere)],
  };
  expect(countsOf(picture)).toEqual([
    [1, 0, 0],
    [1, 0, 1],
    [0, 1, 0],
  ]);
});

test("the closer detection takes the object, the other is invented", () => {
  const picture = {
    boxes: [label(0, left)],
    detections: [detect(1, 0.9, [0, 0, 10, 8]), detect(0, 0.6, [0, 0, 10, 9])],
  };
  expect(countsOf(picture)).toEqual([
    [1, 0, 0],
    [0, 0, 0],
    [0, 1, 0],
  ]);
});

test("of equally close ones the right class, then the higher score", () => {
  const boxes = [label(0, left)];
  expect(countsOf({ boxes, detections: [detect(1, 0.9, left), detect(0, 0.6, left)] })[0]).toEqual([1, 0, 0]);
  const three = [label(0, left), label(1, right)];
  expect(countsOf({ boxes: three, detections: [detect(1, 0.6, left), detect(1, 0.9, left)] })).toEqual([
    [0, 1, 0],
    [0, 0, 1],
    [0, 1, 0],
  ]);
});

test("thresholds: a score equal to it counts, an IoU equal to it too", () => {
  const picture = { boxes: [label(0, left)], detections: [detect(0, 0.5, [0, 0, 10, 5])] };
  expect(countsOf(picture)[0]).toEqual([1, 0, 0]);
  expect(countsOf(picture, { scoreThreshold: 0.51 })[0]).toEqual([0, 0, 1]);
  expect(countsOf(picture, { iouThreshold: 0.51 })).toEqual([
    [0, 0, 1],
    [0, 0, 0],
    [1, 0, 0],
  ]);
});

test("crowds are no objects and swallow what lies in them", () => {
  const picture = {
    boxes: [label(0, [0, 0, 100, 100], { crowd: true })],
    detections: [detect(0, 0.9, left), detect(1, 0.9, right), detect(0, 0.9, nowhere)],
  };
  expect(countsOf(picture)).toEqual([
    [0, 0, 0],
    [0, 0, 0],
    [1, 0, 0],
  ]);
});

test("labels, and no pictures at all", () => {
  const matrix = confusionMatrix({ classes: ["cat"], pictures: [] }, { scoreThreshold: 0.3 });
  expect(matrix).toEqual({
    labels: ["cat", "background"],
    counts: [
      [0, 0],
      [0, 0],
    ],
    iouThreshold: 0.5,
    scoreThreshold: 0.3,
  });
});
