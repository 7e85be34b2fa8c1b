import type { Random } from "../../core/index.ts";
import type { Rgb } from "../../image/index.ts";
import type { Facing, Figure } from "./figure.ts";
import { bottoms, hairs, shoes, skins, tops, vary } from "./palette.ts";
import { pedestrianFront } from "./pedestrian-front.ts";
import { pedestrianSide } from "./pedestrian-side.ts";

/** What a pedestrian looks like, whatever the view. */
export interface Look {
  /** Metres without hat. */
  height: number;
  /** Girth, 1 = average. */
  girth: number;
  skin: Rgb;
  hair: Rgb;
  top: Rgb;
  bottom: Rgb;
  shoe: Rgb;
  accent: Rgb;
  haircut: "short" | "long" | "bun" | "bald";
  hat: "none" | "cap" | "beanie" | "brim";
  /** What covers the hips and legs. */
  lower: "trousers" | "shorts" | "skirt" | "dress" | "coat";
  sleeves: "long" | "short";
  bag: "none" | "backpack" | "handbag" | "case";
}

/** Draws a pedestrian; a bag that is carried and a hat that is worn belong to it, and so to its box. */
export function drawPedestrian(random: Random, facing: Facing): Figure {
  const look = drawLook(random);
  const phase = random.uniform(0, 2 * Math.PI);
  const stride = random.chance(0.25) ? random.uniform(0, 0.08) : random.uniform(0.25, 0.5);
  return facing === "side"
    ? pedestrianSide(look, phase, stride)
    : pedestrianFront(look, phase, stride, facing === "away");
}

function drawLook(random: Random): Look {
  const child = random.chance(0.12);
  return {
    height: child ? random.uniform(1.05, 1.4) : random.uniform(1.55, 1.92),
    girth: random.uniform(0.88, 1.22),
    skin: vary(random.pick(skins), random, 6),
    hair: vary(random.pick(hairs), random, 8),
    top: vary(random.pick(tops), random, 12),
    bottom: vary(random.pick(bottoms), random, 12),
    shoe: random.pick(shoes),
    accent: vary(random.pick(tops), random, 12),
    haircut: random.pick(["short", "short", "long", "long", "bun", "bald"]),
    hat: random.pick(["none", "none", "none", "none", "cap", "beanie", "brim"]),
    lower: random.pick(["trousers", "trousers", "trousers", "shorts", "skirt", "dress", "coat"]),
    sleeves: random.pick(["long", "short"]),
    bag: random.pick(["none", "none", "none", "backpack", "handbag", "case"]),
  };
}
