import {
  argMax,
  expand,
  gatherElements,
  mul,
  reshape,
  slice,
  softmax,
  squeeze,
  transpose,
  unsqueeze,
  type Value,
} from "../../graph/index.ts";
import type { Letterboxed } from "../../models/index.ts";
import { selectDetections } from "../postprocess.ts";
import { decodeInGraph, headWeights } from "./box-coder.ts";
import type { HeadOutput } from "./net.ts";
import type { Regions } from "./select-regions.ts";

/** What the heads find in one picture: each region's best class and its box, suppressed, in the picture's pixels. */
export function regionDetections(
  { logits, codes }: HeadOutput,
  regions: Regions,
  letterboxed: Letterboxed,
  thresholds: { score: number; iou: number },
): { boxes: Value; scores: Value; classes: Value } {
  const [count, classes] = logits.dims;
  const probabilities = slice(softmax(logits, 1), 1, 1, classes); // [P, classes], without the background
  const best = reshape(argMax(probabilities, 1), [count, 1, 1]);
  const perClass = slice(reshape(codes, [count, classes, 4]), 1, 1, classes);
  const own = squeeze(gatherElements(perClass, expand(best, [count, 1, 4]), 1), [1]); // [P, 4]
  const boxes = decodeInGraph(own, regions.boxes, headWeights);
  const scores = mul(probabilities, reshape(regions.valid, [count, 1]));
  return selectDetections(
    unsqueeze(boxes, [0]),
    unsqueeze(transpose(scores, [1, 0]), [0]),
    letterboxed,
    thresholds,
  );
}
