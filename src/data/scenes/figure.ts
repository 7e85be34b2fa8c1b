import type { Xyxy } from "../../geometry/index.ts";
import { boundsInWindow } from "./clip.ts";
import { type Light, lit } from "./light.ts";
import { css } from "./palette.ts";
import { coverage, outline, type Point, type Shape, shapeBounds, uniteBounds } from "./shape.ts";

/** How a figure is turned: seen from its side, from the front (it looks towards the viewer) or from behind. */
export type Facing = "side" | "towards" | "away";

/** Where a figure stands in the picture. */
export interface Placement {
  /** Pixel that the figure's origin (the ground below its middle) falls on. */
  x: number;
  y: number;
  /** Pixels a metre. */
  scale: number;
  /** Looks to the left instead of to the right. */
  mirrored: boolean;
}

/** Shapes in painter's order, in metres around the ground point that the figure stands on. */
export type Figure = readonly Shape[];

/** The exact box around a placed figure in pixels, not clipped. */
export function figureBox(figure: Figure, placement: Placement): Xyxy {
  return toPixels(placement, uniteBounds(figure.map(shapeBounds)));
}

/** The box around the part of a placed figure that lies in a picture, in pixels; null where none does. */
export function figureBoxInside(
  figure: Figure,
  placement: Placement,
  width: number,
  height: number,
): Xyxy | null {
  const [x1, y1, x2, y2] = figureBox(figure, placement);
  if (x1 >= 0 && y1 >= 0 && x2 <= width && y2 <= height) return [x1, y1, x2, y2];
  const [ax, top] = toFigure(placement, [0, 0]);
  const [bx, bottom] = toFigure(placement, [width, height]);
  const window: Xyxy = [Math.min(ax, bx), bottom, Math.max(ax, bx), top];
  const parts = figure.map((shape) => boundsInWindow(shape, window)).filter((part) => part !== null);
  return parts.length === 0 ? null : toPixels(placement, uniteBounds(parts));
}

/** A test "does the placed figure cover this pixel coordinate?". */
export function figureCoverage(figure: Figure, placement: Placement): (x: number, y: number) => boolean {
  const parts = figure.map((shape) => ({ bounds: shapeBounds(shape), covers: coverage(shape) }));
  return (px, py) => {
    const [x, y] = toFigure(placement, [px, py]);
    return parts.some(
      ({ bounds: [x1, y1, x2, y2], covers }) => x >= x1 && x <= x2 && y >= y1 && y <= y2 && covers(x, y),
    );
  };
}

/** A placed figure as SVG elements in pixels; `distance` (0–1) fades it into the light's haze. */
export function figureSvg(figure: Figure, placement: Placement, light: Light, distance = 0): string {
  return figure
    .map((shape) => {
      const colour = shape.glowing ? css(shape.colour) : lit(light, shape.colour, distance);
      return shapeSvg(shape, placement, colour);
    })
    .join("");
}

function shapeSvg(shape: Shape, placement: Placement, colour: string): string {
  const { scale } = placement;
  const at = (point: Point): string => place(placement, point).map(pixels).join(" ");
  switch (shape.kind) {
    case "ellipse": {
      const [x, y] = place(placement, [shape.x, shape.y]);
      const [rx, ry] = [pixels(shape.rx * scale), pixels(shape.ry * scale)];
      return `<ellipse cx="${pixels(x)}" cy="${pixels(y)}" rx="${rx}" ry="${ry}" fill="${colour}"/>`;
    }
    case "ring": {
      const [x, y] = place(placement, [shape.x, shape.y]);
      const [radius, width] = [pixels(shape.radius * scale), pixels(shape.width * scale)];
      return `<circle cx="${pixels(x)}" cy="${pixels(y)}" r="${radius}" fill="none" stroke="${colour}" stroke-width="${width}"/>`;
    }
    case "line": {
      const path = shape.points.map(at).join("L");
      const width = pixels(shape.width * scale);
      return `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;
    }
    case "polygon": {
      const path = outline(shape.corners).map(({ from, control, to }) =>
        from === to ? at(from) : `${at(from)}Q${at(control)} ${at(to)}`,
      );
      return `<path d="M${path.join("L")}Z" fill="${colour}"/>`;
    }
  }
}

function place({ x, y, scale, mirrored }: Placement, [px, py]: Point): [number, number] {
  return [x + px * scale * (mirrored ? -1 : 1), y - py * scale];
}

/** The inverse of `place`: from pixels to the figure's metres. */
function toFigure({ x, y, scale, mirrored }: Placement, [px, py]: Point): [number, number] {
  return [((px - x) / scale) * (mirrored ? -1 : 1), (y - py) / scale];
}

/** Bounds in metres as a box in pixels. */
function toPixels(placement: Placement, [left, bottom, right, top]: Xyxy): Xyxy {
  const { mirrored } = placement;
  const [x1, y1] = place(placement, [mirrored ? right : left, top]);
  const [x2, y2] = place(placement, [mirrored ? left : right, bottom]);
  return [x1, y1, x2, y2];
}

/** A pixel coordinate as SVG writes it: hundredths. */
function pixels(value: number): string {
  return String(Math.round(value * 100) / 100);
}
