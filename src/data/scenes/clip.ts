import type { Xyxy } from "../../geometry/index.ts";
import { flattenOutline, type Point, type Shape } from "./shape.ts";

/** Corners of the polygon that stands for a circle: within 0.1 % of its radius. */
const circleCorners = 72;
/** Straight pieces that stand for a curve of an outline. */
const curvePieces = 10;

/**
 * The bounds of the part of a shape that lies in a window, or null where none does. All in the figure's
 * metres, `[left, bottom, right, top]`.
 */
export function boundsInWindow(shape: Shape, window: Xyxy): Xyxy | null {
  let bounds: Xyxy | null = null;
  for (const polygon of asPolygons(shape))
    for (const [x, y] of clipPolygon(polygon, window))
      bounds =
        bounds === null
          ? [x, y, x, y]
          : [Math.min(bounds[0], x), Math.min(bounds[1], y), Math.max(bounds[2], x), Math.max(bounds[3], y)];
  return bounds;
}

/** Polygons that cover what the shape covers; a ring's hole is filled, which changes no bounds. */
function asPolygons(shape: Shape): Point[][] {
  switch (shape.kind) {
    case "polygon":
      return [flattenOutline(shape.corners, curvePieces)];
    case "ellipse":
      return [round(shape.x, shape.y, shape.rx, shape.ry)];
    case "ring": {
      const radius = shape.radius + shape.width / 2;
      return [round(shape.x, shape.y, radius, radius)];
    }
    case "line": {
      const half = shape.width / 2;
      const ends = shape.points.map(([x, y]) => round(x, y, half, half));
      const stretches = shape.points.slice(1).map(([bx, by], i) => {
        const [ax, ay] = shape.points[i];
        const length = Math.hypot(bx - ax, by - ay) || 1;
        const [nx, ny] = [(-(by - ay) / length) * half, ((bx - ax) / length) * half];
        return [
          [ax + nx, ay + ny],
          [bx + nx, by + ny],
          [bx - nx, by - ny],
          [ax - nx, ay - ny],
        ] as Point[];
      });
      return [...ends, ...stretches];
    }
  }
}

function round(x: number, y: number, rx: number, ry: number): Point[] {
  return Array.from({ length: circleCorners }, (_, i) => {
    const angle = (2 * Math.PI * i) / circleCorners;
    return [x + Math.cos(angle) * rx, y + Math.sin(angle) * ry];
  });
}

/** Clips a polygon by a window, one side after the other (Sutherland & Hodgman 1974). */
function clipPolygon(polygon: readonly Point[], [x1, y1, x2, y2]: Xyxy): Point[] {
  const sides: [axis: 0 | 1, limit: number, sign: 1 | -1][] = [
    [0, x1, 1],
    [0, x2, -1],
    [1, y1, 1],
    [1, y2, -1],
  ];
  let points = [...polygon];
  for (const [axis, limit, sign] of sides) {
    const inside = (point: Point): boolean => (point[axis] - limit) * sign >= 0;
    points = points.flatMap((point, i) => {
      const next = points[(i + 1) % points.length];
      const kept = inside(point) ? [point] : [];
      if (inside(point) === inside(next)) return kept;
      const share = (limit - point[axis]) / (next[axis] - point[axis]);
      const crossing: Point = [
        point[0] + (next[0] - point[0]) * share,
        point[1] + (next[1] - point[1]) * share,
      ];
      return [...kept, crossing];
    });
  }
  return points;
}
