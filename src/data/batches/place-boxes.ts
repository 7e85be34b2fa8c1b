import { boxArea, clipBox, transformBox, type Xyxy } from "../../geometry/index.ts";
import type { PictureSize } from "../../image/index.ts";
import type { LabelledBox } from "../dataset.ts";
import type { Placement } from "./placement.ts";

/** An object to find in an input: its class and corners in pixels of the input, clipped to it. */
export interface TrainingBox {
  classIndex: number;
  box: Xyxy;
}

/** When a box is too much cut, or too small, to be asked of a detector. */
export interface BoxLimits {
  /** Least fraction of the box's area that is shown. */
  minVisible: number;
  /** Least side in pixels of the input. */
  minSide: number;
}

/** The boxes of a placed picture, in the input. Crowds and what is below the limits are left out. */
export function placeBoxes(
  boxes: readonly LabelledBox[],
  { toInput, crop }: Placement,
  input: PictureSize,
  limits: BoxLimits,
): TrainingBox[] {
  const placed: TrainingBox[] = [];
  for (const { classIndex, box, crowd } of boxes) {
    const part = intersection(box, crop);
    if (crowd || boxArea(part) === 0) continue;
    const shown = clipBox(transformBox(part, toInput), input.width, input.height);
    const side = Math.min(shown[2] - shown[0], shown[3] - shown[1]);
    const visible = boxArea(shown) / boxArea(transformBox(box, toInput));
    if (side > 0 && side >= limits.minSide && visible >= limits.minVisible) {
      placed.push({ classIndex, box: shown });
    }
  }
  return placed;
}

/** The part of a box within a window; a side is negative where they do not meet. */
function intersection(box: Xyxy, window: Xyxy): Xyxy {
  return [
    Math.max(box[0], window[0]),
    Math.max(box[1], window[1]),
    Math.min(box[2], window[2]),
    Math.min(box[3], window[3]),
  ];
}
