import { tensor } from "../core/index.ts";
import {
  concat,
  div,
  equal,
  gather,
  gatherND,
  maximum,
  minimum,
  nonMaxSuppression,
  reduceMax,
  shapeOf,
  slice,
  squeeze,
  sub,
  topK,
  type Value,
  where,
} from "../graph/index.ts";
import type { Letterboxed } from "../models/index.ts";

/** Names of the constants that hold a detector file's thresholds. */
export const SCORE_THRESHOLD = "score_threshold";
export const IOU_THRESHOLD = "iou_threshold";

/** Most detections of one picture. */
export const MAX_DETECTIONS = 300;

/**
 * Suppression per class and back to pixels, as part of the graph. A box counts for the class that it scores
 * highest only: two names for one box help nobody.
 * @param boxes Corners in input pixels, `[1, B, 4]`.
 * @param scores `[1, classes, B]`.
 * @returns boxes `[n, 4]` in pixels of the original, scores `[n]` falling, classes `[n]`.
 */
export function selectDetections(
  boxes: Value,
  scores: Value,
  letterboxed: Letterboxed,
  thresholds: { score: number; iou: number },
): { boxes: Value; scores: Value; classes: Value } {
  const { graph } = boxes;
  const single = where(equal(scores, reduceMax(scores, [1])), scores, 0);
  const selected = nonMaxSuppression(
    boxes,
    single,
    graph.integers([MAX_DETECTIONS]),
    graph.constant(tensor([below(thresholds.iou)], [1]), IOU_THRESHOLD),
    graph.constant(tensor([thresholds.score], [1]), SCORE_THRESHOLD),
  ); // rows (0, class, box)
  const kept = gatherND(single, selected); // [selected]
  const count = minimum(shapeOf(kept), graph.integers([MAX_DETECTIONS]));
  const best = topK(kept, count, 0);
  const rows = gather(selected, best.indices, 0); // [n, 3]
  const column = (i: number) => squeeze(slice(rows, 1, i, i + 1), [1]);
  const corners = gather(squeeze(boxes, [0]), column(2), 0); // [n, 4]
  return {
    boxes: toOriginal(corners, letterboxed),
    scores: best.values,
    classes: column(1),
  };
}

/**
 * ONNX suppresses where IoU exceeds the threshold, the definition where it reaches it: the largest float32
 * below the threshold makes the two the same.
 */
export function below(threshold: number): number {
  const bits = new Int32Array(1);
  const float = new Float32Array(bits.buffer);
  float[0] = threshold;
  bits[0] -= float[0] > 0 ? 1 : 0;
  return float[0];
}

function toOriginal(corners: Value, { width, height, scaleX, scaleY, padX, padY }: Letterboxed): Value {
  const along = (i: number, pad: Value, scale: Value, limit: Value) =>
    minimum(maximum(div(sub(slice(corners, 1, i, i + 1), pad), scale), 0), limit);
  return concat(
    [
      along(0, padX, scaleX, width),
      along(1, padY, scaleY, height),
      along(2, padX, scaleX, width),
      along(3, padY, scaleY, height),
    ],
    1,
  );
}
