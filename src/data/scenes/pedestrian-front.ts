import { ellipse, line, polygon } from "./brush.ts";
import type { Figure } from "./figure.ts";
import { darken, lighten } from "./palette.ts";
import type { Look } from "./pedestrian.ts";
import type { Corner, Point, Shape } from "./shape.ts";

/** A pedestrian who walks towards the viewer, or away from him (`back`). */
export function pedestrianFront(look: Look, phase: number, stride: number, back: boolean): Figure {
  const h = look.height;
  const g = look.girth;
  const at = (x: number, y: number): Point => [x * h * g, y * h];
  const corner = (x: number, y: number, rounding = 0): Corner => [x * h * g, y * h, rounding * h];
  const step = Math.sin(phase) * stride;
  const covered = look.lower === "trousers" || look.lower === "coat";

  const leg = (side: number, forward: number): Shape[] => {
    const shade = forward < 0 ? 0.2 : 0;
    const cloth = darken(look.bottom, shade);
    const skin = darken(look.skin, shade);
    // A leg that swings behind is seen shorter: its foot is higher in the picture.
    const lift = 0.022 + Math.max(0, -forward) * 0.12;
    const knee = at(side * 0.05, 0.27 + lift * 0.4);
    const ankle = at(side * (0.05 - Math.abs(forward) * 0.02), 0.025 + lift);
    const shinColour = covered ? cloth : skin;
    const thighColour = covered || look.lower === "shorts" ? cloth : skin;
    return [
      line(
        darken(look.shoe, shade),
        0.044 * h,
        [ankle[0], lift * h],
        [ankle[0] + side * 0.018 * h, lift * h],
      ),
      line(shinColour, (covered ? 0.068 : 0.048) * h * g, knee, [ankle[0], (0.04 + lift) * h]),
      line(thighColour, 0.088 * h * g, at(side * 0.046, 0.47), knee),
    ];
  };

  const arm = (side: number, forward: number): Shape[] => {
    const bare = look.sleeves === "short" && look.lower !== "coat";
    const sleeve = darken(look.top, 0.12);
    const elbow = at(side * (0.138 + Math.abs(forward) * 0.02), 0.645);
    const hand = at(side * (0.145 - forward * 0.06), 0.5 + Math.max(0, forward) * 0.1);
    return [
      line(bare ? look.skin : sleeve, 0.04 * h, elbow, hand),
      ellipse(look.skin, ...hand, 0.025 * h),
      line(sleeve, 0.054 * h, at(side * 0.102, 0.785), elbow),
    ];
  };

  const shapes: Shape[] = [];
  if (look.bag === "backpack" && !back)
    shapes.push(
      polygon(
        look.accent,
        corner(-0.1, 0.56, 0.02),
        corner(-0.11, 0.84, 0.03),
        corner(0.11, 0.84, 0.03),
        corner(0.1, 0.56, 0.02),
      ),
    );
  if (look.haircut === "long" && !back) shapes.push(longHair(look, corner));
  shapes.push(...leg(step < 0 ? -1 : 1, -Math.abs(step)), ...leg(step < 0 ? 1 : -1, Math.abs(step)));
  shapes.push(...arm(-1, step), ...arm(1, -step));
  shapes.push(...hem(look, corner));
  shapes.push(
    polygon(
      look.top,
      corner(-0.092, 0.485, 0.02),
      corner(-0.094, 0.66, 0.1),
      corner(-0.124, 0.815, 0.04),
      corner(-0.05, 0.845, 0.03),
      corner(0.05, 0.845, 0.03),
      corner(0.124, 0.815, 0.04),
      corner(0.094, 0.66, 0.1),
      corner(0.092, 0.485, 0.02),
    ),
  );
  if (!back && look.sleeves === "long" && look.lower !== "dress")
    shapes.push(
      polygon(
        lighten(look.accent, 0.35),
        corner(-0.035, 0.84),
        corner(0.035, 0.84),
        corner(0.02, 0.49),
        corner(-0.02, 0.49),
      ),
    );
  shapes.push(line(darken(look.skin, 0.12), 0.05 * h, at(0, 0.83), at(0, 0.87)));
  shapes.push(...head(look, h, back));
  if (back && look.haircut === "long") shapes.push(longHair(look, corner));
  if (look.hat !== "none") shapes.push(...hat(look, h, back));
  if (look.bag === "backpack") shapes.push(...backpackOrStraps(look, h, corner, at, back));
  if (look.bag === "handbag" || look.bag === "case") shapes.push(...shoulderBag(look, h, corner, at));
  return shapes;
}

type MakeCorner = (x: number, y: number, rounding?: number) => Corner;
type At = (x: number, y: number) => Point;

/** What hangs below the waist: a skirt, a dress, a coat. */
function hem(look: Look, corner: MakeCorner): Shape[] {
  if (look.lower === "trousers" || look.lower === "shorts") return [];
  const colour = look.lower === "skirt" ? look.bottom : darken(look.top, 0.06);
  const flare = look.lower === "coat" ? 0.115 : 0.15;
  return [
    polygon(
      colour,
      corner(-0.09, 0.58, 0.02),
      corner(0.09, 0.58, 0.02),
      corner(flare, 0.32, 0.02),
      corner(-flare, 0.32, 0.02),
    ),
  ];
}

function longHair(look: Look, corner: MakeCorner): Shape {
  return polygon(
    look.hair,
    corner(-0.062, 0.95, 0.02),
    corner(0.062, 0.95, 0.02),
    corner(0.085, 0.78, 0.03),
    corner(-0.085, 0.78, 0.03),
  );
}

function head(look: Look, h: number, back: boolean): Shape[] {
  const shapes: Shape[] = [];
  if (look.haircut === "bun") shapes.push(ellipse(look.hair, 0, 1.0 * h, 0.03 * h));
  shapes.push(
    ellipse(look.skin, -0.052 * h, 0.92 * h, 0.014 * h),
    ellipse(look.skin, 0.052 * h, 0.92 * h, 0.014 * h),
  );
  if (look.haircut !== "bald") shapes.push(ellipse(look.hair, 0, 0.94 * h, 0.06 * h, 0.062 * h));
  if (back) {
    const colour = look.haircut === "bald" ? look.skin : look.hair;
    return [...shapes, ellipse(colour, 0, 0.928 * h, 0.055 * h, 0.066 * h)];
  }
  shapes.push(ellipse(look.skin, 0, 0.92 * h, 0.051 * h, look.haircut === "bald" ? 0.076 * h : 0.062 * h));
  if (look.haircut === "short" || look.haircut === "long")
    shapes.push(
      polygon(
        look.hair,
        [-0.058 * h, 0.93 * h, 0.01 * h],
        [-0.05 * h, 1.005 * h, 0.05 * h],
        [0.05 * h, 1.005 * h, 0.05 * h],
        [0.058 * h, 0.93 * h, 0.01 * h],
        [0.02 * h, 0.97 * h, 0.02 * h],
        [-0.03 * h, 0.965 * h, 0.02 * h],
      ),
    );
  const dark = darken(look.skin, 0.75);
  return [
    ...shapes,
    ellipse(dark, -0.019 * h, 0.927 * h, 0.0065 * h, 0.009 * h),
    ellipse(dark, 0.019 * h, 0.927 * h, 0.0065 * h, 0.009 * h),
    line(darken(look.skin, 0.4), 0.006 * h, [-0.012 * h, 0.888 * h], [0.012 * h, 0.888 * h]),
  ];
}

function hat(look: Look, h: number, back: boolean): Shape[] {
  const top = look.hat === "beanie" ? 1.035 : 1.015;
  const crown = polygon(
    look.accent,
    [-0.062 * h, 0.95 * h, 0.01 * h],
    [-0.056 * h, top * h, 0.05 * h],
    [0.056 * h, top * h, 0.05 * h],
    [0.062 * h, 0.95 * h, 0.01 * h],
  );
  if (look.hat === "cap" && back) return [crown];
  const reach = { cap: 0.05, beanie: 0.05, brim: 0.115, none: 0 }[look.hat];
  const colour = look.hat === "beanie" ? lighten(look.accent, 0.25) : darken(look.accent, 0.25);
  return [crown, line(colour, 0.022 * h, [-reach * h, 0.955 * h], [reach * h, 0.955 * h])];
}

function backpackOrStraps(look: Look, h: number, corner: MakeCorner, at: At, back: boolean): Shape[] {
  const dark = darken(look.accent, 0.3);
  if (!back)
    return [-1, 1].map((side) => line(dark, 0.022 * h, at(side * 0.075, 0.83), at(side * 0.085, 0.6)));
  return [
    polygon(
      look.accent,
      corner(-0.105, 0.55, 0.03),
      corner(-0.1, 0.83, 0.05),
      corner(0.1, 0.83, 0.05),
      corner(0.105, 0.55, 0.03),
    ),
    polygon(
      dark,
      corner(-0.08, 0.57, 0.02),
      corner(-0.08, 0.67, 0.02),
      corner(0.08, 0.67, 0.02),
      corner(0.08, 0.57, 0.02),
    ),
  ];
}

function shoulderBag(look: Look, h: number, corner: MakeCorner, at: At): Shape[] {
  return [
    line(darken(look.accent, 0.35), 0.016 * h, at(-0.07, 0.83), at(0.13, 0.55)),
    polygon(
      look.accent,
      corner(0.07, 0.42, 0.015),
      corner(0.08, 0.56, 0.02),
      corner(0.19, 0.56, 0.02),
      corner(0.2, 0.42, 0.015),
    ),
  ];
}
