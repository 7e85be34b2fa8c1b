/** A rectangle as its top-left corner and size, in pixels. */
export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A label's tag to be placed, and the box it belongs to. */
export interface TagRequest {
  box: readonly [x1: number, y1: number, x2: number, y2: number];
  width: number;
  height: number;
}

/**
 * Places one tag for each box: preferably on top of the box's upper edge, else inside it, under it, or at its
 * right end, whichever first covers no tag placed before; where all do, the one that covers least. Tags stay
 * inside the picture as far as they fit.
 */
export function placeTags(
  requests: readonly TagRequest[],
  picture: { width: number; height: number },
): Rectangle[] {
  const placed: Rectangle[] = [];
  for (const request of requests) {
    let best: Rectangle | undefined;
    let least = Infinity;
    for (const candidate of candidates(request, picture)) {
      const covered = placed.reduce((sum, other) => sum + overlap(candidate, other), 0);
      if (covered < least) [best, least] = [candidate, covered];
      if (covered === 0) break;
    }
    if (best) placed.push(best);
  }
  return placed;
}

function candidates(
  { box, width, height }: TagRequest,
  picture: { width: number; height: number },
): Rectangle[] {
  const [x1, y1, x2, y2] = box;
  const lefts = [x1, x2 - width];
  const above = y1 - height;
  const tops = above >= 0 ? [above, y1, y2, y2 - height] : [y1, y2, y2 - height];
  return lefts.flatMap((left) =>
    tops.map((top) => ({
      x: clamp(left, picture.width - width),
      y: clamp(top, picture.height - height),
      width,
      height,
    })),
  );
}

function clamp(value: number, highest: number): number {
  return Math.max(0, Math.min(value, highest));
}

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}
