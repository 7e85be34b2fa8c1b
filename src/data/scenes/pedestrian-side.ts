import type { Rgb } from "../../image/index.ts";
import { ellipse, line, polygon } from "./brush.ts";
import type { Figure } from "./figure.ts";
import { darken, lighten } from "./palette.ts";
import type { Look } from "./pedestrian.ts";
import type { Point, Shape } from "./shape.ts";

/** A pedestrian who walks to the right; `phase` is the place in the gait's cycle, `stride` its swing in radians. */
export function pedestrianSide(look: Look, phase: number, stride: number): Figure {
  const h = look.height;
  const g = look.girth;
  const near = legJoints(phase, stride);
  const far = legJoints(phase + Math.PI, stride);
  // The gait's lower foot stands on the ground.
  const sole = Math.min(near.ankle[1], far.ankle[1]) - footWidth / 2;
  const scale = ([x, y]: Point): Point => [x * h, (y - sole) * h];
  const at = (x: number, y: number): Point => scale([x, y]);
  const wide = (x: number, y: number, rounding = 0): readonly [number, number, number] => {
    const [px, py] = at(x * g, y);
    return [px, py, rounding * h];
  };

  const leg = ({ knee, ankle, toe }: Joints, shade: number): Shape[] => {
    const cloth = darken(look.bottom, shade);
    const skin = darken(look.skin, shade);
    const covered = look.lower === "trousers" || look.lower === "coat";
    const shin = line(covered ? cloth : skin, (covered ? 0.062 : 0.045) * h * g, scale(knee), scale(ankle));
    const thighColour = covered || look.lower === "shorts" ? cloth : skin;
    const thigh = line(thighColour, 0.085 * h * g, scale(hip), scale(knee));
    const foot = line(darken(look.shoe, shade), footWidth * h, scale(ankle), scale(toe));
    return [foot, shin, thigh];
  };

  const arm = (armPhase: number, shade: number): Shape[] => {
    const swing = Math.sin(armPhase) * stride * 0.9;
    const elbow = reach(shoulder, swing, 0.165);
    const hand = reach(elbow, swing + 0.2 + stride * 0.5, 0.15);
    const sleeve = darken(look.top, shade);
    const bare = look.sleeves === "short" && look.lower !== "coat";
    return [
      line(bare ? darken(look.skin, shade) : sleeve, 0.042 * h, scale(elbow), scale(hand)),
      ellipse(darken(look.skin, shade), ...scale(hand), 0.024 * h),
      line(sleeve, 0.056 * h, scale(shoulder), scale(elbow)),
    ];
  };

  const torso: Shape[] = [
    polygon(
      look.top,
      wide(-0.06, 0.49, 0.02),
      wide(-0.085, 0.76, 0.05),
      wide(-0.035, 0.845, 0.03),
      wide(0.035, 0.845, 0.03),
      wide(0.08, 0.74, 0.06),
      wide(0.065, 0.49, 0.02),
    ),
  ];
  const flare = 0.02 + stride * 0.14;
  if (look.lower === "skirt" || look.lower === "dress")
    torso.unshift(
      polygon(
        look.lower === "dress" ? look.top : look.bottom,
        wide(-0.06, 0.56, 0.02),
        wide(0.06, 0.56, 0.02),
        wide(0.085 + flare, 0.32, 0.015),
        wide(-0.085 - flare, 0.32, 0.015),
      ),
    );
  if (look.lower === "coat")
    torso.unshift(
      polygon(
        look.top,
        wide(-0.07, 0.6),
        wide(0.07, 0.6),
        wide(0.08 + flare * 0.7, 0.33, 0.01),
        wide(-0.08 - flare * 0.7, 0.33, 0.01),
      ),
    );

  return [
    ...arm(phase, 0.28),
    ...leg(far, 0.28),
    ...leg(near, 0),
    ...torso,
    ...(look.bag === "backpack" ? backpack(look, at, g) : []),
    line(darken(look.skin, 0.12), 0.05 * h, at(0.0, 0.83), at(0.005, 0.88)),
    ...headSide(look, at),
    ...arm(phase + Math.PI, 0.1),
    ...(look.bag === "handbag" ? handbag(look, at) : []),
    ...(look.bag === "case" ? briefcase(look, scale, phase, stride) : []),
  ];
}

interface Joints {
  knee: Point;
  ankle: Point;
  toe: Point;
}

const hip: Point = [0, 0.5];
const shoulder: Point = [-0.005, 0.795];
const footWidth = 0.04;

/** A point at `length` from another, swung forwards by `angle` from hanging down. */
function reach([x, y]: Point, angle: number, length: number): Point {
  return [x + Math.sin(angle) * length, y - Math.cos(angle) * length];
}

/** A leg's joints in body heights: the thigh swings, the knee bends while the leg comes forwards. */
function legJoints(phase: number, stride: number): Joints {
  const swing = Math.sin(phase) * stride;
  const bend = Math.max(0, Math.cos(phase)) * stride * 1.4 + 0.04;
  const knee = reach(hip, swing, 0.235);
  const ankle = reach(knee, swing - bend, 0.235);
  const tilt = Math.min(0.5, Math.max(-0.6, swing - bend)) * 0.8;
  const toe: Point = [
    ankle[0] + Math.cos(tilt) * 0.085,
    Math.max(ankle[1], ankle[1] + Math.sin(tilt) * 0.085),
  ];
  return { knee, ankle, toe };
}

type At = (x: number, y: number) => Point;

function headSide(look: Look, at: At): Shape[] {
  const h = look.height;
  const [x, y] = at(0.012, 0.925);
  const shapes: Shape[] = [];
  if (look.haircut === "long")
    shapes.push(
      polygon(
        look.hair,
        [...at(-0.06, 0.95), 0.03 * h],
        [...at(0.02, 0.97), 0.02 * h],
        [...at(0.0, 0.79), 0.02 * h],
        [...at(-0.075, 0.8), 0.03 * h],
      ),
    );
  if (look.haircut === "bun") shapes.push(ellipse(look.hair, ...at(-0.065, 0.965), 0.03 * h));
  if (look.haircut !== "bald") shapes.push(ellipse(look.hair, ...at(-0.006, 0.938), 0.061 * h, 0.062 * h));
  shapes.push(ellipse(look.skin, x, y, 0.052 * h, 0.066 * h));
  shapes.push(ellipse(look.skin, x + 0.05 * h, y - 0.006 * h, 0.014 * h));
  if (look.haircut !== "bald" && look.hat === "none")
    shapes.push(
      polygon(
        look.hair,
        [...at(-0.066, 0.93), 0.02 * h],
        [...at(-0.06, 1.005), 0.06 * h],
        [...at(0.05, 1.008), 0.04 * h],
        [...at(0.06, 0.955), 0.01 * h],
        [...at(0.0, 0.962), 0.02 * h],
        [...at(-0.015, 0.9), 0.02 * h],
      ),
    );
  shapes.push(ellipse(darken(look.skin, 0.75), x + 0.032 * h, y + 0.008 * h, 0.0065 * h, 0.009 * h));
  return [...shapes, ...hatSide(look, at)];
}

function hatSide(look: Look, at: At): Shape[] {
  const h = look.height;
  const crown = (top: number): Shape =>
    polygon(
      look.accent,
      [...at(-0.06, 0.945), 0.01 * h],
      [...at(-0.055, top), 0.05 * h],
      [...at(0.055, top), 0.05 * h],
      [...at(0.066, 0.945), 0.01 * h],
    );
  switch (look.hat) {
    case "none":
      return [];
    case "cap":
      return [crown(1.015), line(darken(look.accent, 0.25), 0.018 * h, at(0.03, 0.953), at(0.12, 0.948))];
    case "beanie":
      return [crown(1.035), line(lighten(look.accent, 0.25), 0.026 * h, at(-0.05, 0.955), at(0.054, 0.955))];
    case "brim":
      return [crown(1.02), line(darken(look.accent, 0.25), 0.018 * h, at(-0.11, 0.953), at(0.115, 0.953))];
  }
}

function backpack(look: Look, at: At, girth: number): Shape[] {
  const h = look.height;
  const pack = (colour: Rgb, bottom: number, top: number, back: number): Shape =>
    polygon(
      colour,
      [...at(-0.06 * girth, bottom), 0.01 * h],
      [...at(back * girth, bottom), 0.03 * h],
      [...at(back * girth, top), 0.05 * h],
      [...at(-0.06 * girth, top), 0.02 * h],
    );
  return [
    pack(look.accent, 0.57, 0.82, -0.175),
    pack(darken(look.accent, 0.25), 0.59, 0.69, -0.16),
    line(darken(look.accent, 0.35), 0.02 * h, at(-0.05, 0.82), at(0.03, 0.74), at(-0.03, 0.62)),
  ];
}

function handbag(look: Look, at: At): Shape[] {
  const h = look.height;
  return [
    line(darken(look.accent, 0.35), 0.014 * h, at(0.0, 0.83), at(-0.045, 0.56)),
    polygon(
      look.accent,
      [...at(-0.11, 0.44), 0.015 * h],
      [...at(-0.1, 0.555), 0.02 * h],
      [...at(0.02, 0.555), 0.02 * h],
      [...at(0.03, 0.44), 0.015 * h],
    ),
    line(darken(look.accent, 0.3), 0.012 * h, at(-0.09, 0.525), at(0.01, 0.525)),
  ];
}

function briefcase(look: Look, scale: (point: Point) => Point, phase: number, stride: number): Shape[] {
  const h = look.height;
  const swing = Math.sin(phase + Math.PI) * stride * 0.9;
  const hand = reach(reach(shoulder, swing, 0.165), swing + 0.2 + stride * 0.5, 0.15);
  const [x, y] = scale(hand);
  const [left, right, top, bottom] = [x - 0.1 * h, x + 0.1 * h, y - 0.025 * h, y - 0.165 * h];
  return [
    polygon(
      look.accent,
      [left, bottom, 0.015 * h],
      [left, top, 0.015 * h],
      [right, top, 0.015 * h],
      [right, bottom, 0.015 * h],
    ),
    line(
      darken(look.accent, 0.35),
      0.012 * h,
      [left + 0.01 * h, y - 0.07 * h],
      [right - 0.01 * h, y - 0.07 * h],
    ),
  ];
}
