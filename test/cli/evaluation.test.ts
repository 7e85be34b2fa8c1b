import { expect, it } from "vitest";
import { evaluationTable } from "../../src/cli/evaluation.ts";
import type { DetectorEvaluation } from "../../src/detect/index.ts";
import { evaluateDetections } from "../../src/metrics/index.ts";

it("means over the classes that have objects, as at the threshold that is chosen by them", () => {
  const evaluation = evaluateDetections({
    classes: ["cat", "dog"],
    pictures: [
      {
        id: "a",
        boxes: [{ classIndex: 0, box: [0, 0, 10, 10] }],
        detections: [
          { classIndex: 0, score: 0.8, box: [0, 0, 10, 10] },
          { classIndex: 1, score: 0.9, box: [50, 50, 60, 60] },
        ],
      },
    ],
  });
  const { NaN: nan } = Number;
  expect(evaluationTable({ ...evaluation, pictures: [] } as unknown as DetectorEvaluation).rows).toEqual([
    ["cat", 1, 1, 1, 1, 1, 1],
    ["dog", 0, nan, nan, nan, nan, nan],
    ["all", 1, 1, 1, 1, 1, Math.max(...evaluation.curves.mean.f1)],
  ]);
});
