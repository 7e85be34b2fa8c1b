import type { Random } from "../../core/index.ts";
import type { Rgb } from "../../image/index.ts";
import type { Facing, Figure } from "./figure.ts";
import { motorcycleEnd } from "./motorcycle-end.ts";
import { motorcycleSide } from "./motorcycle-side.ts";
import { bottoms, paints, tops, vary } from "./palette.ts";

/** A motorcycle's kind and colours, and its rider's. */
export interface MotorcycleBuild {
  type: "naked" | "sport" | "cruiser" | "scooter";
  paint: Rgb;
  seat: Rgb;
  topCase: boolean;
  rider: Rider | null;
}

/** The rider of a motorcycle. */
export interface Rider {
  jacket: Rgb;
  trousers: Rgb;
  helmet: Rgb;
}

/** Draws a motorcycle; its rider, if it has one, belongs to it, and so to its box. */
export function drawMotorcycle(random: Random, facing: Facing, lamps: boolean, ridden: boolean): Figure {
  const build: MotorcycleBuild = {
    type: random.pick(["naked", "naked", "sport", "cruiser", "scooter"]),
    paint: vary(random.pick(paints), random, 10),
    seat: random.pick([
      [38, 34, 34],
      [70, 46, 34],
    ]),
    topCase: random.chance(0.2),
    rider: ridden
      ? {
          jacket: vary(random.pick(tops), random, 12),
          trousers: vary(random.pick(bottoms), random, 12),
          helmet: vary(random.pick(paints), random, 12),
        }
      : null,
  };
  return facing === "side" ? motorcycleSide(build, lamps) : motorcycleEnd(build, facing, lamps);
}
