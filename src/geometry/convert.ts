import type { Cxcywh, Xywh, Xyxy } from "./box.ts";

/** Corners to top-left corner and size. */
export function xyxyToXywh([x1, y1, x2, y2]: Xyxy): Xywh {
  return [x1, y1, x2 - x1, y2 - y1];
}

/** Top-left corner and size to corners. */
export function xywhToXyxy([x, y, width, height]: Xywh): Xyxy {
  return [x, y, x + width, y + height];
}

/** Corners to centre and size. */
export function xyxyToCxcywh([x1, y1, x2, y2]: Xyxy): Cxcywh {
  return [(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1];
}

/** Centre and size to corners. */
export function cxcywhToXyxy([cx, cy, width, height]: Cxcywh): Xyxy {
  return [cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2];
}

/** Top-left corner and size to centre and size. */
export function xywhToCxcywh([x, y, width, height]: Xywh): Cxcywh {
  return [x + width / 2, y + height / 2, width, height];
}

/** Centre and size to top-left corner and size. */
export function cxcywhToXywh([cx, cy, width, height]: Cxcywh): Xywh {
  return [cx - width / 2, cy - height / 2, width, height];
}
