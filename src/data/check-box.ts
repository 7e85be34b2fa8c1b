import { clipBox, type Xyxy } from "../geometry/index.ts";
import type { PictureSize } from "../image/index.ts";
import type { LabelledBox, Problem } from "./dataset.ts";
import type { StatedBox } from "./formats/annotations.ts";

/** How far a box may stand out of its picture without being worth a word: rounding, and counting from 1. */
const TOLERANCE_PIXELS = 1;

/** A box as it is used, if it can be, and what is to be said about it. */
export interface CheckedBox {
  box?: LabelledBox;
  problems: Omit<Problem, "file">[];
}

/**
 * Checks a box against its upright picture. Swapped corners are put right and what stands out of the picture
 * is cut off (in silence up to one pixel); without numbers, without area, or wholly outside, it is dropped.
 *
 * @param corners the stated box in pixels of the upright picture
 */
export function checkBox(stated: StatedBox, corners: Xyxy, size: PictureSize): CheckedBox {
  const problems: CheckedBox["problems"] = [];
  const report = (kind: Problem["kind"], what: string) => {
    const shown = stated.written ?? corners.map((value) => Number(value.toFixed(2))).join(", ");
    const detail = `${stated.name} [${shown}] ${what}.`;
    problems.push({ kind, detail });
  };
  if (!corners.every(Number.isFinite)) {
    report("box-not-a-number", "does not have 4 numbers: skipped");
    return { problems };
  }
  const [x1, y1, x2, y2] = corners;
  if (x1 === x2 || y1 === y2) {
    report("box-empty", "has no area: skipped");
    return { problems };
  }
  const ordered: Xyxy = [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
  const clipped = clipBox(ordered, size.width, size.height);
  if (clipped[0] >= clipped[2] || clipped[1] >= clipped[3]) {
    report("box-outside", `is outside the picture of ${size.width}×${size.height}: skipped`);
    return { problems };
  }
  if (x1 > x2 || y1 > y2) report("box-inverted", "has its corners swapped: put right");
  if (!fitsWithin(ordered, size)) {
    report("box-clipped", `stands out of the picture of ${size.width}×${size.height}: cut off`);
  }
  const { classIndex, difficult, crowd, area } = stated;
  const box: LabelledBox = {
    classIndex,
    box: clipped,
    ...(difficult && { difficult }),
    ...(crowd && { crowd }),
    ...(area !== undefined && { area }),
  };
  return { box, problems };
}

/** Whether a box lies in a picture of this size, give or take a pixel. */
export function fitsWithin([x1, y1, x2, y2]: Xyxy, { width, height }: PictureSize): boolean {
  return (
    Math.min(x1, x2) >= -TOLERANCE_PIXELS &&
    Math.min(y1, y2) >= -TOLERANCE_PIXELS &&
    Math.max(x1, x2) <= width + TOLERANCE_PIXELS &&
    Math.max(y1, y2) <= height + TOLERANCE_PIXELS
  );
}
