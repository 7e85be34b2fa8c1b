import { block, ellipse, glowingIf, line, polygon } from "./brush.ts";
import type { Figure } from "./figure.ts";
import type { MotorcycleBuild, Rider } from "./motorcycle.ts";
import { darken, glass, headlamp, lighten, mix, steel, tailLamp, tyre, white } from "./palette.ts";
import type { Shape } from "./shape.ts";

/** A motorcycle seen from the front or from behind. */
export function motorcycleEnd(build: MotorcycleBuild, facing: "towards" | "away", lamps: boolean): Figure {
  const { paint, rider } = build;
  const full = build.type === "scooter" || build.type === "sport";
  const machine: Shape[] = [
    block(tyre, -0.08, 0, 0.08, 0.64, 0.06),
    block(lighten(tyre, 0.15), -0.03, 0.02, 0.03, 0.5, 0.02),
    ...bars(paint),
    ...(facing === "towards" ? front(build, full, lamps) : rear(build, full, lamps)),
  ];
  if (rider === null) return machine;
  return facing === "towards"
    ? [...legs(rider), ...upperBody(rider), ...machine, ...arms(rider), ...helmet(rider, true)]
    : [...legs(rider), ...machine, ...arms(rider), ...upperBody(rider), ...helmet(rider, false)];
}

function bars(paint: MotorcycleBuild["paint"]): Shape[] {
  return [
    line(darken(steel, 0.6), 0.04, [-0.36, 1.0], [-0.14, 1.04], [0.14, 1.04], [0.36, 1.0]),
    ...[-1, 1].flatMap((side) => [
      line(darken(steel, 0.6), 0.02, [side * 0.26, 1.03], [side * 0.34, 1.18]),
      ellipse(darken(paint, 0.3), side * 0.36, 1.2, 0.075, 0.045),
    ]),
  ];
}

function front({ paint, type }: MotorcycleBuild, full: boolean, lamps: boolean): Shape[] {
  const shapes: Shape[] = [
    line(steel, 0.05, [-0.11, 0.32], [-0.12, 0.95]),
    line(steel, 0.05, [0.11, 0.32], [0.12, 0.95]),
    polygon(paint, [-0.1, 0.48, 0.03], [-0.08, 0.7, 0.05], [0.08, 0.7, 0.05], [0.1, 0.48, 0.03]),
  ];
  if (full) {
    const half = type === "scooter" ? 0.26 : 0.24;
    shapes.push(
      polygon(
        paint,
        [-0.1, 0.52, 0.05],
        [-half, 0.72, 0.08],
        [-half * 0.8, 1.02, 0.1],
        [half * 0.8, 1.02, 0.1],
        [half, 0.72, 0.08],
        [0.1, 0.52, 0.05],
      ),
      polygon(
        mix(glass, white, 0.3),
        [-0.13, 1.0, 0.02],
        [-0.1, 1.2, 0.06],
        [0.1, 1.2, 0.06],
        [0.13, 1.0, 0.02],
      ),
    );
  } else
    shapes.push(
      block(paint, -0.15, 0.78, 0.15, 1.02, 0.1),
      line(darken(steel, 0.5), 0.2, [-0.02, 0.45], [0.02, 0.45]),
    );
  shapes.push(
    ellipse(darken(steel, 0.2), 0, 0.88, 0.12),
    glowingIf(lamps, ellipse(headlamp, 0, 0.88, 0.095)),
  );
  return shapes;
}

function rear(build: MotorcycleBuild, full: boolean, lamps: boolean): Shape[] {
  const half = full ? 0.2 : 0.15;
  const shapes: Shape[] = [
    line(steel, 0.1, [0.2, 0.3], [0.21, 0.46]),
    ellipse([40, 40, 44], 0.21, 0.46, 0.035),
    polygon(
      build.paint,
      [-0.09, 0.56, 0.04],
      [-half, 0.8, 0.08],
      [-half * 0.8, 0.92, 0.06],
      [half * 0.8, 0.92, 0.06],
      [half, 0.8, 0.08],
      [0.09, 0.56, 0.04],
    ),
    block(build.seat, -0.15, 0.86, 0.15, 0.96, 0.05),
    glowingIf(lamps, block(tailLamp, -0.1, 0.74, 0.1, 0.82, 0.03)),
    block(mix(white, steel, 0.2), -0.09, 0.5, 0.09, 0.62, 0.01),
  ];
  if (build.topCase) shapes.push(block(lighten(build.seat, 0.12), -0.24, 0.94, 0.24, 1.24, 0.06));
  return shapes;
}

function legs({ trousers }: Rider): Shape[] {
  return [-1, 1].flatMap((side) => [
    line(darken(trousers, 0.1), 0.16, [side * 0.14, 0.92], [side * 0.27, 0.7]),
    line(darken(trousers, 0.1), 0.13, [side * 0.27, 0.7], [side * 0.24, 0.4]),
    line([34, 30, 30], 0.1, [side * 0.24, 0.34], [side * 0.26, 0.33]),
  ]);
}

function upperBody({ jacket }: Rider): Shape[] {
  return [
    polygon(
      jacket,
      [-0.18, 0.86, 0.05],
      [-0.23, 1.4, 0.1],
      [-0.07, 1.46, 0.05],
      [0.07, 1.46, 0.05],
      [0.23, 1.4, 0.1],
      [0.18, 0.86, 0.05],
    ),
    line(darken(jacket, 0.3), 0.02, [0, 0.95], [0, 1.42]),
  ];
}

function arms({ jacket }: Rider): Shape[] {
  return [-1, 1].flatMap((side) => [
    line(darken(jacket, 0.15), 0.11, [side * 0.2, 1.36], [side * 0.37, 1.16]),
    line(darken(jacket, 0.15), 0.09, [side * 0.37, 1.16], [side * 0.3, 1.03]),
    ellipse([40, 36, 36], side * 0.3, 1.02, 0.055),
  ]);
}

function helmet({ helmet: colour }: Rider, facing: boolean): Shape[] {
  const shell = ellipse(colour, 0, 1.58, 0.145, 0.16);
  if (!facing) return [shell, line(lighten(colour, 0.4), 0.03, [-0.06, 1.67], [0.04, 1.69])];
  return [
    shell,
    block(darken(glass, 0.3), -0.115, 1.53, 0.115, 1.63, 0.05),
    line(lighten(glass, 0.4), 0.02, [-0.07, 1.605], [0.0, 1.61]),
  ];
}
