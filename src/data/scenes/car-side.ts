import { block, ellipse, glowingIf, line, polygon } from "./brush.ts";
import type { CarBuild } from "./car.ts";
import type { Figure } from "./figure.ts";
import { darken, glass, headlamp, lighten, mix, steel, tailLamp, tyre, white } from "./palette.ts";
import type { Corner, Point, Shape } from "./shape.ts";

/** Height of the sills over the road in metres. */
const clearance = 0.22;

/** A car that faces right; x = 0 is the middle of its length. */
export function carSide(car: CarBuild, lamps: boolean): Figure {
  const { length, height, belt, paint, wheelRadius } = car;
  const [rear, front] = [-length / 2, length / 2];
  const axles = [rear + wheelRadius + 0.42, front - wheelRadius - 0.42];
  const cabin = cabinCorners(car);
  const nose = belt - (car.type === "van" ? 0.06 : 0.16);

  const body = polygon(
    paint,
    [rear + 0.06, clearance, 0.08],
    [rear, 0.5, 0.1],
    [rear + 0.03, belt - 0.01, 0.14],
    ...(car.deck > 0.1 ? ([[rear + car.deck, belt + 0.02, 0.08]] as Corner[]) : []),
    cabin.rearTop,
    cabin.frontTop,
    cabin.frontFoot,
    [front - 0.15, nose, 0.25],
    [front, nose - 0.2, 0.12],
    [front - 0.05, clearance, 0.08],
  );
  const sill = polygon(
    darken(paint, 0.28),
    [rear + 0.06, clearance, 0.06],
    [rear + 0.01, 0.45, 0.02],
    [front - 0.01, 0.45, 0.02],
    [front - 0.05, clearance, 0.06],
  );
  const shoulder = line(lighten(paint, 0.35), 0.035, [rear + 0.12, belt - 0.1], [front - 0.45, belt - 0.14]);

  const shapes: Shape[] = [];
  if (car.roofRack)
    shapes.push(
      line(
        darken(steel, 0.4),
        0.05,
        [cabin.rearTop[0] + 0.2, height + 0.07],
        [cabin.frontTop[0] - 0.15, height + 0.07],
      ),
      block(
        darken(steel, 0.5),
        cabin.rearTop[0] + 0.3,
        height - 0.02,
        cabin.rearTop[0] + 0.38,
        height + 0.08,
      ),
      block(
        darken(steel, 0.5),
        cabin.frontTop[0] - 0.4,
        height - 0.02,
        cabin.frontTop[0] - 0.32,
        height + 0.08,
      ),
    );
  if (car.taxi) {
    const middle = (cabin.rearTop[0] + cabin.frontTop[0]) / 2;
    shapes.push(
      glowingIf(
        lamps,
        block(mix(white, headlamp, 0.5), middle - 0.22, height - 0.03, middle + 0.22, height + 0.13, 0.04),
      ),
    );
  }
  shapes.push(body, sill, shoulder);
  if (car.stripe) shapes.push(line(mix(white, paint, 0.15), 0.09, [rear + 0.12, 0.6], [front - 0.12, 0.6]));
  shapes.push(...windows(car, cabin), ...doors(car, cabin));
  shapes.push(
    glowingIf(lamps, block(headlamp, front - 0.32, nose - 0.22, front - 0.04, nose - 0.08, 0.06)),
    glowingIf(lamps, block(tailLamp, rear + 0.01, belt - 0.32, rear + 0.17, belt - 0.1, 0.04)),
    block(darken(paint, 0.55), front - 0.3, 0.27, front - 0.02, 0.37, 0.04),
    block(darken(paint, 0.55), rear + 0.02, 0.27, rear + 0.3, 0.37, 0.04),
  );
  for (const axle of axles) shapes.push(...wheel(axle, wheelRadius));
  return shapes;
}

interface Cabin {
  rearTop: Corner;
  frontTop: Corner;
  /** Where the windscreen meets the bonnet, and the rear window the boot. */
  frontFoot: Corner;
  rearFoot: Point;
}

function cabinCorners({ length, height, belt, bonnet, deck, screenRun, rearRun, type }: CarBuild): Cabin {
  const frontFoot = length / 2 - bonnet;
  const rearFoot = -length / 2 + Math.max(deck, 0.03);
  const soft = type === "van" || type === "pickup" ? 0.14 : 0.3;
  return {
    rearTop: [rearFoot + rearRun, height, soft],
    frontTop: [frontFoot - screenRun, height, soft],
    frontFoot: [frontFoot, belt, 0.1],
    rearFoot: [rearFoot, belt],
  };
}

/** The glass between belt and roof, cut by the pillars. */
function windows(car: CarBuild, cabin: Cabin): Shape[] {
  const [bottom, top] = [car.belt + 0.03, car.height - 0.1];
  // Where the sloping pillars are at the glass's lower and upper edge, inset by the frame.
  const along = (foot: number, head: number, y: number): number =>
    foot + ((head - foot) * (y - car.belt)) / (car.height - car.belt);
  const rearAt = (y: number): number => along(cabin.rearFoot[0], cabin.rearTop[0], y) + 0.12;
  const frontAt = (y: number): number => along(cabin.frontFoot[0], cabin.frontTop[0], y) - 0.12;
  const doorStart =
    car.rearWindows === 0 ? frontAt(bottom) - (car.type === "pickup" ? 1.3 : 1.25) : -Infinity;
  const left = (y: number): number => Math.max(rearAt(y), doorStart);
  const pane = polygon(
    glass,
    [left(bottom), bottom, 0.05],
    [left(top), top, 0.08],
    [frontAt(top), top, 0.08],
    [frontAt(bottom), bottom, 0.05],
  );
  const span = frontAt(bottom) - left(bottom);
  const shine = (start: number): Shape =>
    polygon(
      lighten(glass, 0.28),
      [start, bottom + 0.02],
      [start + 0.14, bottom + 0.02],
      [start + 0.14 - 0.0 + (top - bottom) * 0.35, top - 0.03],
      [start + (top - bottom) * 0.35, top - 0.03],
    );
  const shapes: Shape[] = [pane, shine(left(bottom) + span * 0.52)];
  for (let i = 1; i <= car.rearWindows; i++) {
    const x = left(bottom) + (span * (i + 0.02)) / (car.rearWindows + 1) - 0.03;
    shapes.push(block(darken(car.paint, 0.12), x - 0.04, bottom - 0.02, x + 0.04, top + 0.02));
  }
  return shapes;
}

/** Seams and handles; seams end in the sill. */
function doors(car: CarBuild, cabin: Cabin): Shape[] {
  const seam = darken(car.paint, 0.35);
  const front = cabin.frontFoot[0] - 0.05;
  const middle = front - 1.12;
  const mirror = ellipse(darken(car.paint, 0.2), front - 0.22, car.belt + 0.08, 0.11, 0.075);
  return [
    line(seam, 0.02, [front, car.belt - 0.05], [front - 0.02, 0.35]),
    line(seam, 0.02, [middle, car.belt], [middle, 0.35]),
    line(seam, 0.03, [middle + 0.1, car.belt - 0.2], [middle + 0.27, car.belt - 0.2]),
    mirror,
  ];
}

function wheel(x: number, radius: number): Shape[] {
  const arch = radius + 0.07;
  const arc = Array.from({ length: 9 }, (_, i): Corner => {
    const angle = Math.PI * (1.06 - (1.12 * i) / 8);
    return [x + Math.cos(angle) * arch, radius + Math.sin(angle) * arch];
  });
  return [
    polygon([24, 25, 30], ...arc),
    ellipse(tyre, x, radius, radius),
    ellipse(steel, x, radius, radius * 0.64),
    ellipse(darken(steel, 0.35), x, radius, radius * 0.5),
    ...[0, 1, 2].map((i): Shape => {
      const [dx, dy] = [
        Math.cos((i * Math.PI) / 3) * radius * 0.55,
        Math.sin((i * Math.PI) / 3) * radius * 0.55,
      ];
      return line(steel, radius * 0.13, [x - dx, radius - dy], [x + dx, radius + dy]);
    }),
    ellipse(lighten(steel, 0.3), x, radius, radius * 0.16),
  ];
}
