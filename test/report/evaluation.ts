import { Random } from "../../src/core/index.ts";
import { type DetectionEvaluation, evaluateDetections } from "../../src/metrics/index.ts";

/** The evaluation of a made-up detector that finds most objects, at times as another class. */
export function madeUpEvaluation(classes: readonly string[], seed = 3): DetectionEvaluation {
  const random = new Random(seed);
  const pictures = Array.from({ length: 40 }, (_, i) => {
    const boxes = Array.from({ length: 1 + random.integer(5) }, () => {
      const [x, y] = [random.uniform(0, 300), random.uniform(0, 300)];
      const box = [x, y, x + random.uniform(20, 80), y + random.uniform(20, 80)] as const;
      return { classIndex: random.integer(classes.length), box };
    });
    const detections = boxes
      .filter(() => random.chance(0.9))
      .map(({ classIndex, box }) => ({
        classIndex: random.chance(0.9) ? classIndex : random.integer(classes.length),
        score: random.uniform(0.3, 1),
        box,
      }));
    return { id: String(i), width: 400, height: 400, boxes, detections };
  });
  return evaluateDetections({ classes: [...classes], pictures });
}
