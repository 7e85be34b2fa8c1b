import type { Point } from "./shape.ts";

/** A pixel coordinate as SVG writes it: tenths. */
function tenths(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** A filled polygon through pixel points. */
export function area(points: readonly Point[], fill: string, opacity = 1): string {
  return `<path d="${closed(points)}" fill="${fill}"${opacity < 1 ? ` fill-opacity="${opacity}"` : ""}/>`;
}

/** Many polygons of one colour. */
export function areas(polygons: readonly (readonly Point[])[], fill: string): string {
  return polygons.length === 0 ? "" : `<path d="${polygons.map(closed).join("")}" fill="${fill}"/>`;
}

function closed(points: readonly Point[]): string {
  return `M${points.map(([x, y]) => `${tenths(x)} ${tenths(y)}`).join("L")}Z`;
}

/** The corners of an upright rectangle between two pixel points. */
export function corners(x1: number, y1: number, x2: number, y2: number): Point[] {
  return [
    [x1, y1],
    [x2, y1],
    [x2, y2],
    [x1, y2],
  ];
}

/** A filled upright rectangle. */
export function rectangle(x1: number, y1: number, x2: number, y2: number, fill: string): string {
  return area(corners(x1, y1, x2, y2), fill);
}

/** A filled ellipse. */
export function oval(x: number, y: number, rx: number, ry: number, fill: string, opacity = 1): string {
  return `<ellipse cx="${tenths(x)}" cy="${tenths(y)}" rx="${tenths(rx)}" ry="${tenths(ry)}" fill="${fill}" fill-opacity="${opacity}"/>`;
}

/** The definition of a gradient from top to bottom, to be used as `url(#id)`. */
export function verticalGradient(id: string, top: string, bottom: string): string {
  return `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient>`;
}

/** The definition of a glow that fades from the middle outwards, to be used as `url(#id)`. */
export function glow(id: string, colour: string, opacity: number): string {
  return `<radialGradient id="${id}"><stop offset="0" stop-color="${colour}" stop-opacity="${opacity}"/><stop offset="1" stop-color="${colour}" stop-opacity="0"/></radialGradient>`;
}
