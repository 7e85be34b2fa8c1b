import type { Xyxy } from "./box.ts";
import { boxArea, intersectionArea, iou } from "./iou.ts";

/**
 * Generalised IoU, in (−1, 1]: IoU less the share of the enclosing box that neither box covers
 * (Rezatofighi et al. 2019). 0 if the enclosing box is empty.
 */
export function giou(a: Xyxy, b: Xyxy): number {
  const [width, height] = enclosingShape(a, b);
  const enclosing = width * height;
  if (!(enclosing > 0)) return 0;
  const union = boxArea(a) + boxArea(b) - intersectionArea(a, b);
  return iou(a, b) - (enclosing - union) / enclosing;
}

/**
 * Distance IoU, in (−1, 1]: IoU less the squared distance of the centres over the squared diagonal of the
 * enclosing box (Zheng et al. 2020).
 */
export function diou(a: Xyxy, b: Xyxy): number {
  const [width, height] = enclosingShape(a, b);
  const diagonal = width ** 2 + height ** 2;
  if (!(diagonal > 0)) return 0;
  const dx = (a[0] + a[2] - b[0] - b[2]) / 2;
  const dy = (a[1] + a[3] - b[1] - b[3]) / 2;
  return iou(a, b) - (dx ** 2 + dy ** 2) / diagonal;
}

/**
 * Complete IoU: distance IoU less `α·v`, where `v` in [0, 1] measures how the aspect ratios differ and
 * `α = v / (1 − IoU + v)` (Zheng et al. 2020).
 */
export function ciou(a: Xyxy, b: Xyxy): number {
  const angleA = Math.atan2(a[2] - a[0], a[3] - a[1]);
  const angleB = Math.atan2(b[2] - b[0], b[3] - b[1]);
  const v = (4 / Math.PI ** 2) * (angleA - angleB) ** 2;
  if (v === 0) return diou(a, b);
  const alpha = v / (1 - iou(a, b) + v);
  return diou(a, b) - alpha * v;
}

/** Width and height of the smallest box around both. */
function enclosingShape(a: Xyxy, b: Xyxy): [width: number, height: number] {
  return [Math.max(a[2], b[2]) - Math.min(a[0], b[0]), Math.max(a[3], b[3]) - Math.min(a[1], b[1])];
}
