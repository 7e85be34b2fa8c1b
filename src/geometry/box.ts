/** A box as its corners `[x1, y1, x2, y2]`, x to the right, y down; continuous coordinates: width = x2 − x1. */
export type Xyxy = readonly [x1: number, y1: number, x2: number, y2: number];
/** A box as its top-left corner and size `[x, y, width, height]`. */
export type Xywh = readonly [x: number, y: number, width: number, height: number];
/** A box as its centre and size `[cx, cy, width, height]`. */
export type Cxcywh = readonly [cx: number, cy: number, width: number, height: number];
