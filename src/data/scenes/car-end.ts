import { block, ellipse, glowingIf, line, polygon } from "./brush.ts";
import type { CarBuild } from "./car.ts";
import type { Figure } from "./figure.ts";
import { darken, glass, headlamp, lighten, mix, steel, tailLamp, tyre, white } from "./palette.ts";
import type { Shape } from "./shape.ts";

/** A car seen from the front or from behind. */
export function carEnd(car: CarBuild, facing: "towards" | "away", lamps: boolean): Figure {
  const { width, height, belt, paint } = car;
  const half = width / 2;
  const roof = half * (car.type === "van" ? 0.86 : 0.7);
  const shapes: Shape[] = [-1, 1].map((side) =>
    block(tyre, side * (half - 0.17) - 0.12, 0, side * (half - 0.17) + 0.12, 0.5, 0.05),
  );
  if (car.roofRack)
    shapes.push(
      ...[-1, 1].map((side) =>
        line(darken(steel, 0.4), 0.06, [side * roof * 0.9, height - 0.1], [side * roof * 0.9, height + 0.06]),
      ),
    );
  if (car.taxi)
    shapes.push(
      glowingIf(lamps, block(mix(white, headlamp, 0.5), -0.25, height - 0.05, 0.25, height + 0.14, 0.04)),
    );
  if (facing === "towards")
    shapes.push(
      ...[-1, 1].map((side) => ellipse(darken(paint, 0.25), side * (half + 0.08), belt + 0.06, 0.12, 0.08)),
    );
  shapes.push(
    polygon(
      paint,
      [-half + 0.02, belt - 0.1, 0.1],
      [-roof, height, 0.22],
      [roof, height, 0.22],
      [half - 0.02, belt - 0.1, 0.1],
    ),
    polygon(
      darken(paint, 0.08),
      [-half + 0.06, 0.24, 0.1],
      [-half, 0.55, 0.1],
      [-half + 0.05, belt, 0.16],
      [half - 0.05, belt, 0.16],
      [half, 0.55, 0.1],
      [half - 0.06, 0.24, 0.1],
    ),
    ...screen(car, roof, facing),
    line(lighten(paint, 0.3), 0.03, [-half + 0.2, belt - 0.04], [half - 0.2, belt - 0.04]),
    ...(facing === "towards" ? face(car, half, lamps) : tail(car, half, lamps)),
  );
  return shapes;
}

/** Windscreen or rear window; a pickup's rear window stands above its bed, a panel van has none. */
function screen(car: CarBuild, roof: number, facing: "towards" | "away"): Shape[] {
  const { width, height, belt } = car;
  if (facing === "away" && car.type === "van" && car.rearWindows === 0)
    return [line(darken(car.paint, 0.35), 0.025, [0, height - 0.12], [0, 0.4])];
  const [bottom, top] = [belt + 0.03, height - 0.1];
  const foot = width / 2 - 0.14;
  const head = roof - 0.08;
  return [
    polygon(glass, [-foot, bottom, 0.05], [-head, top, 0.08], [head, top, 0.08], [foot, bottom, 0.05]),
    polygon(
      lighten(glass, 0.28),
      [-foot * 0.62, bottom + 0.02],
      [-foot * 0.42, bottom + 0.02],
      [-head * 0.22, top - 0.03],
      [-head * 0.42, top - 0.03],
    ),
    ...(facing === "towards"
      ? [line(darken(glass, 0.4), 0.02, [-0.1, bottom + 0.02], [0.32, bottom + 0.12])]
      : []),
  ];
}

function face({ belt, paint }: CarBuild, half: number, lamps: boolean): Shape[] {
  const middle = belt - 0.3;
  return [
    block(darken(paint, 0.7), -half * 0.5, middle - 0.1, half * 0.5, middle + 0.08, 0.05),
    line(steel, 0.025, [-half * 0.42, middle], [half * 0.42, middle]),
    ...[-1, 1].flatMap((side) => [
      glowingIf(lamps, ellipse(headlamp, side * (half - 0.24), middle + 0.03, 0.17, 0.11)),
      ellipse(mix(white, steel, 0.3), side * (half - 0.24), middle + 0.03, 0.07),
    ]),
    block(darken(paint, 0.5), -half + 0.1, 0.28, half - 0.1, 0.42, 0.05),
    block(mix(white, steel, 0.2), -0.26, 0.38, 0.26, 0.49, 0.02),
  ];
}

function tail({ belt, paint, type }: CarBuild, half: number, lamps: boolean): Shape[] {
  const tall = type === "van" || type === "pickup" || type === "suv";
  const middle = belt - 0.24;
  return [
    ...[-1, 1].map((side) =>
      glowingIf(
        lamps,
        block(
          tailLamp,
          side * (half - 0.16) - (tall ? 0.1 : 0.15),
          middle - (tall ? 0.24 : 0.09),
          side * (half - 0.16) + (tall ? 0.1 : 0.12),
          middle + 0.1,
          0.05,
        ),
      ),
    ),
    line(darken(paint, 0.35), 0.02, [-half + 0.3, belt - 0.42], [half - 0.3, belt - 0.42]),
    block(mix(white, [250, 220, 120], 0.5), -0.26, middle - 0.1, 0.26, middle + 0.02, 0.02),
    block(darken(paint, 0.45), -half + 0.08, 0.28, half - 0.08, 0.44, 0.05),
  ];
}
