import { type Camera, distanceOf } from "./camera.ts";
import type { Composition } from "./compose.ts";
import { figureSvg } from "./figure.ts";
import type { Light } from "./light.ts";
import { shapeBounds } from "./shape.ts";
import { glow, oval } from "./svg.ts";
import type { PlacedFigure } from "./visibility.ts";
import { rain } from "./weather.ts";

/** The whole scene as an SVG document: surroundings, then figures from the farthest to the nearest. */
export function sceneSvg({ camera, light, backdrop, props, objects, random }: Composition): string {
  const figures = [...props, ...objects].sort((a, b) => b.depth - a.depth);
  return document(
    camera,
    [
      `<defs>${glow("warm", "#ffe6a8", 0.55)}${glow("red", "#ff4040", 0.5)}${glow("shade", "#000000", 0.5)}</defs>`,
      backdrop.svg,
      ...figures.map((figure) => shadow(figure, camera) + placedSvg(figure, light) + halos(figure, light)),
      light.raining ? rain(random, camera.width, camera.height) : "",
    ].join(""),
  );
}

/** A document with one figure on a transparent ground: what its box is checked against. */
export function figureDocument(figure: PlacedFigure, { camera, light }: Composition): string {
  return document(camera, placedSvg(figure, light));
}

function document({ width, height }: Camera, content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`;
}

function placedSvg({ figure, placement, depth }: PlacedFigure, light: Light): string {
  return figureSvg(figure, placement, light, distanceOf(depth));
}

/** The soft shadow on the ground below a figure. */
function shadow({ bounds, placement, depth }: PlacedFigure, camera: Camera): string {
  const [x1, , x2] = bounds;
  const half = Math.min((x2 - x1) / 2, placement.scale * 2.6);
  // What lies flat on the ground is seen foreshortened by eye / depth.
  const thickness = Math.max(0.8, Math.min(0.4 * half, 0.5 * placement.scale * (camera.eye / depth)));
  return oval((x1 + x2) / 2, placement.y, half * 1.12, thickness, "url(#shade)");
}

/** Light around the lamps that shine in a figure. */
function halos({ figure, placement }: PlacedFigure, light: Light): string {
  if (!light.lamps) return "";
  return figure
    .filter((shape) => shape.glowing)
    .map((shape) => {
      const [left, bottom, right, top] = shapeBounds(shape);
      const x = placement.x + ((left + right) / 2) * placement.scale * (placement.mirrored ? -1 : 1);
      const y = placement.y - ((bottom + top) / 2) * placement.scale;
      const radius = Math.max(right - left, top - bottom) * placement.scale * 2.2;
      return oval(x, y, radius, radius, shape.colour[1] > 128 ? "url(#warm)" : "url(#red)");
    })
    .join("");
}
