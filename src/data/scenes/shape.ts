import type { Xyxy } from "../../geometry/index.ts";
import type { Rgb } from "../../image/index.ts";

/** A point of a figure: metres, x to the right, y up; the figure stands on y = 0. */
export type Point = readonly [x: number, y: number];
/** A polygon's corner; `rounding` is the length that a quadratic curve cuts from both its edges, in metres. */
export type Corner = readonly [x: number, y: number, rounding?: number];

interface Painted {
  colour: Rgb;
  /** Shines by itself: the scene's light leaves the colour alone. */
  glowing?: boolean;
}

/** A filled polygon with corners that may be rounded. */
export interface Polygon extends Painted {
  kind: "polygon";
  corners: readonly Corner[];
}
/** A filled ellipse, its axes upright. */
export interface Ellipse extends Painted {
  kind: "ellipse";
  x: number;
  y: number;
  rx: number;
  ry: number;
}
/** A circle's line: `radius` runs to the middle of the line, which is `width` thick. */
export interface Ring extends Painted {
  kind: "ring";
  x: number;
  y: number;
  radius: number;
  width: number;
}
/** A line through points, with round ends and joins. */
export interface Line extends Painted {
  kind: "line";
  points: readonly Point[];
  width: number;
}

/** What figures are drawn with: few kinds, so that bounds and hit tests are exact. */
export type Shape = Polygon | Ellipse | Ring | Line;

/** Stretch of an outline: a quadratic Bézier curve. Straight stretches lie between two of them. */
interface Curve {
  from: Point;
  control: Point;
  to: Point;
}

/** A polygon's outline: one curve per corner (a point where it is sharp), joined by straight lines. */
export function outline(corners: readonly Corner[]): Curve[] {
  return corners.map((corner, i) => {
    const [x, y, rounding = 0] = corner;
    const point: Point = [x, y];
    if (rounding === 0) return { from: point, control: point, to: point };
    const before = corners[(i + corners.length - 1) % corners.length];
    const after = corners[(i + 1) % corners.length];
    return { from: towards(corner, before), control: point, to: towards(corner, after) };
  });
}

/** The point `rounding` metres from the corner to its neighbour, at most as far as their roundings can share the edge. */
function towards([x, y, rounding = 0]: Corner, [nx, ny, other = 0]: Corner): Point {
  const length = Math.hypot(nx - x, ny - y);
  if (length === 0) return [x, y];
  const share = (rounding * Math.min(1, length / (rounding + other))) / length;
  return [x + (nx - x) * share, y + (ny - y) * share];
}

/** A shape's exact bounds in the figure's metres: `[left, bottom, right, top]`. */
export function shapeBounds(shape: Shape): Xyxy {
  switch (shape.kind) {
    case "ellipse":
      return around(shape.x, shape.y, shape.rx, shape.ry);
    case "ring": {
      const reach = shape.radius + shape.width / 2;
      return around(shape.x, shape.y, reach, reach);
    }
    case "line":
      return uniteBounds(shape.points.map(([x, y]) => around(x, y, shape.width / 2, shape.width / 2)));
    case "polygon":
      return uniteBounds(
        outline(shape.corners).map(({ from, control, to }) => {
          const [x1, x2] = curveRange(from[0], control[0], to[0]);
          const [y1, y2] = curveRange(from[1], control[1], to[1]);
          return [x1, y1, x2, y2];
        }),
      );
  }
}

/** The smallest box around all boxes. */
export function uniteBounds(boxes: readonly Xyxy[]): Xyxy {
  return boxes.reduce(([ax1, ay1, ax2, ay2], [x1, y1, x2, y2]) => [
    Math.min(ax1, x1),
    Math.min(ay1, y1),
    Math.max(ax2, x2),
    Math.max(ay2, y2),
  ]);
}

function around(x: number, y: number, rx: number, ry: number): Xyxy {
  return [x - rx, y - ry, x + rx, y + ry];
}

/** Least and greatest value of a quadratic Bézier curve in one coordinate. */
function curveRange(from: number, control: number, to: number): [number, number] {
  let low = Math.min(from, to);
  let high = Math.max(from, to);
  if (control < low || control > high) {
    const t = (from - control) / (from - 2 * control + to); // where the derivative vanishes
    const extremum = (1 - t) * (1 - t) * from + 2 * t * (1 - t) * control + t * t * to;
    low = Math.min(low, extremum);
    high = Math.max(high, extremum);
  }
  return [low, high];
}

/** Straight pieces that stand for a curve in hit tests. */
const curvePieces = 4;

/** A polygon's outline as points; each rounded corner is cut into `pieces` straight lines. */
export function flattenOutline(corners: readonly Corner[], pieces: number): Point[] {
  return outline(corners).flatMap((curve) => flatten(curve, pieces));
}

/** A test "does the shape cover this point?" (metres of the figure); curves are taken as polygons. */
export function coverage(shape: Shape): (x: number, y: number) => boolean {
  switch (shape.kind) {
    case "ellipse":
      return (x, y) => ((x - shape.x) / shape.rx) ** 2 + ((y - shape.y) / shape.ry) ** 2 <= 1;
    case "ring":
      return (x, y) => Math.abs(Math.hypot(x - shape.x, y - shape.y) - shape.radius) <= shape.width / 2;
    case "line":
      return (x, y) =>
        shape.points.some((point, i) => {
          const next = shape.points[Math.min(i + 1, shape.points.length - 1)];
          return distanceToSegment(x, y, point, next) <= shape.width / 2;
        });
    case "polygon": {
      const points = flattenOutline(shape.corners, curvePieces);
      return (x, y) => isInside(x, y, points);
    }
  }
}

function flatten({ from, control, to }: Curve, pieces: number): Point[] {
  if (from === to) return [from];
  return Array.from({ length: pieces + 1 }, (_, i) => {
    const t = i / pieces;
    const [a, b, c] = [(1 - t) * (1 - t), 2 * t * (1 - t), t * t];
    return [a * from[0] + b * control[0] + c * to[0], a * from[1] + b * control[1] + c * to[1]];
  });
}

function distanceToSegment(x: number, y: number, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const squared = dx * dx + dy * dy;
  const t = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / squared));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

/** Non-zero winding rule, the one that SVG fills by. */
function isInside(x: number, y: number, points: readonly Point[]): boolean {
  let winding = 0;
  for (let i = 0; i < points.length; i++) {
    const [ax, ay] = points[i];
    const [bx, by] = points[(i + 1) % points.length];
    if (ay <= y === by <= y) continue;
    const side = (bx - ax) * (y - ay) - (x - ax) * (by - ay);
    if (by > ay ? side > 0 : side < 0) winding += by > ay ? 1 : -1;
  }
  return winding !== 0;
}
