import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/index.ts";
import { iou, nms, nmsPerClass, type Xyxy } from "../../src/geometry/index.ts";

/** The definition, word by word: take the best, drop what overlaps it, repeat. */
function naiveNms(boxes: Xyxy[], scores: number[], iouThreshold: number, scoreThreshold: number): number[] {
  let remaining = boxes.map((_, i) => i).filter((i) => scores[i] > scoreThreshold);
  const kept: number[] = [];
  while (remaining.length > 0) {
    const best = remaining.reduce((a, b) => (scores[b] > scores[a] ? b : a));
    kept.push(best);
    remaining = remaining.filter((i) => i !== best && iou(boxes[i], boxes[best]) < iouThreshold);
  }
  return kept;
}

function randomScene(random: Random, count: number) {
  const boxes = Array.from({ length: count }, (): Xyxy => {
    const [x, y] = [random.integer(30), random.integer(30)];
    return [x, y, x + 1 + random.integer(20), y + 1 + random.integer(20)];
  });
  return {
    boxes,
    scores: boxes.map(() => random.integer(12) / 12),
    classes: boxes.map(() => random.integer(3)),
  };
}

describe("nms", () => {
  // Two cars: 0.9, 0.7 and 0.6 on the one, 0.8 on the other.
  const boxes = [0, 0, 10, 10, 1, 0, 11, 10, 0, 1, 10, 11, 40, 0, 50, 10];
  const scores = [0.7, 0.9, 0.6, 0.8];

  test("keeps the best of each object, by descending score", () => {
    expect(nms(boxes, scores)).toEqual([1, 3]);
  });

  test("drops scores at or below the threshold", () => {
    expect(nms(boxes, scores, { scoreThreshold: 0.8 })).toEqual([1]);
    expect(nms(boxes, scores, { scoreThreshold: 0.6, iouThreshold: 0.99 })).toEqual([1, 3, 0]);
  });

  test("drops IoU equal to the threshold", () => {
    // Intersection 2, union 4.
    const half = [0, 0, 3, 1, 1, 0, 4, 1];
    expect(nms(half, [1, 0.5], { iouThreshold: 0.5 })).toEqual([0]);
    expect(nms(half, [1, 0.5], { iouThreshold: 0.500001 })).toEqual([0, 1]);
  });

  test("a dropped box drops no other: a chain keeps its ends", () => {
    // 0–1 and 1–2 overlap by 6/14 and 0–2 do not reach 0.4.
    const chain = [0, 0, 10, 1, 4, 0, 14, 1, 8, 0, 18, 1];
    expect(nms(chain, [0.9, 0.8, 0.7], { iouThreshold: 0.4 })).toEqual([0, 2]);
  });

  test("at most maxDetections", () => {
    expect(nms(boxes, scores, { iouThreshold: 2, maxDetections: 2 })).toEqual([1, 3]);
    expect(nms(boxes, scores, { maxDetections: 0 })).toEqual([]);
  });

  test("equal scores: the first in the list wins", () => {
    expect(nms(boxes, [0.5, 0.5, 0.5, 0.5])).toEqual([0, 3]);
  });

  test("no boxes; NaN scores are dropped", () => {
    expect(nms([], [])).toEqual([]);
    expect(nms(boxes, [Number.NaN, 0.2, 0.1, Number.NaN])).toEqual([1]);
  });

  test("refuses lengths that do not fit", () => {
    expect(() => nms(boxes, [1])).toThrow("`scores` has 1 entries for 4 boxes");
    expect(() => nmsPerClass(boxes, scores, [0])).toThrow("`classIndices` has 1 entries for 4 boxes");
  });

  test("equals the definition on random scenes", () => {
    const random = new Random(21);
    for (let round = 0; round < 60; round++) {
      const scene = randomScene(random, random.integer(60));
      const options = { iouThreshold: random.integer(11) / 10, scoreThreshold: random.integer(6) / 12 };
      expect(nms(scene.boxes.flat(), scene.scores, options)).toEqual(
        naiveNms(scene.boxes, scene.scores, options.iouThreshold, options.scoreThreshold),
      );
    }
  });
});

describe("nmsPerClass", () => {
  test("boxes of different classes do not suppress each other", () => {
    expect(nmsPerClass([0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1], [0.5, 0.9, 0.6], [0, 1, 0])).toEqual([1, 2]);
  });

  test("is the union of each class's own suppression", () => {
    const random = new Random(22);
    for (let round = 0; round < 30; round++) {
      const { boxes, scores, classes } = randomScene(random, 50);
      const expected = [0, 1, 2].flatMap((index) => {
        const members = boxes.map((_, i) => i).filter((i) => classes[i] === index);
        const kept = naiveNms(
          members.map((i) => boxes[i]),
          members.map((i) => scores[i]),
          0.5,
          0.1,
        );
        return kept.map((i) => members[i]);
      });
      expected.sort((i, j) => scores[j] - scores[i] || i - j);
      const flat = new Float32Array(boxes.flat());
      expect(nmsPerClass(flat, scores, classes, { scoreThreshold: 0.1 })).toEqual(expected);
      expect(nmsPerClass(flat, scores, classes, { scoreThreshold: 0.1, maxDetections: 4 })).toEqual(
        expected.slice(0, 4),
      );
    }
  });
});

describe("thresholds that nothing can be compared with", () => {
  test.each([
    { iouThreshold: Number.NaN },
    { scoreThreshold: Number.NaN },
    { maxDetections: Number.NaN },
    { maxDetections: -1 },
  ])("are refused: %o", (options) => {
    const [name] = Object.keys(options);
    const failed = expect.objectContaining({
      code: "argument-range",
      message: expect.stringContaining(`\`${name}\``),
    });
    expect(() => nms([0, 0, 1, 1], [0.9], options)).toThrow(failed);
    expect(() => nmsPerClass([0, 0, 1, 1], [0.9], [0], options)).toThrow(failed);
  });
});
