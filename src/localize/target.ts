import type { Tensor } from "../core/index.ts";
import type { DetectionBatch, TrainingBox } from "../data/index.ts";
import { boxArea } from "../geometry/index.ts";

/** Components of a target before the classes: Pc, bx, by, bh, bw. */
export const TARGET_BOX_COMPONENTS = 5;

/** The object of a picture that counts where there are several: the largest. */
export function largestBox<T extends Pick<TrainingBox, "box">>(boxes: readonly T[]): T | undefined {
  let largest = boxes[0];
  for (const box of boxes) if (boxArea(box.box) > boxArea(largest.box)) largest = box;
  return largest;
}

/**
 * The target of one picture, `[Pc, bx, by, bh, bw, c1 … ck]`: Pc is 1 if there is an object; its centre, height and
 * width as fractions of the input; its class one-hot. For background Pc is 0 and the rest, which no loss looks at, 0.
 */
export function localizationTarget(
  object: TrainingBox | undefined,
  { width, height }: { width: number; height: number },
  classes: number,
): Float32Array {
  const target = new Float32Array(TARGET_BOX_COMPONENTS + classes);
  if (!object) return target;
  const [x1, y1, x2, y2] = object.box;
  target.set([1, (x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (y2 - y1) / height, (x2 - x1) / width]);
  target[TARGET_BOX_COMPONENTS + object.classIndex] = 1;
  return target;
}

/** A batch as the step's inputs: pictures `[N, 3, H, W]`, and targets `[N, 5 + classes]` of each one's largest object. */
export function feedsOf(batch: DetectionBatch, classes: number): Record<"pictures" | "targets", Tensor> {
  const { width, height, images, boxes } = batch;
  const length = TARGET_BOX_COMPONENTS + classes;
  const data = new Float32Array(boxes.length * length);
  for (const [slot, objects] of boxes.entries()) {
    data.set(localizationTarget(largestBox(objects), batch, classes), slot * length);
  }
  return {
    pictures: { dtype: "uint8", shape: [boxes.length, 3, height, width], data: images },
    targets: { dtype: "float32", shape: [boxes.length, length], data },
  };
}
