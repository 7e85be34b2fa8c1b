import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random, tensor } from "../../src/core/index.ts";
import { below, MAX_DETECTIONS, selectDetections } from "../../src/detect/postprocess.ts";
import { boxFromLetterbox, letterbox, nmsPerClass, type Xyxy } from "../../src/geometry/index.ts";
import { Graph } from "../../src/graph/index.ts";
import { compile, type Program } from "../../src/runtime/index.ts";
import { expectClose } from "../graph/closeness.ts";

const [BOXES, CLASSES] = [400, 3];
const original = { width: 210, height: 100 };
const input = { width: 96, height: 64 };
const thresholds = { score: 0.3, iou: 0.5 };
const fit = letterbox(original.width, original.height, input.width, input.height);

/** Suppression of given boxes, `[1, 400, 4]`, and scores, `[1, 3, 400]`. */
let program: Program;
beforeAll(async () => {
  const graph = new Graph();
  const number = (value: number) => graph.scalar(value);
  const outputs = selectDetections(
    graph.input("given", [1, BOXES, 4]),
    graph.input("rated", [1, CLASSES, BOXES]),
    {
      pictures: graph.input("unused", [1], "uint8"),
      width: number(fit.width),
      height: number(fit.height),
      scaleX: number(fit.newWidth / fit.width),
      scaleY: number(fit.newHeight / fit.height),
      padX: number(fit.padX),
      padY: number(fit.padY),
    },
    thresholds,
  );
  program = await compile({ outputs: { ...outputs }, threads: 1 });
});
afterAll(() => program.release());

async function select(boxes: readonly number[], scores: readonly number[]) {
  const results = await program.run({
    given: tensor(boxes, [1, BOXES, 4]),
    rated: tensor(scores, [1, CLASSES, BOXES]),
  });
  return {
    boxes: Array.from(results.boxes.data, Number),
    scores: Array.from(results.scores.data, Number),
    classes: Array.from(results.classes.data, Number),
  };
}

/** The same by geometry's functions, from the same float32 numbers. */
function selectPlainly(boxes: readonly number[], scores: readonly number[]) {
  const flat = Float32Array.from(Array.from({ length: CLASSES }, () => boxes).flat());
  const classes = Array.from({ length: CLASSES * BOXES }, (_, i) => Math.floor(i / BOXES));
  const rated = Float32Array.from(scores, (score, i) => {
    const ofBox = Array.from({ length: CLASSES }, (_, k) => scores[k * BOXES + (i % BOXES)]);
    return score === Math.max(...ofBox) ? score : 0; // a box bears one name
  });
  const kept = nmsPerClass(flat, rated, classes, {
    iouThreshold: thresholds.iou,
    scoreThreshold: Math.fround(thresholds.score),
    maxDetections: MAX_DETECTIONS,
  });
  const box = (i: number): Xyxy => [flat[4 * i], flat[4 * i + 1], flat[4 * i + 2], flat[4 * i + 3]];
  return {
    boxes: kept.flatMap((i) => [
      ...boxFromLetterbox(box(i), fit).map((v, side) =>
        Math.min(Math.max(v, 0), side % 2 ? original.height : original.width),
      ),
    ]),
    scores: kept.map((i) => rated[i]),
    classes: kept.map((i) => classes[i]),
  };
}

/** A list of 400 boxes that begins with these; the rest is scored 0. */
function padded(boxes: number[][], scores: number[][]): [number[], number[]] {
  const rest = <T>(list: T[], filler: T) => [...list, ...new Array<T>(BOXES - list.length).fill(filler)];
  return [rest(boxes, [0, 0, 1, 1]).flat(), scores.flatMap((ofClass) => rest(ofClass, 0))];
}

describe("selectDetections", () => {
  it.each([
    1, 2, 3,
  ])("is geometry's suppression per class, in pixels of the original: random boxes %d", async (seed) => {
    const random = new Random(seed);
    const boxes = Array.from({ length: BOXES }, () => {
      const [cx, cy] = [random.uniform(-5, 101), random.uniform(-5, 69)];
      const [w, h] = [random.uniform(8, 50), random.uniform(8, 40)];
      return [cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2];
    }).flat();
    const scores = Array.from({ length: CLASSES * BOXES }, () => random.next());
    const [actual, expected] = [await select(boxes, scores), selectPlainly(boxes, scores)];
    expect(actual.classes.length).toBeGreaterThan(30);
    expect(actual.classes).toEqual(expected.classes);
    expect(actual.scores).toEqual(expected.scores);
    expectClose(actual.boxes, expected.boxes, { relative: 1e-5, ofLargest: 0, absolute: 1e-3 }, "boxes");
  });

  it("drops what overlaps a better box by exactly the threshold, within its class only", async () => {
    const square = [10, 10, 20, 20];
    const half = [10, 10, 20, 15]; // IoU ½ with the square
    const less = [10, 10, 20, 14.9];
    const [boxes, scores] = padded(
      [square, half, less, square],
      [
        [0.9, 0.8, 0.7, 0],
        [0, 0, 0, 0.6],
      ],
    );
    const result = await select(boxes, [...scores, ...new Array(BOXES).fill(0)]);
    expect(result.classes).toEqual([0, 0, 1]);
    expectClose(result.scores, [0.9, 0.7, 0.6], { relative: 1e-6, ofLargest: 0 }, "scores");
  });

  it("drops scores at the threshold, keeps the next number above", async () => {
    const boxes = [
      [0, 0, 5, 5],
      [10, 0, 15, 5],
      [20, 0, 25, 5],
    ];
    const at = Math.fround(0.3);
    const [list, scores] = padded(boxes, [[at, at * (1 + 2 ** -22), 0.29], [], []]);
    expect((await select(list, scores)).scores).toEqual([Math.fround(at * (1 + 2 ** -22))]);
  });

  it("keeps the best of more than it may give, from all classes", async () => {
    const boxes = Array.from({ length: BOXES }, (_, i) => {
      const [x, y] = [(i % 20) * 4, Math.floor(i / 20) * 3];
      return [x, y, x + 3, y + 2];
    }).flat();
    const random = new Random(9);
    const scores = Array.from({ length: CLASSES * BOXES }, () => random.uniform(0.31, 1));
    const [actual, expected] = [await select(boxes, scores), selectPlainly(boxes, scores)];
    expect(actual.scores).toHaveLength(MAX_DETECTIONS);
    expect(actual.scores).toEqual(expected.scores);
    expect(actual.classes).toEqual(expected.classes);
  });

  it("gives a box the class that it scores highest, and no other", async () => {
    const [boxes, scores] = padded([[10, 10, 20, 20]], [[0.7], [0.9], [0.8]]);
    const result = await select(boxes, scores);
    expect(result.classes).toEqual([1]);
    expectClose(result.scores, [0.9], { relative: 1e-6, ofLargest: 0 }, "score");
  });

  it("gives empty lists where there is nothing", async () => {
    const [boxes, scores] = padded([], [[], [], []]);
    expect(await select(boxes, scores)).toEqual({ boxes: [], scores: [], classes: [] });
  });
});

it("below: the largest float32 below a threshold", () => {
  expect(below(0.5)).toBe(0.5 - 2 ** -25);
  expect(below(1)).toBe(1 - 2 ** -24);
  expect(below(0)).toBe(0);
  for (const threshold of [0.1, 0.45, 0.7]) {
    expect(below(threshold)).toBeLessThan(Math.fround(threshold));
    expect(Math.fround((below(threshold) + Math.fround(threshold)) / 2), "nothing lies between").toBeOneOf([
      below(threshold),
      Math.fround(threshold),
    ]);
  }
});
