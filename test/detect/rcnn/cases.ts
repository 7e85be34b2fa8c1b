import { Random } from "../../../src/core/index.ts";
import { headMatching, type MatchOptions, rpnMatching } from "../../../src/detect/rcnn/index.ts";

// What torchvision computes for these is stored by tools/golden/rcnn.py.

/** Boxes of which each overlaps some others; corners with two digits, so that both sides read the same numbers. */
function drawBoxes(random: Random, count: number, room = 100): number[] {
  const digits = (value: number) => Math.round(value * 100) / 100;
  return Array.from({ length: count }, () => {
    const [x, y] = [random.uniform(0, 0.7 * room), random.uniform(0, 0.7 * room)];
    return [x, y, x + random.uniform(4, 0.5 * room), y + random.uniform(4, 0.5 * room)].map(digits);
  }).flat();
}

function drawNumbers(random: Random, count: number, low: number, high: number): number[] {
  return Array.from({ length: count }, () => Math.round(random.uniform(low, high) * 1e4) / 1e4);
}

function coderCase(name: string, seed: number, weights: [number, number, number, number]) {
  const random = new Random(seed);
  return {
    name,
    weights,
    boxes: drawBoxes(random, 6),
    references: drawBoxes(random, 6),
    // The last ones ask for sizes beyond the limit.
    codes: [...drawNumbers(random, 20, -2, 2), 0.5, -0.5, 30, 40],
  };
}

function matchCase(name: string, seed: number, boxes: number, objects: number, options: MatchOptions) {
  const random = new Random(seed);
  return { name, boxes: drawBoxes(random, boxes), objects: drawBoxes(random, objects), options };
}

function rpnCase(name: string, seed: number, beta: number) {
  const random = new Random(seed);
  const [n, b] = [2, 9];
  return {
    name,
    beta,
    shape: [n, b],
    objectness: drawNumbers(random, n * b, -3, 3),
    codes: drawNumbers(random, n * b * 4, -1, 1),
    labels: Array.from({ length: n * b }, () => random.integer(3) - 1),
    targets: drawNumbers(random, n * b * 4, -1, 1),
  };
}

function headCase(name: string, seed: number, beta: number, classOf: (i: number) => number) {
  const random = new Random(seed);
  const [regions, classes] = [7, 4];
  return {
    name,
    beta,
    shape: [regions, classes],
    logits: drawNumbers(random, regions * classes, -3, 3),
    codes: drawNumbers(random, regions * classes * 4, -1, 1),
    /** Class of each region; −1 where it only fills up. */
    labels: Array.from({ length: regions }, (_, i) => classOf(i)),
    targets: drawNumbers(random, regions * 4, -1, 1),
  };
}

export const cases = {
  coder: [
    coderCase("weights of the net that proposes", 1, [1, 1, 1, 1]),
    coderCase("weights of the heads", 2, [10, 10, 5, 5]),
  ],
  anchors: [
    { name: "one size", sizes: [32], ratios: [0.5, 1, 2], rows: 2, columns: 3, stride: 16 },
    { name: "three sizes", sizes: [20, 45, 100], ratios: [0.4, 1, 2.5], rows: 3, columns: 2, stride: 8 },
  ],
  matching: [
    matchCase("anchors", 3, 40, 5, rpnMatching),
    matchCase("proposals", 4, 40, 5, headMatching),
    matchCase("without low quality", 5, 40, 5, { ...rpnMatching, allowLowQuality: false }),
    matchCase("one object", 6, 12, 1, rpnMatching),
  ],
  sampling: [
    { name: "enough of both", positives: 100, negatives: 300, between: 20, count: 64, positiveShare: 0.25 },
    { name: "few positives", positives: 3, negatives: 300, between: 20, count: 64, positiveShare: 0.5 },
    { name: "few of both", positives: 3, negatives: 7, between: 20, count: 64, positiveShare: 0.5 },
    { name: "no positives", positives: 0, negatives: 90, between: 0, count: 64, positiveShare: 0.5 },
    {
      name: "nothing but positives",
      positives: 90,
      negatives: 0,
      between: 9,
      count: 64,
      positiveShare: 0.25,
    },
  ],
  rpnLoss: [rpnCase("β of the RPN", 7, 1 / 9), rpnCase("β of Fast R-CNN", 8, 1)],
  headLoss: [
    headCase("all regions count", 9, 1 / 9, (i) => i % 4),
    headCase("some only fill up", 10, 1, (i) => (i % 3) - 1),
  ],
};
