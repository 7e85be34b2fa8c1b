import type { Xyxy } from "../../geometry/index.ts";
import type { Camera } from "./camera.ts";
import { type Figure, figureBox, figureCoverage, type Placement } from "./figure.ts";

/** A figure in the picture. */
export interface PlacedFigure {
  figure: Figure;
  placement: Placement;
  /** Metres before the camera: the painter's order. */
  depth: number;
  /** Exact bounds in pixels, not clipped to the picture. */
  bounds: Xyxy;
  covers: (x: number, y: number) => boolean;
}

/** Puts a figure on the ground at a world position. */
export function placeFigure(
  figure: Figure,
  camera: Camera,
  { x, depth, mirrored }: { x: number; depth: number; mirrored: boolean },
): PlacedFigure {
  const scale = camera.focal / depth;
  const placement: Placement = {
    x: camera.centre + x * scale,
    y: camera.horizon + camera.eye * scale,
    scale,
    mirrored,
  };
  return {
    figure,
    placement,
    depth,
    bounds: figureBox(figure, placement),
    covers: figureCoverage(figure, placement),
  };
}

/** Sample points along each side of a figure's bounds. */
const grid = 20;

/**
 * The share (0–1) of a figure's surface that is in the picture and not behind nearer figures, estimated on a
 * grid of points over its bounds.
 */
export function visibleShare(target: PlacedFigure, all: readonly PlacedFigure[], camera: Camera): number {
  const [x1, y1, x2, y2] = target.bounds;
  const covering = all.filter(
    (other) => other !== target && other.depth < target.depth && overlap(other.bounds, target.bounds),
  );
  const inside = x1 >= 0 && y1 >= 0 && x2 <= camera.width && y2 <= camera.height;
  if (inside && covering.length === 0) return 1;
  let surface = 0;
  let visible = 0;
  for (let row = 0; row < grid; row++)
    for (let column = 0; column < grid; column++) {
      const x = x1 + ((column + 0.5) / grid) * (x2 - x1);
      const y = y1 + ((row + 0.5) / grid) * (y2 - y1);
      if (!target.covers(x, y)) continue;
      surface++;
      if (x < 0 || y < 0 || x > camera.width || y > camera.height) continue;
      if (!covering.some((other) => other.covers(x, y))) visible++;
    }
  return surface === 0 ? 0 : visible / surface;
}

/** Whether two boxes have more than an edge in common. */
export function overlap(a: Xyxy, b: Xyxy): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}
