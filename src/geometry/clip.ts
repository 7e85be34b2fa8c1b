import type { Xyxy } from "./box.ts";

/** The part of a box inside a picture of `width` × `height`; of zero size if it lies outside. */
export function clipBox(box: Xyxy, width: number, height: number): Xyxy {
  return [
    Math.min(Math.max(box[0], 0), width),
    Math.min(Math.max(box[1], 0), height),
    Math.min(Math.max(box[2], 0), width),
    Math.min(Math.max(box[3], 0), height),
  ];
}
