import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/index.ts";
import type { DetectionSample } from "../../src/data/index.ts";
import { type BoxShape, kMeansAnchors } from "../../src/geometry/index.ts";
import { classColor } from "../../src/image/index.ts";
import { anchorChart, labelStatistics, labelStatisticsChart } from "../../src/report/index.ts";
import { readChart } from "./drawn.ts";

const sample = (boxes: DetectionSample["boxes"]): DetectionSample => ({
  id: "a",
  path: "",
  width: 640,
  height: 320,
  boxes,
});
const samples = [
  sample([
    { classIndex: 0, box: [0, 0, 64, 32] },
    { classIndex: 1, box: [320, 160, 640, 320] },
    { classIndex: 1, box: [0, 0, 640, 320], crowd: true },
  ]),
  sample([]),
  sample([{ classIndex: 1, box: [620, 300, 640, 320] }]),
];

describe("labelStatistics", () => {
  const statistics = labelStatistics(samples, ["cat", "dog"]);

  it("counts by class, place, size and picture, crowds left out", () => {
    expect(statistics.instances).toEqual([1, 2]);
    expect(statistics.objectsPerPicture).toEqual([1, 1, 1]);
    expect(statistics.sizes[0]).toEqual({ classIndex: 0, width: 0.1, height: 0.1 });
    expect(statistics.centers[1][1]).toBe(1);
    expect(statistics.centers[24][24]).toBe(1);
    expect(statistics.centers[31][31]).toBe(1);
    expect(statistics.centers.flatMap((row) => Array.from(row)).reduce((a, b) => a + b)).toBe(3);
  });

  it("is drawn in four panels", () => {
    const { texts, dots } = readChart(labelStatisticsChart(statistics));
    expect(texts).toEqual(
      expect.arrayContaining([
        "Objects of each class",
        "Centres of objects",
        "Sizes of objects",
        "Objects in a picture",
        "cat",
        "dog",
      ]),
    );
    expect(dots(classColor(1))).toHaveLength(2);
  });

  it("shows the most frequent of many classes", () => {
    const classes = Array.from({ length: 40 }, (_, k) => `class ${k}`);
    const boxes = classes.flatMap((_, k) =>
      Array.from({ length: k + 1 }, () => ({ classIndex: k, box: [0, 0, 20, 20] as const })),
    );
    const { texts } = readChart(labelStatisticsChart(labelStatistics([sample(boxes)], classes)));
    expect(texts).toContain("Objects of the 16 most frequent of 40 classes");
    expect(texts).toContain("class 24");
    expect(texts).not.toContain("class 23");
  });
});

describe("anchorChart", () => {
  it("draws every shape in the colour of its anchor, and each anchor twice", () => {
    const random = new Random(5);
    const shapes = Array.from(
      { length: 60 },
      (_, i): BoxShape => [(i % 3) * 40 + random.uniform(10, 20), (i % 3) * 30 + 12],
    );
    const { anchors, assignments } = kMeansAnchors(shapes, 3, { random });
    const drawn = readChart(anchorChart(shapes, anchors, assignments));
    for (let a = 0; a < 3; a++) {
      expect(drawn.dots(classColor(a))).toHaveLength(assignments.filter((b) => b === a).length);
      expect(drawn.lines(classColor(a)).filter(({ points }) => points.length === 5)).toHaveLength(2);
    }
    const [, rectangle] = drawn.lines(classColor(2));
    const [corner, beside, across] = rectangle.points;
    const ratio = (beside[0] - corner[0]) / (beside[1] - across[1]);
    expect(ratio).toBeCloseTo(anchors[2][0] / anchors[2][1], 1);
  });
});
