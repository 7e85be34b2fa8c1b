import type { Xyxy } from "../../geometry/index.ts";
import type { PictureSize } from "../../image/index.ts";

/** A place where a face may be. */
export interface FaceBox {
  /** Corners in pixels of the picture. */
  box: Xyxy;
  score: number;
}

/**
 * Of several faces the one that a portrait is of: large, and near the picture's middle. A face's size (the root of its
 * area) counts in full in the middle, not at all in a corner, and linearly between; undefined without faces.
 */
export function mainFace<T extends FaceBox>(faces: readonly T[], size: PictureSize): T | undefined {
  let best: T | undefined;
  for (const face of faces) {
    if (!best || weightOf(face.box, size) > weightOf(best.box, size)) best = face;
  }
  return best;
}

function weightOf([x1, y1, x2, y2]: Xyxy, { width, height }: PictureSize): number {
  const away = Math.hypot((x1 + x2 - width) / 2, (y1 + y2 - height) / 2);
  const share = Math.max(0, 1 - away / Math.hypot(width / 2, height / 2));
  return Math.sqrt(Math.max(0, x2 - x1) * Math.max(0, y2 - y1)) * share;
}

/** Whether a box contains the picture's middle. */
export function coversMiddle([x1, y1, x2, y2]: Xyxy, { width, height }: PictureSize): boolean {
  return x1 < width / 2 && x2 > width / 2 && y1 < height / 2 && y2 > height / 2;
}
