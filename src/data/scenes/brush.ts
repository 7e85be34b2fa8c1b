import type { Rgb } from "../../image/index.ts";
import type { Corner, Ellipse, Line, Point, Polygon, Ring } from "./shape.ts";

/** A filled polygon. */
export function polygon(colour: Rgb, ...corners: Corner[]): Polygon {
  return { kind: "polygon", colour, corners };
}

/** A filled ellipse; a circle without `ry`. */
export function ellipse(colour: Rgb, x: number, y: number, rx: number, ry: number = rx): Ellipse {
  return { kind: "ellipse", colour, x, y, rx, ry };
}

/** A circle's line. */
export function ring(colour: Rgb, x: number, y: number, radius: number, width: number): Ring {
  return { kind: "ring", colour, x, y, radius, width };
}

/** A line with round ends. */
export function line(colour: Rgb, width: number, ...points: Point[]): Line {
  return { kind: "line", colour, width, points };
}

/** An upright rectangle with its corners rounded alike. */
export function block(
  colour: Rgb,
  left: number,
  bottom: number,
  right: number,
  top: number,
  rounding = 0,
): Polygon {
  return polygon(
    colour,
    [left, bottom, rounding],
    [left, top, rounding],
    [right, top, rounding],
    [right, bottom, rounding],
  );
}

/** The same shape, shining by itself. */
export function glowing<S extends Polygon | Ellipse | Ring | Line>(shape: S): S {
  return { ...shape, glowing: true };
}

/** The same shape, shining only where `on`. */
export function glowingIf<S extends Polygon | Ellipse | Ring | Line>(on: boolean, shape: S): S {
  return on ? glowing(shape) : shape;
}
