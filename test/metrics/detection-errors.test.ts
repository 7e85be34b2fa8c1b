import { describe, expect, it } from "vitest";
import { type DetectedPicture, detectionErrors } from "../../src/metrics/index.ts";

type Box = readonly [number, number, number, number];
const object = (classIndex: number, box: Box, crowd = false) => ({ classIndex, box, crowd });
const find = (classIndex: number, score: number, box: Box) => ({ classIndex, score, box });
const errorsOf = (
  boxes: DetectedPicture["boxes"],
  detections: DetectedPicture["detections"],
  threshold = 0.5,
) => detectionErrors({ classes: ["cat", "dog"], pictures: [{ id: "a", boxes, detections }] }, threshold);

const at: Box = [0, 0, 10, 10];
const half: Box = [5, 0, 15, 10]; // IoU 1/3
const away: Box = [50, 50, 60, 60];

describe("detectionErrors", () => {
  it("finds none where each object is found once", () => {
    expect(errorsOf([object(0, at)], [find(0, 0.9, at), find(1, 0.4, away)])).toEqual([]);
  });

  it.each([
    ["background", find(0, 0.8, away), [], 0],
    ["localization", find(0, 0.8, half), [object(0, at)], 1 / 3],
    ["classification", find(1, 0.8, at), [object(0, at)], 1],
    ["both", find(1, 0.8, half), [object(0, at)], 1 / 3],
  ] as const)("calls it %s, and misses no object besides", (kind, detection, boxes, iou) => {
    const [error, ...others] = errorsOf(boxes, [detection]);
    expect(others).toEqual([]);
    const { classIndex, box, score } = detection;
    expect(error).toEqual({ kind, picture: "a", classIndex, box, score, iou: expect.closeTo(iou, 9) });
  });

  it("calls the less sure one of two finds a duplicate", () => {
    const errors = errorsOf([object(0, at)], [find(0, 0.7, at), find(0, 0.9, [0, 0, 10, 9])]);
    expect(errors).toMatchObject([{ kind: "duplicate", score: 0.7, iou: 1 }]);
  });

  it("lets a find take the free object though another overlaps it more", () => {
    const boxes = [object(0, at), object(0, [0, 0, 10, 12])];
    expect(errorsOf(boxes, [find(0, 0.9, at), find(0, 0.8, at)])).toEqual([]);
  });

  it("tells a missed object with its best find below the threshold, those last that have none", () => {
    const boxes = [object(0, away), object(1, at)];
    const errors = errorsOf(boxes, [
      find(1, 0.2, at),
      find(1, 0.3, at),
      find(0, 0.4, at),
      find(0, 0.6, half),
    ]);
    expect(errors.map(({ kind, classIndex, score }) => [kind, classIndex, score])).toEqual([
      ["both", 0, 0.6],
      ["missed", 0, 0],
    ]);
    expect(errorsOf(boxes, [find(1, 0.2, at), find(1, 0.3, at)])).toMatchObject([
      { kind: "missed", classIndex: 1, score: 0.3, iou: 1 },
      { kind: "missed", classIndex: 0, score: 0, iou: 0 },
    ]);
  });

  it("leaves out crowds and what lies in them", () => {
    expect(errorsOf([object(0, [0, 0, 100, 100], true)], [find(0, 0.9, away)])).toEqual([]);
  });

  it("puts the surest first, whatever their pictures, and missed objects behind them", () => {
    const pictures = [
      { id: "a", boxes: [object(0, at)], detections: [find(1, 0.6, away)] },
      { id: "b", boxes: [], detections: [find(0, 0.9, away)] },
    ];
    const errors = detectionErrors({ classes: ["cat", "dog"], pictures });
    expect(errors.map(({ picture, kind }) => [picture, kind])).toEqual([
      ["b", "background"],
      ["a", "background"],
      ["a", "missed"],
    ]);
  });

  it("refuses a threshold that is none", () => {
    expect(() => errorsOf([], [], Number.NaN)).toThrow(expect.objectContaining({ code: "argument-range" }));
  });
});
