import { classColor, parseColor } from "./color.ts";
import type { Picture } from "./picture.ts";
import { requirePicture } from "./require-picture.ts";
import { drawSvgOver } from "./svg.ts";

/** Points to draw. */
export interface PointsMark {
  /** In pixels of the picture. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Pairs of points that a line joins. */
  readonly lines?: readonly (readonly [from: number, to: number])[];
  /** `#rgb` or `#rrggbb`; the first class's colour by default. */
  readonly color?: string;
}

/**
 * A picture with points drawn on it, and lines between them. Size and width are in proportion to how far the points of a
 * mark spread, so that a small face is not covered.
 *
 * @throws `color-invalid`, `picture-size`
 */
export async function drawPoints(picture: Picture, marks: readonly PointsMark[]): Promise<Picture> {
  requirePicture(picture);
  const content = marks.map(drawMark).join("\n");
  const { width, height } = picture;
  return drawSvgOver(
    picture,
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`,
  );
}

function drawMark({ points, lines = [], color = classColor(0) }: PointsMark): string {
  parseColor(color);
  const spread = Math.max(
    ...[0, 1].map((axis) => {
      const values = points.map((point) => point[axis]);
      return Math.max(...values) - Math.min(...values);
    }),
  );
  const radius = Math.max(0.8, spread / 90);
  const strokes = lines.map(([from, to]) => {
    const [[x1, y1], [x2, y2]] = [points[from], points[to]];
    return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${color}" stroke-opacity="0.8" stroke-width="${radius}"/>`;
  });
  const dots = points.map(
    ([x, y]) =>
      `<circle cx="${x}" cy="${y}" r="${radius}" fill="${color}" stroke="#000000" stroke-opacity="0.5" stroke-width="${radius / 4}"/>`,
  );
  return [...strokes, ...dots].join("");
}
