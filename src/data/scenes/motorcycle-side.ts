import type { Rgb } from "../../image/index.ts";
import { block, ellipse, glowingIf, line, polygon, ring } from "./brush.ts";
import type { Figure } from "./figure.ts";
import type { MotorcycleBuild, Rider } from "./motorcycle.ts";
import { darken, glass, headlamp, lighten, mix, skins, steel, tailLamp, tyre, white } from "./palette.ts";
import type { Point, Shape } from "./shape.ts";

/** Where a motorcycle's parts and its rider's joints are, in metres. */
interface Frame {
  rear: Point;
  front: Point;
  /** Radius of the wheels' tyres, outside. */
  radius: number;
  grip: Point;
  seat: Point;
  peg: Point;
  /** How far the rider's shoulders are before his hips. */
  lean: number;
}

const frames: Record<MotorcycleBuild["type"], Frame> = {
  naked: {
    rear: [-0.7, 0.32],
    front: [0.72, 0.32],
    radius: 0.32,
    grip: [0.38, 1.06],
    seat: [-0.22, 0.86],
    peg: [-0.05, 0.36],
    lean: 0.2,
  },
  sport: {
    rear: [-0.68, 0.32],
    front: [0.7, 0.32],
    radius: 0.32,
    grip: [0.44, 0.95],
    seat: [-0.24, 0.9],
    peg: [-0.16, 0.42],
    lean: 0.42,
  },
  cruiser: {
    rear: [-0.78, 0.33],
    front: [0.9, 0.33],
    radius: 0.33,
    grip: [0.3, 1.15],
    seat: [-0.3, 0.74],
    peg: [0.36, 0.34],
    lean: 0.02,
  },
  scooter: {
    rear: [-0.6, 0.25],
    front: [0.64, 0.25],
    radius: 0.25,
    grip: [0.4, 1.04],
    seat: [-0.28, 0.82],
    peg: [0.16, 0.34],
    lean: 0.08,
  },
};

/** A motorcycle that faces right, its rider's far limbs behind it and the near ones before it. */
export function motorcycleSide(build: MotorcycleBuild, lamps: boolean): Figure {
  const frame = frames[build.type];
  const machine = build.type === "scooter" ? scooter(build, frame, lamps) : motorcycle(build, frame, lamps);
  if (build.rider === null) return [line(darken(steel, 0.5), 0.035, [-0.1, 0.35], [-0.22, 0.03]), ...machine];
  return [...farLimbs(build.rider, frame), ...machine, ...riderBody(build.rider, frame)];
}

function wheel([x, y]: Point, radius: number): Shape[] {
  return [
    ring(darken(tyre, 0.15), x, y, radius - 0.055, 0.11),
    ring(steel, x, y, radius - 0.12, 0.025),
    ...[0, 1, 2].map((i) => {
      const angle = (i * Math.PI) / 3 + 0.3;
      const [dx, dy] = [Math.cos(angle) * (radius - 0.12), Math.sin(angle) * (radius - 0.12)];
      return line(steel, 0.018, [x - dx, y - dy], [x + dx, y + dy]);
    }),
    ellipse(darken(steel, 0.3), x, y, 0.06),
  ];
}

function motorcycle(build: MotorcycleBuild, frame: Frame, lamps: boolean): Shape[] {
  const { paint } = build;
  const { rear, front, radius, grip, seat } = frame;
  const sport = build.type === "sport";
  const head: Point = [grip[0] + 0.06, grip[1] - 0.1];
  const seatBottom = seat[1] - 0.1;
  const shapes: Shape[] = [
    ...wheel(rear, radius),
    ...wheel(front, radius),
    // frame, swing arm, fork
    line(darken(steel, 0.55), 0.06, rear, [-0.1, 0.42]),
    line(
      darken(steel, 0.55),
      0.05,
      [-0.1, 0.42],
      [seat[0], seatBottom],
      [head[0] - 0.02, head[1] - 0.12],
      [0.24, 0.38],
    ),
    line(lighten(steel, 0.1), 0.05, front, head),
    // engine and exhaust
    block([58, 60, 66], -0.16, 0.26, 0.28, 0.6, 0.08),
    ellipse([92, 95, 102], 0.0, 0.4, 0.12),
    ellipse([44, 46, 52], 0.0, 0.4, 0.06),
    line([120, 124, 130], 0.03, [0.02, 0.56], [0.2, 0.56]),
    line(lighten(steel, 0.15), 0.07, [0.2, 0.28], [-0.25, 0.27]),
    line(lighten(steel, 0.15), 0.1, [-0.32, 0.28], [rear[0] - 0.02, sport ? 0.48 : 0.34]),
    // mudguards
    arcLine(darken(paint, 0.1), front, radius + 0.03, 0.25, 0.78),
    arcLine(darken(paint, 0.25), rear, radius + 0.04, 0.3, 0.85),
    // seat and tail
    polygon(
      build.seat,
      [seat[0] - 0.42, seatBottom + (sport ? 0.14 : 0.06), 0.04],
      [seat[0] - 0.4, seat[1] + (sport ? 0.1 : 0.03), 0.05],
      [seat[0] + 0.05, seat[1] - 0.02, 0.08],
      [seat[0] + 0.3, seat[1], 0.05],
      [seat[0] + 0.3, seatBottom, 0.04],
    ),
    polygon(
      paint,
      [seat[0] - 0.46, seat[1] + (sport ? 0.06 : -0.04), 0.05],
      [seat[0] + 0.1, seatBottom + 0.02, 0.04],
      [seat[0] + 0.05, seatBottom - 0.12, 0.05],
      [seat[0] - 0.28, seatBottom - 0.02, 0.06],
    ),
    // tank
    polygon(
      paint,
      [seat[0] + 0.22, seatBottom, 0.05],
      [seat[0] + 0.26, seat[1] + 0.1, 0.1],
      [head[0] - 0.14, seat[1] + 0.14, 0.12],
      [head[0] - 0.02, seatBottom + 0.1, 0.06],
      [head[0] - 0.08, seatBottom - 0.02, 0.06],
    ),
    line(lighten(paint, 0.45), 0.035, [seat[0] + 0.34, seat[1] + 0.05], [head[0] - 0.16, seat[1] + 0.08]),
  ];
  if (sport) shapes.push(...fairing(paint, head));
  shapes.push(
    line(darken(steel, 0.6), 0.045, head, grip, [grip[0] - 0.08, grip[1] - 0.01]),
    line(darken(steel, 0.6), 0.02, grip, [grip[0] + 0.04, grip[1] + 0.14]),
    ellipse(darken(paint, 0.3), grip[0] + 0.05, grip[1] + 0.16, 0.05, 0.035),
    glowingIf(
      lamps,
      ellipse(headlamp, head[0] + (sport ? 0.2 : 0.12), head[1] - (sport ? 0.1 : 0.02), 0.085),
    ),
    glowingIf(lamps, block(tailLamp, seat[0] - 0.5, seat[1] - 0.06, seat[0] - 0.4, seat[1] + 0.01, 0.02)),
  );
  if (build.topCase) shapes.push(topCase(build.seat, seat[0] - 0.36, seat[1] + 0.04));
  return shapes;
}

function fairing(paint: Rgb, [x, y]: Point): Shape[] {
  return [
    polygon(
      paint,
      [x - 0.32, 0.36, 0.08],
      [x - 0.26, y - 0.16, 0.05],
      [x - 0.02, y + 0.04, 0.06],
      [x + 0.3, y - 0.14, 0.1],
      [x + 0.12, y - 0.3, 0.08],
      [x - 0.02, 0.38, 0.08],
    ),
    polygon(
      mix(glass, white, 0.35),
      [x - 0.02, y + 0.02],
      [x + 0.06, y + 0.2, 0.03],
      [x + 0.24, y - 0.1, 0.03],
    ),
    line(mix(white, paint, 0.2), 0.05, [x - 0.2, 0.48], [x + 0.06, y - 0.18]),
  ];
}

function scooter(build: MotorcycleBuild, frame: Frame, lamps: boolean): Shape[] {
  const { paint } = build;
  const { rear, front, radius, grip, seat } = frame;
  const shapes: Shape[] = [
    ...wheel(rear, radius),
    ...wheel(front, radius),
    line(steel, 0.07, [-0.3, 0.2], [-0.72, 0.24]),
    line(lighten(steel, 0.1), 0.05, front, [grip[0] + 0.08, 0.7]),
    polygon(
      paint,
      [-0.86, 0.56, 0.1],
      [-0.74, 0.74, 0.1],
      [0.0, 0.76, 0.06],
      [0.06, 0.38, 0.08],
      [0.3, 0.34, 0.05],
      [0.36, 0.24, 0.05],
      [-0.3, 0.22, 0.06],
      [-0.4, 0.46, 0.12],
    ),
    polygon(
      paint,
      [0.22, 0.26, 0.04],
      [0.36, 0.98, 0.05],
      [0.5, 0.96, 0.06],
      [0.56, 0.6, 0.1],
      [0.42, 0.28, 0.06],
    ),
    arcLine(darken(paint, 0.12), front, radius + 0.03, 0.15, 0.8),
    line(lighten(paint, 0.45), 0.03, [-0.66, 0.64], [-0.1, 0.68]),
    line(mix(white, paint, 0.3), 0.03, [0.31, 0.4], [0.4, 0.9]),
    polygon(
      build.seat,
      [-0.76, 0.72, 0.04],
      [-0.7, seat[1], 0.06],
      [0.02, seat[1] - 0.02, 0.06],
      [0.02, 0.73, 0.03],
    ),
    line(darken(steel, 0.6), 0.045, [0.43, 0.95], grip, [grip[0] - 0.1, grip[1] + 0.01]),
    line(darken(steel, 0.6), 0.02, grip, [grip[0] + 0.02, grip[1] + 0.16]),
    ellipse(darken(paint, 0.3), grip[0] + 0.02, grip[1] + 0.18, 0.05, 0.04),
    glowingIf(lamps, ellipse(headlamp, 0.5, 0.88, 0.07, 0.085)),
    glowingIf(lamps, block(tailLamp, -0.88, 0.58, -0.78, 0.66, 0.02)),
  ];
  if (build.topCase) shapes.push(topCase(paint, -0.66, seat[1]));
  return shapes;
}

function topCase(colour: Rgb, x: number, y: number): Shape {
  return block(lighten(colour, 0.12), x - 0.24, y, x + 0.1, y + 0.28, 0.05);
}

/** A line along a wheel's upper rim, from one share of the half circle to another (0 = front, 1 = back). */
function arcLine(colour: Rgb, [x, y]: Point, radius: number, start: number, end: number): Shape {
  const points = Array.from({ length: 7 }, (_, i): Point => {
    const angle = Math.PI * (start + ((end - start) * i) / 6);
    return [x + Math.cos(angle) * radius, y + Math.sin(angle) * radius];
  });
  return line(colour, 0.04, ...points);
}

function farLimbs({ trousers, jacket }: Rider, frame: Frame): Shape[] {
  const { knee, elbow, shoulder, hip } = joints(frame);
  return [
    line(darken(trousers, 0.35), 0.13, hip, knee, [frame.peg[0], frame.peg[1] + 0.06]),
    line(darken(jacket, 0.35), 0.1, shoulder, elbow, frame.grip),
  ];
}

function riderBody({ jacket, trousers, helmet }: Rider, frame: Frame): Shape[] {
  const { hip, shoulder, elbow, knee, head } = joints(frame);
  const { peg, grip } = frame;
  const visor = darken(glass, 0.3);
  const [hx, hy] = head;
  return [
    line(darken(trousers, 0.05), 0.17, hip, knee),
    line(darken(trousers, 0.05), 0.13, knee, [peg[0], peg[1] + 0.08]),
    line([34, 30, 30], 0.1, [peg[0] - 0.03, peg[1] + 0.02], [peg[0] + 0.14, peg[1] + 0.01]),
    line(jacket, 0.26, [hip[0] + 0.01, hip[1] + 0.06], [shoulder[0] - 0.04, shoulder[1] - 0.06]),
    line(skins[2], 0.1, [shoulder[0], shoulder[1]], [hx - 0.01, hy - 0.06]),
    ellipse(helmet, hx, hy, 0.15, 0.16),
    polygon(
      visor,
      [hx + 0.02, hy - 0.06, 0.02],
      [hx + 0.02, hy + 0.07, 0.03],
      [hx + 0.14, hy + 0.06, 0.03],
      [hx + 0.145, hy - 0.05, 0.03],
    ),
    line(lighten(helmet, 0.45), 0.03, [hx - 0.07, hy + 0.08], [hx + 0.01, hy + 0.12]),
    line(darken(jacket, 0.12), 0.11, shoulder, elbow),
    line(darken(jacket, 0.12), 0.09, elbow, [grip[0] - 0.04, grip[1]]),
    ellipse([40, 36, 36], grip[0] - 0.03, grip[1], 0.055),
  ];
}

interface RiderJoints {
  hip: Point;
  shoulder: Point;
  elbow: Point;
  knee: Point;
  head: Point;
}

function joints({ seat, grip, peg, lean }: Frame): RiderJoints {
  const hip: Point = [seat[0], seat[1] + 0.06];
  const shoulder: Point = [hip[0] + lean, hip[1] + Math.sqrt(0.5 ** 2 - lean ** 2)];
  const elbow: Point = [(shoulder[0] + grip[0]) / 2 - 0.02, (shoulder[1] + grip[1]) / 2 - 0.1];
  const knee: Point = [
    Math.max(hip[0], peg[0]) + 0.3 - Math.max(0, peg[0]) * 0.6,
    (hip[1] + peg[1]) / 2 + 0.14,
  ];
  return { hip, shoulder, elbow, knee, head: [shoulder[0] + 0.06 + lean * 0.25, shoulder[1] + 0.21] };
}
